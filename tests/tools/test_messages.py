"""A text that some reader would see in the wrong language fails the check."""

from pathlib import Path

import polib
import pytest

from tools.messages import PLURALS, Text, borrowed, collect, faults, foreign, refresh, traditional
from tools.untranslated import unmarked

FOUND = {Text(None, "客户", None): ["a.py"], Text(None, "%(name)s 的客户", None): ["a.py"]}


def english(**translations: str) -> polib.POFile:
    """A catalogue with the two texts of FOUND, faultless unless told otherwise."""
    written = polib.POFile()
    for text, default in {"客户": "Customer", "%(name)s 的客户": "Customers of %(name)s"}.items():
        written.append(polib.POEntry(msgid=text, msgstr=translations.get(text, default)))
    return written


def test_a_complete_catalogue_has_no_fault() -> None:
    assert list(faults("en", FOUND, english())) == []


@pytest.mark.parametrize(
    ("text", "translation", "complaint"),
    [("客户", "", "no translation"), ("%(name)s 的客户", "Customers of %(nam)s", "different placeholders")],
)
def test_an_empty_or_broken_translation_is_found(text: str, translation: str, complaint: str) -> None:
    [fault] = faults("en", FOUND, english(**{text: translation}))
    assert complaint in fault


def test_a_missing_translation_is_found() -> None:
    [fault] = faults("en", {**FOUND, Text(None, "订单", None): ["b.html"]}, english())
    assert "no translation of '订单' (b.html)" in fault


def test_a_left_over_translation_is_found() -> None:
    [fault] = faults("en", {Text(None, "客户", None): ["a.py"]}, english())
    assert "no longer in the source" in fault


def test_a_fuzzy_translation_is_found() -> None:
    written = english()
    written[0].flags.append("fuzzy")
    [fault] = faults("en", FOUND, written)
    assert "fuzzy" in fault


def test_a_traditional_text_changed_by_hand_is_found() -> None:
    written = refresh("zh_Hant", FOUND, polib.POFile())
    assert list(faults("zh_Hant", FOUND, written)) == []
    written[0].msgstr += "!"
    assert "make messages" in next(faults("zh_Hant", FOUND, written))


def test_what_a_library_says_is_said_in_our_words_in_all_languages() -> None:
    text = Text(None, "Authenticator App", None)
    found = {text: borrowed()[text]}
    said = {locale: refresh(locale, found, polib.POFile())[0].msgstr for locale in PLURALS}
    assert said == {"zh_Hans": "手机验证器", "zh_Hant": "手機驗證器", "en": "Authenticator app"}


def test_updating_keeps_translations_and_drops_what_is_gone() -> None:
    found = {Text(None, "客户", None): ["a.py"], Text(None, "%d 条", "%d 条"): ["a.py"]}
    fresh = {entry.msgid: entry for entry in refresh("en", found, english())}
    assert set(fresh) == {"客户", "%d 条"}
    assert fresh["客户"].msgstr == "Customer"
    assert fresh["%d 条"].msgstr_plural == {0: "", 1: ""}


@pytest.mark.parametrize(
    ("simplified", "expected"),
    [
        ("审批通过", "簽核通過"),
        ("项目已发布", "項目已發布"),
        ("本周报价单", "本週報價單"),
        ("应收账款周转天数", "應收帳款週轉天數"),
        ("周围的客户", "周圍的客戶"),
        ("%(name)s 的联系人", "%(name)s 的聯絡人"),
    ],
)
def test_traditional_uses_our_own_words(simplified: str, expected: str) -> None:
    assert traditional(simplified) == expected


def test_texts_are_collected_from_code_and_templates(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('from x import gettext as _\nprint(_("客户"), ngettext("%d 条", "%d 条", 2))\n')
    (tmp_path / "b.html").write_text(
        "{% translate '客户' %}{% blocktranslate trimmed %}共 {{ n }} 条{% endblocktranslate %}"
    )
    assert {text.text: len(files) for text, files in collect(tmp_path).items()} == {
        "客户": 2,
        "%d 条": 1,
        "共 %(n)s 条": 1,
    }


def test_a_source_text_in_another_language_is_found() -> None:
    assert "no Chinese text" in next(foreign({Text(None, "Save", None): ["a.html"]}))


@pytest.mark.parametrize(
    ("name", "content", "lines"),
    [
        ("a.html", "<p>客户</p>\n{# 客户 #}\n<p>{% translate '客户' %}</p>", [1]),
        ("a.html", "{% comment %}\n客户{% endcomment %}\n{% button label='客户' %}{% button label=_('客户') %}", [3]),
        ("a.html", "{% blocktranslate %}\n客户\n{% endblocktranslate %}\n<p title='客户'>", [4]),
        ("a.py", '"""客户"""\nx = _("客户")\ny = "客户"\nraise RuleBroken(f"客户 {x}")\n', [3, 4]),
    ],
)
def test_chinese_that_is_not_marked_is_found(tmp_path: Path, name: str, content: str, lines: list[int]) -> None:
    file = tmp_path / name
    file.write_text(content)
    assert [int(fault.split(":")[1]) for fault in unmarked(file, tmp_path)] == lines
