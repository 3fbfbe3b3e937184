"""The order of the stages of a draft: dragged, or by buttons one place up or down."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import ActionScreen
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS


class OfStages(ActionScreen):
    """Base of what puts a stage of a draft in another place; the stages of the page behind are shown anew."""

    def place(self, before_id: int | None, said: Sentence) -> Done:
        """Put the stage before another one, or behind all others of its kind."""
        commands.place_stage(self.actor, self.kwargs["version"], self.kwargs["stage"], before_id)
        return Done(toast=said, event="stages-placed")

    def order(self) -> list[int]:
        """The stages of the draft as they stand."""
        return [stage.pk for stage in queries.stages_of_version(self.actor, self.kwargs["version"])]


@access(MANAGE_PROCESS)
class PlaceStage(OfStages):
    """A stage was dropped before another one, or at the end."""

    def run(self) -> Done:
        """Place it there."""
        before = self.request.POST.get("before", "")
        return self.place(int(before) if before.isdigit() and int(before) < 2**63 else None, _("顺序已保存"))


@access(MANAGE_PROCESS)
class RaiseStage(OfStages):
    """Put a stage of a draft one place further up."""

    def run(self) -> Done:
        """Place it before the one above; the first stays where it is."""
        order, stage = self.order(), self.kwargs["stage"]
        return self.place(neighbour(order, stage, -1) or stage, _("已上移"))


@access(MANAGE_PROCESS)
class LowerStage(OfStages):
    """Put a stage of a draft one place further down."""

    def run(self) -> Done:
        """Place it before the one after the next, or at the end."""
        return self.place(neighbour(self.order(), self.kwargs["stage"], 2), _("已下移"))


def neighbour(ids: Sequence[int], one: int, steps: int) -> int | None:
    """The id so many places after one, or before it; None beyond the ends."""
    at = (ids.index(one) if one in ids else len(ids)) + steps
    return ids[at] if 0 <= at < len(ids) else None
