"""Names of companies made comparable: two ways to write one company have one key.

"上海宏图机械有限公司", "上海市宏圖機械股份有限公司" and "宏图机械(上海)有限公司" are the same; another city, a branch
(分公司) and a name of which hardly anything would be left are not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from .text import normal

_HERE = Path(__file__).parent


def _lines(name: str) -> list[str]:
    return (_HERE / name).read_text(encoding="utf-8").splitlines()


_PLACES = [line.split() for line in _lines("places.txt")]
SIMPLIFIED = str.maketrans(*_lines("simplified.txt"))  # tools/simplified.py
TRADITIONAL = frozenset(map(chr, SIMPLIFIED))

PROVINCES = frozenset(line[0] for line in _PLACES)
PLACES = frozenset(place for line in _PLACES for place in line)
LEGAL_FORMS = re.compile(
    r"(?:(?:股份|集团|控股|有限责任|有限|无限|总)+|(?<![分子]))公司|股份(?!制)|集团$|株式会社|(?:特殊)?普通合伙|有限(?:责任)?合伙"
)
WESTERN_FORMS = re.compile(
    r"(?:(?:[\s,]+(?:and\s+)?|(?<![a-z]))(?:companies|company|co|ltd|limited|incorporated|inc|llc|llp|lp|plc|corp"
    r"|corporation|gmbh|ag|kg|pte|pty|sdn|bhd|bv|nv|sa|sas|sarl|srl|spa|ab|oy|kk|se|holdings?|group)(?![a-z]))+[\s,]*$"
)
IN_BRACKETS = re.compile(r"[(\[{<【〔《「『〈](.*?)[)\]}>】〕》」』〉]")
DIVISION = re.compile(r"^(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)(?![场政民集值内立区])")
DIVISIONS = frozenset("省市自壮回维特")
NOT_WORD = re.compile(r"[\W_]+")
BY_START = {place[:2]: [p for p in sorted(PLACES, key=len, reverse=True) if p[:2] == place[:2]] for place in PLACES}
LATIN = re.compile(r"[a-z]")
SHORTEST_CORE = 2
# A name of nothing but one of these would be everybody's: no place is moved in front of it.
GENERIC = frozenset(_lines("trades.txt"))


@lru_cache(maxsize=16_384)  # an import asks several times about the same row, when it checks and when it writes
def company_key(name: str) -> str:
    """A company's name without script, width, case, legal form, brackets and blanks, its place in front."""
    typed = plain = normal(name)
    if not TRADITIONAL.isdisjoint(plain):
        typed = plain = plain.translate(SIMPLIFIED)
    if not plain.isalpha():  # most names are: the rest is for the others
        typed = plain = plain.replace(".", "").replace("(集团)", "").replace("&", " and ")
    if LATIN.search(plain):
        typed = WESTERN_FORMS.sub("", plain)
    head = _without_division(_letters(typed))
    if not typed.isalpha() and not _first_place(head):
        said = [place for content in IN_BRACKETS.findall(typed) if (place := _place(content))]
        core = _letters(IN_BRACKETS.sub(lambda found: "" if _place(found[1]) else found[0], typed))
        if len(said) == 1 and len(core) >= SHORTEST_CORE and core not in GENERIC:
            return said[0] + core
    return head or NOT_WORD.sub("", plain)


def place_and_core(key: str) -> tuple[str, str]:
    """The place that a key begins with, if any, and what follows: its name proper and its trade."""
    place = _first_place(key)
    return (place, key[len(place) :]) if len(key) - len(place) >= SHORTEST_CORE else ("", key)


def _letters(name: str) -> str:
    return LEGAL_FORMS.sub("", name if name.isalpha() else NOT_WORD.sub("", name))


def _place(text: str) -> str:
    """The place that a text is the name of, and nothing else; else empty."""
    plain = _without_division(NOT_WORD.sub("", text))
    return plain if plain in PLACES else ""


def _without_division(name: str) -> str:
    """江苏省南京市宏图 → 南京宏图: of several places in front the last, the smallest, stays."""
    place = _first_place(name)
    while place:
        rest = name[len(place) :]
        if rest[:1] in DIVISIONS:
            rest = DIVISION.sub("", rest, count=1)
        below = _first_place(rest) if place in PROVINCES else ""
        if not below:
            return place + rest
        name, place = rest, below
    return name


def _first_place(name: str) -> str:
    return next(filter(name.startswith, BY_START.get(name[:2], ())), "")
