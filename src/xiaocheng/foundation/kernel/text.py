"""Text as people type it, made comparable: width, case, spaces, pinyin, phone digits, company names."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from pypinyin import Style, lazy_pinyin

# pypinyin reads these surnames as common words; as a first character of a person's name they are read so
SURNAMES = {
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "朴": "piao",
    "翟": "zhai",
    "查": "zha",
    "区": "ou",
    "盖": "ge",
    "单": "shan",
    "任": "ren",
}
LEGAL_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|集团有限公司|股份公司|有限公司|集团公司|公司|股份|"
    r"\bco\b|\bltd\b|\blimited\b|\binc\b|\bllc\b|\bcorp\b|\bcorporation\b|\bcompany\b|\bgmbh\b)"
)  # fmt: skip
BRACKETS = re.compile(r"[()\[\]{}<>【】〔〕《》「」『』]")
NEXT_PHONE = re.compile(r"[/;,、|#]|转|轉|分机|分機|ext\.?", re.IGNORECASE)
SHORTEST_PHONE = 5
PHONE_HOME = (  # a number with country code -> what is dialled at home before the rest
    (re.compile(r"(?:00)?86(1[3-9]\d{9}|[48]00\d{7})"), ""),
    (re.compile(r"(?:00)?86([1-9]\d{9,10})"), "0"),
    (re.compile(r"(?:00)?886([2-9]\d{7,8})"), "0"),
)
NOT_WORD = re.compile(r"[^\w]+")


def normal(text: str) -> str:
    """Full width to half width, lower case, one blank between words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def company_key(name: str) -> str:
    """A company's name without legal form, brackets, punctuation and blanks: equal keys are likely the same company."""
    plain = BRACKETS.sub("", normal(name).replace(".", ""))
    without_form = NOT_WORD.sub("", LEGAL_FORMS.sub("", plain))
    return without_form or NOT_WORD.sub("", plain)


def phone_digits(text: str) -> str:
    """The digits of the first phone number in a text, as dialled at home: 010…, 138…; country codes of China go.

    Extensions (转801, #123) and further numbers are left out; what a spreadsheet made of a number is undone.
    """
    digits = text if text.isascii() and text.isdigit() else _first_digits(unicodedata.normalize("NFKC", text))
    for code, home in PHONE_HOME:
        found = code.fullmatch(digits)
        if found:
            return home + found[1]
    return digits


def _first_digits(typed: str) -> str:
    number = typed.strip(" ='")
    if re.fullmatch(r"\d(\.\d+)?e\+?\d{1,2}", number, re.IGNORECASE):
        return str(int(Decimal(number)))
    runs = [re.sub(r"\D", "", part) for part in NEXT_PHONE.split(re.sub(r"(?<=\d)\.0+$", "", number))]
    return next((run for run in runs if len(run) >= SHORTEST_PHONE), runs[0])


class _Readings(dict[str, str]):
    """Characters to pinyin syllables, looked up once each; what is not Chinese or has no known reading is itself."""

    def __missing__(self, character: str) -> str:
        chinese = "\u3400" <= character <= "\u9fff"
        read = lazy_pinyin(character, style=Style.NORMAL, errors="ignore") if chinese else ()
        self[character] = read[0] if read else character
        return self[character]


READINGS = _Readings()


def syllables(text: str) -> list[str]:
    """The text as pinyin syllables and, where it is not Chinese, single characters."""
    return [READINGS[character] for character in normal(text)]


def sort_key(text: str) -> str:
    """Pinyin in full, for sorting Chinese the same way on every database."""
    return "".join(syllables(text))[:120]


def name_sort_key(name: str) -> str:
    """Like sort_key, for a person's name: the surname read as a surname."""
    first = SURNAMES.get(name[:1])
    return (first + sort_key(name[1:]))[:120] if first else sort_key(name)
