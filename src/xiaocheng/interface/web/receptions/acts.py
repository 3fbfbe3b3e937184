"""What is done at the front desk: register, take or pass a turn, correct, take back."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.org.queries import names_of
from xiaocheng.interface.web.daily.days import asked_number
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done, Request
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import RECEIVE
from xiaocheng.selling.customers.commands import ReceptionDraft
from xiaocheng.selling.customers.queries import Reception, SiteLine

from .forms import CancelForm, GuestForm, PassForm, TalkForm, asked_of_hint

TALK = ("name", "note", "next_on", "party_size", "companions", "is_team")


@access(RECEIVE)
def known(request: Request) -> HttpResponse:
    """Who is known already by the phone or company that is being typed."""
    return render(request, "receptions/known.html", {"likely": asked_of_hint(request.actor, request.GET)})


@access(RECEIVE)
class Receive(FormScreen):
    """Register a reception: in one step the guest, the customer and who is responsible."""

    title, submit = gettext_lazy("登记接待"), gettext_lazy("登记")
    form_class = GuestForm

    def load(self) -> None:
        """The customer from whose page one comes."""
        pk = asked_number(self.request, "customer")
        self.customer = queries.customer(self.actor, pk) if pk else None

    @cached_property
    def lines(self) -> list[SiteLine]:
        """The sites and whose turn it is."""
        return queries.site_lines(self.actor)

    def initial(self) -> dict[str, Any]:
        """Where one is on duty today, else the first site."""
        mine = [item.site_id for item in self.lines if self.actor.person_id in item.line.people]
        asked = asked_number(self.request, "site")
        here = asked or next(iter([*mine, *(item.site_id for item in self.lines)]), None)
        return {"where": str(here or "walk_in"), "party_size": 1}

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form, with the customer that was chosen."""
        return GuestForm(data, files, initial=self.initial(), actor=self.actor, lines=self.lines, chosen=self.customer)

    def run(self, data: dict[str, Any]) -> Done:
        """Register, and say who receives."""
        where = data.pop("where")
        if where.isdigit():
            kinds = {item.site_id: item.kind for item in self.lines}
            data["site_id"] = int(where)
            data["channel"] = "hotline" if kinds.get(int(where)) == "hotline" else "walk_in"
        else:
            data["channel"] = where
        row = commands.receive(self.actor, ReceptionDraft(**data))
        return Done(url=reverse("receptions:page", args=[row.pk]), toast=said(row))


def said(row: Reception) -> str:
    """What the desk reads: who receives, and whose customer it is."""
    names = names_of([row.credit_person_id, row.owner_id or 0])
    receiver, owner = names.get(row.credit_person_id, ""), names.get(row.owner_id or 0, "")
    if row.outcome == "own" and row.recorded_by_id != row.credit_person_id:
        return _("老客户,已通知负责人%(name)s接待") % {"name": receiver}
    if row.outcome == "courtesy":
        return _("%(name)s代%(owner)s接待,归属不变") % {"name": receiver, "owner": owner}
    if row.outcome == "claimed":
        return _("公海客户,由接待人%(name)s领取") % {"name": receiver}
    return _("已登记,接待人:%(name)s") % {"name": receiver}


class _OfReception(FormScreen):
    """A form about one reception."""

    def load(self) -> None:
        """The reception that the address names."""
        self.reception = queries.reception(self.actor, self.kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        """Back to the register."""
        return [Crumb(_("接待"), reverse("receptions:list"))]


@access(RECEIVE)
class Edit(_OfReception):
    """Correct what was noted."""

    title = gettext_lazy("修改接待登记")
    form_class = TalkForm

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        told = {name: getattr(self.reception, name) for name in TALK}
        return {**told, "helper_ids": list(queries.helpers_of(self.actor, self.reception.pk))}

    def version(self) -> int:
        """The version that the form starts from."""
        return self.reception.edit_version

    def run(self, data: dict[str, Any]) -> Done:
        """Save, unless somebody else saved meanwhile."""
        commands.edit_reception(self.actor, self.reception.pk, self.sent_version, **data)
        return Done(url=reverse("receptions:page", args=[self.reception.pk]), toast=_("已保存"))


@access(RECEIVE)
class Cancel(_OfReception):
    """Take back a reception that was registered by mistake."""

    title, submit = gettext_lazy("作废接待登记"), gettext_lazy("作废")
    form_class = CancelForm
    hint = gettext_lazy("作废后不再计入接待数,轮次退还;已登记的客户和归属不变。")

    def run(self, data: dict[str, Any]) -> Done:
        """Take it back."""
        commands.cancel_reception(self.actor, self.reception.pk, data["reason"])
        return Done(url=reverse("receptions:page", args=[self.reception.pk]), toast=_("已作废"))


@access(RECEIVE)
class Accept(ActionScreen):
    """Take one's turn as somebody walks in."""

    def run(self) -> Done:
        """Take it."""
        commands.accept_turn(self.actor, self.kwargs["site"], asked_number(self.request, "seen") or 0)
        return Done(url=reverse("receptions:list"), toast=_("这一轮由您接待,谈完请登记"))


@access(RECEIVE)
class Pass(FormScreen):
    """Let the next one receive."""

    title, submit = gettext_lazy("让过这一轮"), gettext_lazy("让过")
    form_class = PassForm

    def initial(self) -> dict[str, Any]:
        """The turn that one saw."""
        return {"seen": asked_number(self.request, "seen") or 0}

    def run(self, data: dict[str, Any]) -> Done:
        """Pass it on."""
        commands.pass_turn(self.actor, self.kwargs["site"], data["seen"], data["reason"])
        return Done(url=reverse("receptions:list"), toast=_("已让过,轮到下一位"))
