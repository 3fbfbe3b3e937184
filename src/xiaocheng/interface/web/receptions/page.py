"""One reception."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.links import Crumb, Link
from xiaocheng.interface.web.shell.screens import DetailScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.access import CLAIM, RECEIVE
from xiaocheng.selling.customers.events import ReceptionEdited

from .register import guest, outcome_pill, party

KIND, ICONS = "customers.reception", {"customers": "building-store"}


@access(RECEIVE)
class ReceptionPage(DetailScreen):
    """Who came, who received, what they talked about, whose customer it is."""

    template = "receptions/page.html"

    def load(self) -> None:
        """The reception that the address names."""
        self.reception = queries.reception(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Who came."""
        return guest(self.reception)

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the register."""
        return [Crumb(_("接待"), reverse("receptions:list"))]

    def actions(self) -> Sequence[Link | None]:
        """Correct it, or take it back."""
        if not queries.may_change_reception(self.actor, self.reception):
            return [self._claim(), self._erase()]
        pk = (self.reception.pk,)
        return [
            self._claim(),
            Link(_("修改"), "receptions:edit", pk, icon="pencil", drawer=True),
            Link(_("作废"), "receptions:cancel", pk, icon="ban", drawer=True, look="danger"),
            self._erase(),
        ]

    def _erase(self) -> Link | None:
        """Forget a guest who became no customer, where the reader may."""
        row = self.reception
        if row.customer_id is not None or not (row.name or row.companions or row.note):
            return None
        query = f"?ids={row.pk}"
        return Link(_("清除个人信息"), "customers:erase_guests", icon="eraser", query=query, drawer=True, look="danger")

    def _claim(self) -> Link | None:
        """Take the customer out of the pool in which the reception left it, where the reader may."""
        pk = self.reception.customer_id
        if self.reception.outcome != "pool" or pk is None or not self.actor.can(CLAIM):
            return None
        if not any(refusal is None for _row, refusal in queries.claimable(self.actor, [pk])):
            return None
        return Link(_("领取"), "customers:claim_many", icon="hand-grab", query=f"?ids={pk}", drawer=True)

    def context(self) -> dict[str, Any]:
        """What is known about it."""
        row = self.reception
        seen = row.customer_id in {item.pk for item in queries.customers(self.actor).filter(pk=row.customer_id or 0)}
        customer = row.customer if seen else None
        link = format_html('<a href="{}">{}</a>', reverse("customers:page", args=[customer.pk]), customer.name) \
            if customer else ""  # fmt: skip
        facts = [
            (_("接待人"), row.credit_person.name),
            (_("客户"), link),
            (_("负责人"), row.owner.name if row.owner else ""),
            (_("方式"), row.get_channel_display()),
            (_("值班点"), row.site.name if row.site else ""),
            (_("时间"), formats.moment(row.occurred_at)),
            (_("人数"), party(row)),
            (_("同行人"), row.companions),
            (_("电话"), queries.phone_of_guest(self.actor, row)),
            (_("公司"), row.company),
            (_("协助的同事"), listed(queries.helpers_of(self.actor, row.pk).values())),
            (_("未按轮次的原因"), row.out_of_turn),
            (_("下次联系"), formats.day(row.next_on) if row.next_on else ""),
            (_("登记人"), row.recorded_by.name if row.recorded_by else ""),
        ]
        told = [outcome_pill(row), *([pill(_("团队接待"), "blue")] if row.is_team else [])]
        return {
            "reception": row,
            "pills": told,
            "facts": [(name, value) for name, value in facts if value],
            "story": story(timeline(KIND, row.pk, open_to=(ReceptionEdited,)), ICONS),
        }
