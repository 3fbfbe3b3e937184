"""Text as people type it, made comparable: width, case, spaces, pinyin, phone digits, company names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext

# one line a syllable: "ai 爱哀…", made by tools/readings.py
TABLE = f"\n{Path(__file__).with_name('readings.txt').read_text(encoding='utf-8')}"
# words in which a character is read otherwise than alone
WORDS = {
    word: reading.split()
    for reading, words in {
        "chong qing": "重庆", "chong xin": "重新", "chong fu": "重复", "chong zu": "重组", "chong yang": "重阳",
        "cheng zhang": "成长", "zeng zhang": "增长", "shi zhang": "市长", "dong shi zhang": "董事长",
        "yin hang": "银行", "hang ye": "行业", "shang hang": "商行", "che hang": "车行", "fen hang": "分行",
        "zhi hang": "支行", "zong hang": "总行", "yang hang": "洋行", "hang qing": "行情", "hang jia": "行家",
        "xia men": "厦门", "yin yue": "音乐", "yue qi": "乐器", "yue qing": "乐清", "yue dui": "乐队",
        "lao ting": "乐亭", "kuai ji": "会计", "diao cha": "调查", "diao yan": "调研", "diao du": "调度",
        "xi zang": "西藏", "zang yao": "藏药", "ren shen": "人参", "hai shen": "海参", "dang shen": "党参",
        "shen rong": "参茸", "mu ju": "模具", "mu ban": "模板", "ji shui": "给水", "ji pai shui": "给排水",
        "gong ji": "供给", "pan yu": "番禺", "xin zhuang": "莘庄", "shan xian": "单县", "lu an": "六安",
        "beng bu": "蚌埠", "yan shan": "铅山", "yu xian": "蔚县", "bi yang": "泌阳", "zong yang": "枞阳",
        "tan huang": "弹簧", "bo he": "薄荷", "bo mo": "薄膜", "zha gang": "轧钢", "xu mu": "畜牧",
    }.items()
    for word in words.split()
}  # fmt: skip
ANY_WORD = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))
# these surnames are common words elsewhere; as a first character of a person's name they are read so
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
LEGAL_FORMS = re.compile(r"股份有限公司|有限责任公司|集团有限公司|股份公司|有限公司|集团公司|公司|股份")
WESTERN_FORMS = re.compile(r"\b(co|ltd|limited|inc|llc|corp|corporation|company|gmbh)\b")
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
    without_form = NOT_WORD.sub("", WESTERN_FORMS.sub("", LEGAL_FORMS.sub("", plain)))
    return without_form or NOT_WORD.sub("", plain)


def phone_digits(text: str) -> str:
    """The digits of the first phone number in a text, as dialled at home: 010…, 138…; country codes of China go.

    Extensions (转801, #123) and further numbers are left out; what a spreadsheet made of a number is undone.
    """
    digits = text if text.isascii() and text.isdigit() else _first_digits(unicodedata.normalize("NFKC", text))
    if digits.startswith(("86", "886", "00")):
        for code, home in PHONE_HOME:
            if found := code.fullmatch(digits):
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
        at = TABLE.find(character) if "\u3400" <= character <= "\u9fff" else -1
        self[character] = TABLE[TABLE.rindex("\n", 0, at) + 1 : TABLE.rindex(" ", 0, at)] if at > 0 else character
        return self[character]


READINGS = _Readings()


def syllables(text: str) -> list[str]:
    """The text as pinyin syllables and, where it is not Chinese, single characters."""
    plain = normal(text)
    read = list(map(READINGS.__getitem__, plain))
    for word in ANY_WORD.finditer(plain):
        read[word.start() : word.end()] = WORDS[word[0]]
    return read


def sort_key(text: str) -> str:
    """Pinyin in full, for sorting Chinese the same way on every database."""
    return "".join(syllables(text))[:120]


def name_sort_key(name: str) -> str:
    """Like sort_key, for a person's name: the surname read as a surname."""
    first = SURNAMES.get(name[:1])
    return (first + sort_key(name[1:]))[:120] if first else sort_key(name)


def listed(words: Iterable[object]) -> str:
    """Words one after the other, with the comma of the reader's language between them."""
    return gettext("、").join(map(str, words))
