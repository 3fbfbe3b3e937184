"""Text as people type it, made comparable: width, case, spaces, pinyin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
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


def normal(text: str) -> str:
    """Full width to half width, lower case, one blank between words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class _Readings(dict[str, str]):
    """Characters to pinyin syllables, looked up once each; what is not Chinese or has no known reading is itself."""

    def __missing__(self, character: str) -> str:
        at = TABLE.find(character) if "\u3400" <= character <= "\u9fff" else -1
        self[character] = TABLE[TABLE.rindex("\n", 0, at) + 1 : TABLE.rindex(" ", 0, at)] if at > 0 else character
        return self[character]


READINGS = _Readings()


def syllables(text: str) -> list[str]:
    """The text as pinyin syllables and, where it is not Chinese, single characters."""
    return list(_read(normal(text)))


@lru_cache(maxsize=4096)  # a name is sorted by them and found by them
def _read(plain: str) -> tuple[str, ...]:
    read = list(map(READINGS.__getitem__, plain))
    for word in ANY_WORD.finditer(plain):
        read[word.start() : word.end()] = WORDS[word[0]]
    return tuple(read)


def similarity(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1: by pairs of neighbouring characters, or of their readings."""
    return max(_dice(one, other), _dice(syllables(one), syllables(other)) * 0.95)


def _dice(one: Sequence[str], other: Sequence[str]) -> float:
    """Twice the pairs that both have, of all pairs."""
    pairs = [set(pairwise(["", *text, ""])) for text in (one, other)]
    return 2 * len(pairs[0] & pairs[1]) / (len(pairs[0]) + len(pairs[1]))


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
