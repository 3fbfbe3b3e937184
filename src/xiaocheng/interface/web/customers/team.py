"""Who works on a customer beside its owner."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SHARE
from xiaocheng.selling.customers.commands import Member
from xiaocheng.selling.customers.queries import TEAM_ROLES, Customer, Team


class NoHead(Form):
    """The lines say it all."""


class MemberForm(Form):
    """Who joins in, how, and with which share."""

    person_id = PickField("people", label=gettext_lazy("同事"))
    role = forms.ChoiceField(label=gettext_lazy("方式"), choices=list(TEAM_ROLES.items()))
    share = forms.DecimalField(
        label=gettext_lazy("份额(%)"), required=False, min_value=0, max_digits=5, decimal_places=2
    )


@access(SHARE)
class AgreeTeam(FormScreen):
    """Say who works on a customer beside its owner."""

    title = gettext_lazy("约定协作")
    form_class = NoHead
    line_class = MemberForm
    lines_title = gettext_lazy("参与的同事")
    submit = gettext_lazy("保存")
    hint = gettext_lazy(
        "共同负责的同事可以像负责人一样办理这位客户,并写明份额,其余份额是负责人的;协助的同事可以查看和联系。他们的有效联系都使首问时限重新开始。"
    )

    def load(self) -> None:
        """The customer that the address names."""
        self.customer = queries.customer_to_change(self.actor, self.kwargs["pk"])

    def initial_lines(self) -> list[dict[str, Any]]:
        """The team as it is."""
        members = queries.team(self.actor, self.customer).members
        return [{"person_id": it.person_id, "role": it.role, "share": it.share} for it in members]

    def run(self, data: dict[str, Any]) -> Done:
        """Agree, and show the page behind again."""
        commands.agree_team(self.actor, self.customer.pk, [Member(**line) for line in data["lines"]])
        return Done(toast=_("已保存协作"))


def percent(share: Decimal) -> str:
    """A share as people write it."""
    return f"{share.normalize():f}%"


def owner_words(row: Customer, team: Team) -> str:
    """The owner, with his share where others have one."""
    name = row.owner.name if row.owner else ""
    return name if team.owner_share == 100 else f"{name} {percent(team.owner_share)}"


def team_words(team: Team) -> str:
    """The others: co-owners with their shares, assistants."""
    return listed(f"{it.person.name} {percent(it.share) if it.share else TEAM_ROLES[it.role]}" for it in team.members)
