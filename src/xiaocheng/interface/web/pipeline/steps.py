"""The checklist of a stage: what was done, what proves it, and how to tick it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell.access import access, may_open
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import ActionScreen
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.pipeline.queries import Item, OpportunityPage, Stop

from .acts import OnOpportunity

VISIT = "fieldwork.visit:"


@dataclass(frozen=True)
class Shown:
    """A step as the page shows it; the addresses are there only for what the reader may do or open."""

    item: Item
    kind: str  # of the evidence that proves it; empty: ticked by hand
    proof_url: str = ""
    tick_url: str = ""
    untick_url: str = ""
    note_url: str = ""


@dataclass(frozen=True)
class Checklist:
    """The steps of a stage, and how many of the required ones were done."""

    items: list[Shown]
    required: int
    done: int


def checklists(actor: Actor, page: OpportunityPage) -> Mapping[int, Checklist]:
    """The checklist of each stage of the way, by the stage."""
    kinds = names("pipeline.evidence")
    visits = _visits(actor, (item for stop in page.stops for item in stop.items))
    may_tick = may_open(actor, "pipeline:tick")
    found = {}
    for stop in page.stops:
        items = [_shown(page, stop, item, kinds, visits, may_tick) for item in stop.items]
        must = [item for item in stop.items if item.step.is_required]
        found[stop.stage.pk] = Checklist(items, len(must), sum(item.proof is not None for item in must))
    return found


def _shown(
    page: OpportunityPage, stop: Stop, item: Item, kinds: Mapping[str, str], visits: Mapping[str, str], may_tick: bool
) -> Shown:
    args, is_here = (page.opportunity.pk, item.step.key), stop.stage.pk == page.opportunity.stage_id
    kind = kinds.get(item.step.evidence, item.step.evidence)
    if item.proof is not None:
        url = visits.get(item.proof.occurrence, "") if item.step.evidence else ""
        may_untie = may_tick and is_here and not item.step.evidence
        return Shown(item, kind, url, untick_url=reverse("pipeline:untick", args=args) if may_untie else "")
    if not may_tick or item.step.evidence or not stop.visits:
        return Shown(item, kind)
    return Shown(item, kind, tick_url=reverse("pipeline:tick", args=args), note_url=reverse("pipeline:step", args=args))


def _visits(actor: Actor, items: Iterable[Item]) -> Mapping[str, str]:
    """The addresses of the visits and calls that prove something, as far as the reader sees them."""
    told = {item.proof.occurrence for item in items if item.proof and item.proof.occurrence.startswith(VISIT)}
    if not told:
        return {}
    seen = fieldwork.visits(actor).filter(pk__in=[one.removeprefix(VISIT) for one in told]).values_list("pk", flat=True)
    return {f"{VISIT}{pk}": reverse("daily:visit", args=[pk]) for pk in seen}


@access(WORK)
class Tick(ActionScreen):
    """One tap: the step was done."""

    def run(self) -> Done:
        """Tick it."""
        commands.tick(self.actor, self.kwargs["pk"], self.kwargs["key"])
        return Done(toast=_("已打勾"))


@access(WORK)
class Untick(ActionScreen):
    """It was not done after all."""

    def run(self) -> Done:
        """Untie it."""
        commands.untick(self.actor, self.kwargs["pk"], self.kwargs["key"])
        return Done(toast=_("已取消勾选"))


class NoteForm(Form):
    """What there is to say about a step that was done."""

    note = forms.CharField(
        label=gettext_lazy("备注"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


@access(WORK)
class StepDone(OnOpportunity):
    """Tick a step with a few words."""

    title, form_class, submit = gettext_lazy("完成步骤"), NoteForm, gettext_lazy("打勾")

    @property
    def hint(self) -> str:  # type: ignore[override]
        """Which step."""
        stages = self.row.version.stages.all()
        return next((str(s.text) for stage in stages for s in stage.checklist if s.key == self.kwargs["key"]), "")

    def run(self, data: dict[str, Any]) -> Done:
        """Tick it."""
        commands.tick(self.actor, self.row.pk, self.kwargs["key"], data["note"])
        return Done(toast=_("已打勾"))
