"""The paths of closed deals: which are gone most often, how long they take, how they end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from xiaocheng.insight.figures import Figure, plain, rate
from xiaocheng.insight.measures import PATH_DAYS, PATH_SHARE, PATH_WON
from xiaocheng.insight.pathing import UNTIMED
from xiaocheng.insight.stages import KnownStage
from xiaocheng.selling.pipeline.models.processes import OPEN, WON
from xiaocheng.selling.pipeline.paths import stages_of

MOST = 10  # paths that are shown; the others are counted together
Kind = Literal["straight", "skip", "back"]


@dataclass(frozen=True)
class Variant:
    """One path: its stages as (code, name), how it differs from the process, how many went it and how that ended."""

    path: str
    stages: tuple[tuple[str, str], ...]
    kind: Kind
    share: Figure
    won: Figure
    days: Figure


@dataclass(frozen=True)
class Variants:
    """The paths gone most often, by all closed deals and by those that were won; `others` is how many more there are.

    `others` and the shares of `of_won` count paths and deals of the same period.
    """

    of_all: tuple[Variant, ...] = ()
    others: int = 0
    of_won: tuple[Variant, ...] = ()
    won_others: int = 0


def variants(
    found: Mapping[tuple[int, str, str, int], int], worked: Collection[int], newest: Sequence[KnownStage]
) -> Variants:
    """The paths of one process, from (stage closed from, path, verdict, age) -> how many."""
    counts: dict[str, Counter[str]] = {}
    ages: dict[str, Counter[int]] = {}
    won_ages: dict[str, Counter[int]] = {}
    for (stage, path, verdict, age), n in found.items():
        if stage in worked:
            counts.setdefault(path, Counter())[verdict] += n
            ages.setdefault(path, Counter())[age] += n
            if verdict == WON:
                won_ages.setdefault(path, Counter())[age] += n
    numbers = {path: sum(values.values()) for path, values in counts.items()}
    wins = {path: values[WON] for path, values in counts.items()}
    all_paths, won_paths = _most(numbers), _most(wins)
    whole, won = sum(numbers.values()), sum(wins.values())
    return Variants(
        tuple(
            _variant(path, newest, rate(PATH_SHARE, numbers[path], whole), counts[path], ages[path])
            for path in all_paths[:MOST]
        ),
        max(0, len(all_paths) - MOST),
        tuple(
            _variant(path, newest, rate(PATH_SHARE, wins[path], won), counts[path], won_ages[path], is_won=True)
            for path in won_paths[:MOST]
        ),
        max(0, len(won_paths) - MOST),
    )


def _most(numbers: Mapping[str, int]) -> list[str]:
    """The paths that somebody went, the one gone most often first."""
    return sorted((path for path, n in numbers.items() if n > 0), key=lambda path: (-numbers[path], path))


def _variant(
    path: str,
    newest: Sequence[KnownStage],
    share: Figure,
    counts: Counter[str],
    ages: Counter[int],
    *,
    is_won: bool = False,
) -> Variant:
    names = {stage.code: stage.name for stage in newest}
    codes = stages_of(path)
    median, timed = _median(ages)
    return Variant(
        path,
        tuple((code, names.get(code, code)) for code in codes),
        _kind(codes, [stage.code for stage in newest if stage.kind == OPEN], is_won),
        share,
        rate(PATH_WON, counts[WON], sum(counts.values())),
        plain(PATH_DAYS, median, timed),
    )


def _kind(codes: Sequence[str], order: Sequence[str], is_won: bool) -> Kind:
    """Whether a path goes back somewhere, or leaves out a stage before its last; a win, any stage."""
    places = [order.index(code) for code in codes if code in order]
    if any(later < earlier for earlier, later in pairwise(places)):
        return "back"
    return "straight" if places == list(range(len(order) if is_won else len(places))) else "skip"


def _median(ages: Mapping[int, int]) -> tuple[Decimal | None, int]:
    """The middle of ages in tenths of a day, and of how many; reversals of former periods may leave none."""
    timed = sorted((age, n) for age, n in ages.items() if age != UNTIMED and n > 0)
    whole = sum(n for _age, n in timed)
    passed = 0
    for at, (age, n) in enumerate(timed):
        passed += n
        if 2 * passed == whole and at + 1 < len(timed):
            return Decimal(age + timed[at + 1][0]) / 20, whole
        if 2 * passed >= whole:
            return Decimal(age) / 10, whole
    return None, 0
