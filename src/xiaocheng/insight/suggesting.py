"""What is suggested for a customer by its class, loyalty and potential, as the company's rules say. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db.models import Q

from .worth import BOTTOM, MIDDLE, TOP

COURT, KEEP, DROP = "court", "keep", "drop"
HIGH, MEDIUM, LOW = "high", "medium", "low"  # of loyalty and of potential
_TRAITS: dict[tuple[str, str | bool], tuple[str, ...]] = {
    ("klass", TOP): ("顶层", "頂層", "top"),
    ("klass", MIDDLE): ("中层", "中層", "middle"),
    ("klass", BOTTOM): ("底层", "底層", "bottom"),
    ("klass", ""): ("没有购买", "沒有購買", "no purchases"),
    ("loyalty", HIGH): ("高忠诚", "高忠誠", "high loyalty"),
    ("loyalty", MEDIUM): ("中忠诚", "中忠誠", "medium loyalty"),
    ("loyalty", LOW): ("低忠诚", "低忠誠", "low loyalty"),
    ("potential", HIGH): ("高潜力", "高潛力", "high potential"),
    ("potential", MEDIUM): ("中潜力", "中潛力", "medium potential"),
    ("potential", LOW): ("低潜力", "低潛力", "low potential"),
    ("price_led", True): ("价格导向", "價格導向", "price-led"),
}
_TRAIT_OF = {word: trait for trait, words in _TRAITS.items() for word in words}
COLUMNS = {"klass": "klass", "loyalty": "loyalty", "potential": "customer__potential", "price_led": "is_price_led"}

USUAL_COURT = "高潜力, 顶层+中忠诚, 顶层+低忠诚"
USUAL_DROP = "底层+低忠诚, 底层+低潜力, 底层+价格导向"

Case = Mapping[str, str | bool]


class Traits(NamedTuple):
    """By what customers are told apart; an empty text is what is not known."""

    klass: str = ""
    loyalty: str = ""
    potential: str = ""
    price_led: bool = False


def cases(text: str) -> list[Case]:
    """The cases that a rule names: "高潜力, 顶层+低忠诚"; ValueError for anything else."""
    found: list[Case] = []
    for part in re.split("[,、\uff0c;\uff1b]", text) if text.strip() else []:
        traits = [_TRAIT_OF.get(" ".join(word.split()).lower()) for word in re.split("[+\uff0b]", part)]
        if None in traits or len({trait[0] for trait in traits if trait}) < len(traits):
            raise ValueError(part)
        found.append(dict(trait for trait in traits if trait))
    return found


def suggestion(traits: Traits, court: Sequence[Case], drop: Sequence[Case]) -> str:
    """What is suggested: to court comes before to drop; whoever bought something is else kept."""
    for code, named in ((COURT, court), (DROP, drop)):
        if any(all(getattr(traits, name) == value for name, value in case.items()) for case in named):
            return code
    return KEEP if traits.klass else ""


def suggested(code: str, court: Sequence[Case], drop: Sequence[Case]) -> Q:
    """The same as a condition on the rows of customers' values; the empty code means that nothing is suggested."""
    to_court, to_drop = _any(court), _any(drop)
    rest = ~to_court & ~to_drop
    return {COURT: to_court, DROP: ~to_court & to_drop, KEEP: rest & ~Q(klass="")}.get(code, rest & Q(klass=""))


def _any(named: Sequence[Case]) -> Q:
    found = Q(pk__in=[])
    for case in named:
        found |= Q(**{COLUMNS[name]: value for name, value in case.items()})
    return found
