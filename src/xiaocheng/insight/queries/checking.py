"""Whether what insight keeps still says what the facts say."""

from __future__ import annotations

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.insight import rollups
from xiaocheng.insight.access import REBUILD
from xiaocheng.insight.models import ValueCount
from xiaocheng.selling.trade.models import SaleLine


def rollup_differences(actor: Actor) -> list[str]:
    """A line for every row of a rollup that differs from its facts; empty when all is well."""
    actor.require(REBUILD)
    return rollups.differences()


def days_since_values(actor: Actor) -> int | None:
    """How many days ago the value of customers was last counted; 0 where there is nothing to count, None for never."""
    actor.require(REBUILD)
    if not SaleLine.objects.beyond_sight(because="whether there is anything to count").exists():
        return 0
    last = ValueCount.objects.values_list("last", flat=True).first()
    return None if last is None else (clock.today() - last).days
