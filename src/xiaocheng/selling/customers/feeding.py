"""Which customers come to which pool by themselves: the first pool in order whose conditions they meet.

A pool's conditions name departments (of the former owner, with all below), regions, levels and sources; of each kind
that is named one must fit. A pool without conditions is fed by nobody but people, and the standard ones by the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import usable
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.org.queries import department_and_below, department_names

from .models import OwnershipEpisode, Pool
from .options import LISTS

DEPARTMENT = "department"
CODED = ("region", "level", "source")
KINDS = (DEPARTMENT, *CODED)
SWEEP = "who goes to which pool is a rule of the company, whoever looks"
Feed = Mapping[str, Sequence[Any]]


def fed_pools() -> list[Pool]:
    """The pools to which some customers come by themselves, in order."""
    return [pool for pool in Pool.objects.order_by("pk") if pool.fed_by]


def checked_feed(feed: Feed) -> dict[str, list[Any]]:
    """The conditions as they are kept, without what is empty; refused where they name what there is not."""
    kept: dict[str, list[Any]] = {kind: list(dict.fromkeys(feed.get(kind) or ())) for kind in KINDS}
    for kind in CODED:
        if usable(LISTS[kind], kept[kind]) != set(kept[kind]):
            raise RuleBroken(_("请从列表中选择。"), field=f"feed_{kind}")
    if len(department_names(SYSTEM, kept[DEPARTMENT])) < len(kept[DEPARTMENT]):
        raise RuleBroken(_("请从列表中选择。"), field=f"feed_{DEPARTMENT}")
    return {kind: values for kind, values in kept.items() if values}


def lapsed_from(feed: Feed) -> Q:
    """The customers with an owner that would come to a pool if they lapsed."""
    return _coded(feed) & _of_department(feed, "owner__department__in")


def waited_from(feed: Feed) -> Q:
    """The customers awaiting reception that would come to a pool, by who had them before."""
    if not feed.get(DEPARTMENT):
        return _coded(feed)
    rows = OwnershipEpisode.objects.beyond_sight(because=SWEEP).filter(ended_at=None, person=None, pool=None)
    rows = rows.filter(_of_department(feed, "former__department__in"))
    return _coded(feed) & Q(pk__in=rows.values("customer"))


def pool_for(pools: Iterable[Pool], values: Mapping[str, Any]) -> Pool | None:
    """The first of the pools for a customer whom nobody had yet: one that asks for a department is not for him."""
    for pool in pools:
        feed: Feed = pool.fed_by
        asked = [kind for kind in CODED if feed.get(kind)]
        if not feed.get(DEPARTMENT) and asked and all(values.get(kind) in feed[kind] for kind in asked):
            return pool
    return None


def _coded(feed: Feed) -> Q:
    return Q(**{f"{kind}__in": list(feed[kind]) for kind in CODED if feed.get(kind)})


def _of_department(feed: Feed, column: str) -> Q:
    units = feed.get(DEPARTMENT) or ()
    found = sorted(frozenset[int]().union(*(department_and_below(int(pk)) for pk in units)))
    return Q(**{column: found}) if units else Q()
