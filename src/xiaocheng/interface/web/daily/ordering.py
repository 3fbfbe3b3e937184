"""The order of the lines of one's own plan: dragged, or by buttons one place up or down."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.access import VISIT

from .days import asked_number


@access(VISIT)
class OrderLines(ActionScreen):
    """The lines were put into another order at once."""

    def run(self) -> Done:
        """Keep the order in which the lines are named."""
        named = self.request.POST.get("lines", "").split(",")
        ids = [int(text) for text in named if text.isdigit() and len(text) < 19]
        commands.order_lines(self.actor, self.kwargs["pk"], ids, asked_number(self.request, "version") or 0)
        return Done(toast=_("顺序已保存"), event="lines-ordered")


@access(VISIT)
class MoveLine(ActionScreen):
    """Put a line one place earlier or later."""

    def run(self) -> Done:
        """Exchange it with its neighbour; the first and the last stay where they are."""
        found = queries.plan(self.actor, queries.line(self.actor, self.kwargs["pk"]).plan_id)
        ids = [line.pk for line in found.lines]
        here, up = ids.index(self.kwargs["pk"]), self.request.POST.get("to") == "up"
        there = here - 1 if up else here + 1
        if 0 <= there < len(ids):
            ids[here], ids[there] = ids[there], ids[here]
        commands.order_lines(self.actor, found.plan.pk, ids, asked_number(self.request, "version") or 0)
        return Done(toast=_("已上移") if up else _("已下移"), event="lines-ordered")


@access(VISIT)
class ByDistance(FormScreen):
    """The order by distance, shown before it is taken."""

    title = gettext_lazy("按距离排序")
    form_class = Form
    submit = gettext_lazy("按此顺序")
    extra = "daily/tour.html"

    def load(self) -> None:
        """The order as it would be now."""
        self.tour = queries.tour(self.actor, self.kwargs["pk"])
        if self.tour.plan.person_id != self.actor.person_id:
            raise NotFound

    def context(self) -> dict[str, Any]:
        """Its lines and its length."""
        before, after = (f"{metres / 1000:.1f}" for metres in (self.tour.before, self.tour.after))
        unplaced = {line.pk for line in self.tour.unplaced}
        return {"tour": self.tour, "before": before, "after": after, "unplaced": unplaced}

    def version(self) -> int:
        """Of the plan that is put into order."""
        return self.tour.plan.version

    def run(self, data: dict[str, Any]) -> Done:
        """Take it."""
        ids = [line.pk for line in self.tour.lines]
        commands.order_lines(self.actor, self.kwargs["pk"], ids, self.sent_version)
        return Done(toast=_("顺序已保存"))
