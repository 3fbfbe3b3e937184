"""A lapse may be taken back: the contact was made in time, its device was offline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, DetailScreen, FormScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.queries import RESTORE_STATES
from xiaocheng.selling.fieldwork.queries import Kind

TONES = {"offered": "amber", "restored": "green", "declined": "grey"}


class DeclineForm(Form):
    """Why not."""

    answer = forms.CharField(label=gettext_lazy("原因"), widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}))


@access(SEE)
class RestorePage(DetailScreen):
    """What would undo a lapse."""

    template = "customers/merged.html"

    def load(self) -> None:
        """The offer that the address names."""
        self.row = queries.restore_offer(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Which customer."""
        return _("恢复归属:%(name)s") % {"name": self.row.customer.name}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to what waits."""
        return [Crumb(_("待签"), reverse("daily:inbox"))] if self.actor.can("org.see_team") else []

    def actions(self) -> Sequence[Link | None]:
        """One tap either way."""
        if not queries.decides_restore(self.actor, self.row):
            return []
        return [
            Link(_("恢复"), "customers:restore", (self.row.pk,), icon="arrow-back-up", post=True),
            Link(_("不恢复"), "customers:decline_restore", (self.row.pk,), icon="x", drawer=True),
        ]

    def context(self) -> dict[str, Any]:
        """Whose it was, the contact, when it lapsed, what was decided."""
        row = self.row
        return {
            "facts": [
                (_("状态"), pill(RESTORE_STATES[row.state], TONES[row.state])),
                (_("原负责人"), row.person.name),
                (_("联系"), f"{formats.moment(row.contacted_at)} · {Kind(row.kind).label}"),
                (_("在设备上记录"), formats.moment(row.queued_at)),
                (_("送达"), formats.moment(row.arrived_at)),
                (_("逾期失效"), formats.moment(row.episode.ended_at) if row.episode.ended_at else ""),
                (_("决定人"), row.decided_by.name if row.decided_by else ""),
                (_("决定时间"), formats.moment(row.decided_at) if row.decided_at else ""),
                (_("原因"), row.answer),
            ]
        }


@access(SEE)
class Restore(ActionScreen):
    """Give the customer back to its former owner."""

    def run(self) -> Done:
        """Restore, and show the page behind again."""
        commands.restore(self.actor, self.kwargs["pk"])
        return Done(toast=_("已恢复由原负责人负责"))


@access(SEE)
class DeclineRestore(FormScreen):
    """Let the lapse stand."""

    title = gettext_lazy("不恢复归属")
    form_class = DeclineForm
    submit = gettext_lazy("不恢复")

    def load(self) -> None:
        """The offer that the address names."""
        self.row = queries.restore_offer(self.actor, self.kwargs["pk"])

    def run(self, data: dict[str, Any]) -> Done:
        """Keep the reason, and show the page behind again."""
        commands.decline_restore(self.actor, self.row.pk, data["answer"])
        return Done(url=reverse("customers:restore_offer", args=[self.row.pk]))
