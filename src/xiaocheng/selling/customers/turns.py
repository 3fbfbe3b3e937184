"""The turn at a showroom or hotline: of those on duty, whoever had his last turn the longest ago is next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.turns import take_turn
from xiaocheng.foundation.org.queries import everybody_on_duty

from .models import DutyTurn
from .models.reception import Way

REMEMBERED = dt.timedelta(days=60)  # whoever had no turn for longer is as good as new
GONE = _("这一轮刚被同事接走或让过,请看现在轮到谁。")


@dataclass(frozen=True)
class Line:
    """Those on duty at a site, the next one first; `number` is that of the last turn there."""

    site_id: int
    number: int
    people: tuple[int, ...] = ()
    engaged: frozenset[int] = frozenset()  # who has taken a turn and not registered the reception yet

    @property
    def next(self) -> int | None:
        """Whose turn it is."""
        return self.people[0] if self.people else None


def lines(site_ids: Collection[int]) -> dict[int, Line]:
    """The lines of sites, today."""
    duty = everybody_on_duty(clock.today())
    last, top, engaged = _remembered(site_ids)
    return {
        site: Line(site, top.get(site, 0), _in_order(duty.get(site, ()), last.get(site, {})), frozenset(engaged[site]))
        for site in site_ids
    }


def line_of(site_id: int) -> Line:
    """The line of one site, today."""
    return lines([site_id])[site_id]


def _in_order(people: Sequence[int], last: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(sorted(people, key=lambda person: (last.get(person, 0), people.index(person))))


def _remembered(site_ids: Collection[int]) -> tuple[dict[int, dict[int, int]], dict[int, int], dict[int, set[int]]]:
    """By site: everybody's last turn that counts, the number of the last turn, and who is receiving now."""
    last: dict[int, dict[int, int]] = defaultdict(dict)
    top: dict[int, int] = {}
    engaged: dict[int, set[int]] = defaultdict(set)
    rows = DutyTurn.objects.filter(site__in=site_ids, at__gte=clock.now() - REMEMBERED).order_by("number")
    since = clock.bounds(clock.today(), clock.today())[0]
    for site, number, person, way, at, is_void in rows.values_list("site", "number", "person", "way", "at", "is_void"):
        top[site] = number
        if is_void:
            continue
        last[site][person] = number
        if way == Way.TAKEN and at >= since:
            engaged[site].add(person)
    return last, top, engaged


def hold(site_id: int) -> None:
    """Let nobody else take a turn at a site until this transaction ends."""
    take_turn(f"customers.turns {site_id}")


def use(
    site_id: int,
    person_id: int,
    way: Way,
    *,
    by: int | None,
    seen: int | None = None,
    reason: str = "",
    reception_id: int | None = None,
) -> DutyTurn:
    """Note the next turn of a site; refused when the one that was `seen` is no longer the last.

    Whoever calls holds the turns of the site; the unique number decides should somebody else have got past that.
    """
    if seen is not None and seen != line_of(site_id).number:
        raise RuleBroken(GONE)
    last = DutyTurn.objects.filter(site=site_id).order_by("-number").values_list("number", flat=True).first() or 0
    turn = DutyTurn(
        site_id=site_id, number=last + 1, person_id=person_id, at=clock.now(), way=way, reason=reason, by_id=by,
        reception_id=reception_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            turn.save(force_insert=True)
    except IntegrityError:
        raise RuleBroken(GONE) from None
    return turn
