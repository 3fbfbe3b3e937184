"""Whether the rollups still say what the facts say."""

from __future__ import annotations

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.insight import rollups
from xiaocheng.insight.access import REBUILD


def rollup_differences(actor: Actor) -> list[str]:
    """A line for every row of a rollup that differs from its facts; empty when all is well."""
    actor.require(REBUILD)
    return rollups.differences()
