"""Opportunities."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.tables import Customised, OptionField
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.money import money_field
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel
from xiaocheng.foundation.kernel.search import SearchIndex
from xiaocheng.foundation.kernel.versions import Versioned

from .processes import LOST, OPEN, WON

search_index = SearchIndex("pipeline_opportunity_search")
STATES = {OPEN: _("进行中"), WON: _("已赢单"), LOST: _("已输单")}


class Opportunity(ScopedModel, Versioned, Customised):
    """A chance to sell: where it stands, who works on it, what it is worth and what is needed.

    `span_seq` is the number of its present stage span: a move succeeds only from the span that the mover saw.
    """

    number = models.CharField(max_length=40, blank=True)  # of the former system, for imported ones
    name = models.CharField(_("商机名称"), max_length=120)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="+", db_index=False)
    product = models.ForeignKey("catalogue.Product", models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    amount = money_field(null=True, blank=True)
    expected_close_on = models.DateField(_("预计成交日"), null=True, blank=True)
    source = OptionField(_("来源"), "customers.source", pgettext_lazy("several", "商机"), blank=True)
    competitor = models.CharField(_("竞争对手"), max_length=80, blank=True)
    next_step = models.CharField(_("下一步"), max_length=200, blank=True)
    next_step_on = models.DateField(_("下一步日期"), null=True, blank=True)
    background = models.TextField(_("业务背景"), blank=True)
    problems = models.TextField(_("现存问题"), blank=True)
    pains = models.TextField(_("痛点"), blank=True)

    version = models.ForeignKey("pipeline.ProcessVersion", models.PROTECT, related_name="+", db_index=False)
    stage = models.ForeignKey("pipeline.Stage", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=OPEN)
    span_seq = models.PositiveIntegerField(default=1)
    entered_stage_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    is_opening_invented = models.BooleanField(default=False)  # imported without any recorded time
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = OptionField(
        list_key="pipeline.lost_reason", counted=pgettext_lazy("several", "商机"), blank=True
    )  # empty when won
    close_note = models.TextField(blank=True)
    last_activity_at = models.DateTimeField()
    is_shared = models.BooleanField(default=False)  # somebody answers for it beside the owner

    scope: ClassVar[Scope] = Scope(people=("owner",), granted=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="opportunity_number_once"),
            models.CheckConstraint(
                condition=Q(state=OPEN, closed_at__isnull=True) | Q(state__in=[WON, LOST], closed_at__isnull=False),
                name="opportunity_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="opportunity_owner"),
            # with the amount, the totals of a board are read from the index alone
            models.Index(
                fields=["owner", "state", "stage", "-entered_stage_at", "-id", "amount"], name="opportunity_board"
            ),
            models.Index(fields=["state", "stage", "-entered_stage_at", "-id"], name="opportunity_stage"),
            models.Index(fields=["customer", "state"], name="opportunity_customer"),
            models.Index(fields=["-id"], condition=Q(customer__isnull=True), name="opportunity_no_customer"),
        ]

    def __str__(self) -> str:
        return self.name

    def check_values(self) -> None:
        """Refuse what the columns cannot hold, in words; SQLite itself would take it."""
        if self.amount is not None and self.amount < 0:
            raise RuleBroken(_("金额不能是负数。"), field="amount")
        try:
            self.clean_fields(exclude=[f.name for f in self._meta.fields if f.is_relation])
        except ValidationError as fault:
            name, messages = next(iter(fault.message_dict.items()))
            raise RuleBroken(f"{FIELD_NAMES.get(name, name)}:{messages[0]}", field=name) from None

    @property
    def is_open(self) -> bool:
        """True while it is neither won nor lost."""
        return self.state == OPEN

    @property
    def label_number(self) -> str:
        """The number that people quote: the former system's, else our own."""
        return self.number or own_number(self.pk)


def own_number(row_id: int) -> str:
    """The number of an opportunity that no former system numbered."""
    return f"SJ{row_id:06d}"


FIELD_NAMES: dict[str, Any] = {
    "name": _("商机名称"),
    "customer": _("客户"),
    "product": _("产品"),
    "amount": _("金额"),
    "expected_close_on": _("预计成交日"),
    "source": _("来源"),
    "competitor": _("竞争对手"),
    "next_step": _("下一步"),
    "next_step_on": _("下一步日期"),
    "background": _("业务背景"),
    "problems": _("现存问题"),
    "pains": _("痛点"),
}
