"""Who answers for an opportunity beside its owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.pipeline.commands import CoOwner
from xiaocheng.selling.pipeline.queries import Holder

from .acts import OnOpportunity


class NoHead(Form):
    """The lines say it all."""


class CoOwnerForm(Form):
    """Who answers for it, too, and with which share."""

    person_id = PickField("people", label=gettext_lazy("同事"))
    share = forms.DecimalField(
        label=gettext_lazy("份额(%)"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )


@access(WORK)
class AgreeShares(OnOpportunity):
    """Say who answers for an opportunity beside its owner."""

    title = gettext_lazy("约定共同负责")
    form_class = NoHead
    line_class = CoOwnerForm
    lines_title = gettext_lazy("共同负责的同事")
    submit = gettext_lazy("保存")
    hint = gettext_lazy(
        "共同负责的同事可以像负责人一样办理这个商机。其余份额是负责人的;赢单或输单时,数量和金额按当时的份额记到每个人名下。"
    )

    def initial_lines(self) -> list[dict[str, Any]]:
        """The shares as they are."""
        found = queries.holders(self.actor, self.row) if self.row.is_open else []
        return [{"person_id": it.person_id, "share": formats.quantity(it.share)} for it in found if not it.is_owner]

    def run(self, data: dict[str, Any]) -> Done:
        """Agree, and show the page behind again."""
        commands.agree_shares(self.actor, self.row.pk, [CoOwner(**line) for line in data["lines"]])
        return Done(toast=_("已保存共同负责"))


def who_answers(holders: Sequence[Holder]) -> list[tuple[str, str]]:
    """Each name with his share; of one person alone no share is told."""
    if len(holders) == 1:
        return [(holders[0].name, "")]
    return [(it.name, f"{formats.quantity(it.share)}%") for it in holders]
