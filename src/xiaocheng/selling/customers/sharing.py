"""Who gets which of several customers that are handed out: in fair shares, the same whenever it is asked for."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Collection, Mapping, Sequence
from itertools import cycle

from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.errors import RuleBroken

from .models import Customer, OwnershipEpisode

EVEN, TURN = "even", "turn"
WAYS = {EVEN: _("按现有客户数拉平"), TURN: _("轮流平分")}
FAIR = "a fair share weighs what the chosen people hold and were given, also what the asking person does not see"
NOTHING: Mapping[int, int] = {}
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


def shared_out(
    customer_ids: Sequence[int], people: Sequence[int], way: str, besides: Mapping[int, int] = NOTHING
) -> dict[int, int]:
    """By customer who gets it; `besides` says how many others are meant for each of the people already.

    Evened: each goes to whoever then holds the fewest. In turn: one each, beginning with who was given one the longest
    ago, so that over several rounds nobody is favoured.
    """
    if way not in WAYS:
        raise RuleBroken(_("请选择分配方式。"), field="way")
    people = list(dict.fromkeys(people))
    if way == TURN:
        last = _last_given(people)
        order = sorted(people, key=lambda person: (last.get(person, LONG_AGO), people.index(person)))
        return dict(zip(customer_ids, cycle(order), strict=False))
    held = holdings(people, but=customer_ids)
    line = [(held.get(person, 0) + besides.get(person, 0), place, person) for place, person in enumerate(people)]
    heapq.heapify(line)
    given = {}
    for pk in customer_ids:
        count, place, person = line[0]
        given[pk] = person
        heapq.heapreplace(line, (count + 1, place, person))
    return given


def holdings(people: Collection[int], but: Collection[int] = ()) -> dict[int, int]:
    """How many customers people are responsible for, those aside that are about to be handed out."""
    owned = Customer.objects.beyond_sight(because=FAIR).filter(owner_id__in=people)
    held: dict[int, int] = dict(owned.values_list("owner").annotate(Count("pk")).order_by())
    moving = owned.filter(pk__in=but).values_list("owner").annotate(Count("pk")).order_by()
    return held | {person: held[person] - count for person, count in moving}


def _last_given(people: Collection[int]) -> dict[int, dt.datetime]:
    given = OwnershipEpisode.objects.beyond_sight(because=FAIR).filter(person_id__in=people, started_cause="assignment")
    return dict(given.values_list("person").annotate(Max("started_at")).order_by())
