"""Opportunities for tests: opened and moved by the commands, with the ready-made process in place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.support.kept import made_once
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.models import Opportunity, Process, Stage, StageSpan

READY = {"background": "三条产线", "problems": "换型慢", "pains": "每天停两小时"}


def _make(template: str) -> tuple[int, int]:
    """The process and a product."""
    return commands.install_template(SYSTEM, template).pk, add_product(
        SYSTEM, ProductDraft(code="X1", name="一号机")
    ).pk


class Deals:
    """The world with the standard process and what a test needs to open and move opportunities."""

    def __init__(self, world: World, template: str = "standard") -> None:
        self.world = world
        process_id, self.product_id = made_once(f"deals in {template}", lambda: _make(template))
        self.process = Process.objects.get(pk=process_id)
        self.version = self.process.versions.get(state="published")
        self.stages = {stage.code: stage for stage in self.version.stages.all()}

    def customer(self, key: str = "east_rep", name: str = "甲公司") -> int:
        """A customer of somebody's."""
        return register(self.world.actor(key), CustomerDraft(name=name, despite_duplicates=True)).pk

    def opened(self, key: str = "east_rep", **values: Any) -> Opportunity:
        """A new opportunity of somebody's, worth 1,000, with everything that the gates ask for."""
        details = {"name": "换线项目", "amount": Decimal(1000), "product_id": self.product_id} | values
        details.setdefault("customer_id", self.customer(key))
        row = commands.open_opportunity(self.world.actor(key), commands.OpportunityDraft(**details))
        return commands.edit(self.world.actor(key), row.pk, row.edit_version, **READY, expected_close_on="2027-01-31")

    def move(self, row: Opportunity, code: str, key: str = "east_rep", **more: Any) -> Opportunity:
        """Move by the stage's code."""
        return commands.move(self.world.actor(key), row.pk, self.stages[code].pk, **more)

    def stage(self, row: Opportunity) -> str:
        """The code of the stage in which an opportunity stands in the database."""
        return Stage.objects.get(pk=self.fresh(row).stage_id).code

    def fresh(self, row: Opportunity) -> Opportunity:
        """The opportunity as it stands in the database now."""
        found: Opportunity = Opportunity.objects.one(SYSTEM, row.pk)
        return found

    def way(self, row: Opportunity) -> list[tuple[str, str]]:
        """(stage, exit) of each span, in order."""
        codes = {stage.pk: stage.code for stage in Stage.objects.all()}
        spans: list[StageSpan] = list(self.fresh(row).spans.order_by("seq"))
        return [(codes[span.stage_id], span.exit_kind) for span in spans]
