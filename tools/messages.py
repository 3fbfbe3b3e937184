"""The message catalogues, without GNU gettext: `python -m tools.messages` updates them, `--check` only looks.

Source texts are Simplified Chinese, typed with the keyboard's half-width marks. Both Chinese catalogues are generated:
Simplified by setting the punctuation, Traditional also by OpenCC and the company's words in tools/zh_hant.toml. English
is written by hand in its catalogue. What libraries say stands in tools/library.toml. The build hook compiles them.
"""

import argparse
import io
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import opencc
import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

from tools.library import FILE, chinese, said
from tools.typeset import typeset
from tools.untranslated import CHINESE, unmarked

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "xiaocheng"
LOCALE = SOURCE / "locale"
PLURALS = {"zh_Hans": "nplurals=1; plural=0;", "zh_Hant": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Text(NamedTuple):
    """One text of the source: its context, itself, and its plural where it has one."""

    context: str | None
    text: str
    plural: str | None


def sources(root: Path = SOURCE) -> Iterator[Path]:
    """Give every file that may hold a text."""
    for path in sorted(root.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and not {"migrations", "static", "locale"} & set(path.parts):
            yield path


def collect(root: Path = SOURCE) -> dict[Text, list[str]]:
    """Return every text with the files that use it."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    found: dict[Text, list[str]] = {}
    for path in sources(root):
        content = path.read_text()
        if path.suffix != ".py":
            content = templatize(content, origin=str(path))
        for _, message, _, context in extract("python", io.BytesIO(content.encode()), KEYWORDS):
            text, plural = message if isinstance(message, tuple) else (message, None)
            files = found.setdefault(Text(context, text, plural), [])
            if (name := path.relative_to(root.parent).as_posix()) not in files:
                files.append(name)
    return found


def borrowed() -> dict[Text, list[str]]:
    """Return the texts of libraries that we say in our own words."""
    return {Text(None, text, words.plural): [f"tools/{FILE.name}"] for text, words in said().items()}


def refresh(locale: str, found: dict[Text, list[str]], written: polib.POFile) -> polib.POFile:
    """Return the catalogue as it should be: every text of the source, none that is gone, kept translations."""
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": locale,
        "Plural-Forms": PLURALS[locale],
    }
    known = {Text(entry.msgctxt, entry.msgid, entry.msgid_plural or None): entry for entry in written}
    for text in sorted(found, key=lambda text: (text.text, text.context or "")):
        fresh.append(_entry(locale, text, found[text], known.get(text)))
    return fresh


def _entry(locale: str, text: Text, files: list[str], old: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=text.text, msgctxt=text.context, occurrences=[(name, "") for name in sorted(files)])
    if text.plural:
        entry.msgid_plural = text.plural
    if generate := GENERATED.get(locale):
        if text.plural:
            entry.msgstr_plural = {0: generate(text.plural)}
        else:
            entry.msgstr = generate(text.text)
    elif theirs := said().get(text.text):
        entry.msgstr, entry.msgstr_plural = theirs.english, {}
        if text.plural:
            entry.msgstr, entry.msgstr_plural = "", {0: theirs.english, 1: theirs.several}
    elif text.plural:
        entry.msgstr_plural = dict(old.msgstr_plural) if old else {0: "", 1: ""}
    else:
        entry.msgstr = old.msgstr if old else ""
    if old and locale not in GENERATED:
        entry.flags, entry.tcomment = list(old.flags), old.tcomment
    return entry


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((ROOT / "tools" / "zh_hant.toml").read_text())


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2twp")


def traditional(text: str) -> str:
    """Return the text as Taiwan writes it; our own words win over the converter's."""
    if text in _words()["texts"]:
        return _words()["texts"][text]
    words = sorted(_words()["words"].items(), key=lambda pair: -len(pair[0]))
    for number, (word, _) in enumerate(words):
        text = text.replace(word, chr(0xE000 + number))  # private characters pass the converter unchanged
    text = _converter().convert(text)
    for number, (_, ours) in enumerate(words):
        text = text.replace(chr(0xE000 + number), ours)
    return text


GENERATED: dict[str, Callable[[str], str]] = {
    "zh_Hans": lambda text: typeset(chinese(text)),
    "zh_Hant": lambda text: typeset(traditional(chinese(text))),
}


def faults(locale: str, found: dict[Text, list[str]], written: polib.POFile) -> Iterator[str]:
    """Give a sentence for every entry that is missing, empty, fuzzy, left over or has other placeholders."""
    known = {Text(entry.msgctxt, entry.msgid, entry.msgid_plural or None): entry for entry in written}
    for text, files in found.items():
        entry = known.get(text)
        translations = _translations(entry) if entry else []
        if entry is None or entry.obsolete or not all(translations):
            yield f"{locale}: no translation of {text.text!r} ({files[0]})"
            continue
        if entry.fuzzy:
            yield f"{locale}: {text.text!r} is marked fuzzy"
        if any(not _placeholders_fit(text, translation) for translation in translations):
            yield f"{locale}: {text.text!r} and its translation have different placeholders"
        if (generate := GENERATED.get(locale)) and translations != [generate(text.plural or text.text)]:
            yield f"{locale}: {text.text!r} is not what `make messages` generates"
    for text in known:
        if text not in found:
            yield f"{locale}: {text.text!r} is no longer in the source"


def _translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _placeholders_fit(text: Text, translation: str) -> bool:
    wanted, given = sorted(PLACEHOLDER.findall(text.text)), sorted(PLACEHOLDER.findall(translation))
    return set(given) <= set(wanted) if text.plural else given == wanted


def foreign(found: dict[Text, list[str]]) -> Iterator[str]:
    """Give a sentence for every source text that is not Chinese."""
    for text, files in found.items():
        if not CHINESE.search(text.text) and re.search("[A-Za-z]", PLACEHOLDER.sub("", text.text)):
            yield f"{files[0]}: {text.text!r} is no Chinese text; the source language is Simplified Chinese"


def catalogue(locale: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return LOCALE / locale / "LC_MESSAGES" / "django.po"


def read(locale: str) -> polib.POFile:
    """Return the catalogue as it is written, or an empty one."""
    path = catalogue(locale)
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def main() -> int:
    """Update the catalogues and report what is still to be done; with --check change nothing and fail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    only_look = parser.parse_args().check
    found = collect()
    wrong = [*foreign(found), *(fault for path in sources() for fault in unmarked(path, SOURCE))]
    found |= borrowed()
    for locale in PLURALS:
        written = read(locale)
        if not only_look:
            written = refresh(locale, found, written)
            catalogue(locale).parent.mkdir(parents=True, exist_ok=True)
            written.save(str(catalogue(locale)))
        wrong += faults(locale, found, written)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{len(found)} texts, {len(wrong)} faults")
    return 1 if only_look and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
