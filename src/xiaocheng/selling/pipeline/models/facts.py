"""What happened to opportunities: moves, the time spent in each stage, wins and losses, proof of activities."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.tables import OptionField
from xiaocheng.foundation.kernel.money import money_field
from xiaocheng.foundation.org.models.facts import Fact

from .processes import LOST, WON

CREATE, MOVE, REOPEN, IMPORT, CORRECTION, UNDO = "create", "move", "reopen", "import", "correction", "undo"
TRANSITION_KINDS = {
    CREATE: pgettext_lazy("what happened", "新建"),
    MOVE: _("推进"),
    REOPEN: pgettext_lazy("what happened", "重新打开"),
    IMPORT: _("导入"),
    CORRECTION: _("误操作"),
    UNDO: _("撤回"),
}
ADVANCED, SKIPPED, BACK, EXIT_LOST, MOVED_PROCESS = "advanced", "skipped", "back", "lost", "moved"
INVALID = "invalid"  # the lost reason that takes a deal out of every rate, and the exit of the stay in which it ended
EXITS = {
    ADVANCED: _("推进"), SKIPPED: _("跳阶"), BACK: _("回退"), EXIT_LOST: _("流失"), MOVED_PROCESS: _("转流程"),
    INVALID: _("无效或重复"),
}  # fmt: skip


class StageTransition(Fact):
    """One move of an opportunity, as it was done; an undone one stays, marked as a correction."""

    opportunity = models.ForeignKey("pipeline.Opportunity", models.PROTECT, related_name="transitions", db_index=False)
    from_stage = models.ForeignKey(
        "pipeline.Stage", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    to_stage = models.ForeignKey("pipeline.Stage", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=list(TRANSITION_KINDS.items()))
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    skipped = models.JSONField(default=list, blank=True)  # ids of the stages left out
    unmet = models.JSONField(default=list, blank=True)  # gates that were not met and were bypassed
    is_bypass = models.BooleanField(default=False)
    is_invented = models.BooleanField(default=False)  # its time was not recorded
    reason = models.TextField(blank=True)

    stays: ClassVar[dict[str, str]] = {"by": "who did it does not change"}

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["opportunity", "-id"], name="transition_opportunity"),
            models.Index(fields=["booked_on"], condition=Q(from_stage__isnull=True), name="transition_opened"),
        ]


class StageSpan(Fact):
    """One stay of an opportunity in a stage, with owner, amount, product and source as at entry.

    Entered at `occurred_at`. `dwell_seconds` is there only when both ends are recorded times.
    """

    opportunity = models.ForeignKey("pipeline.Opportunity", models.PROTECT, related_name="spans", db_index=False)
    seq = models.PositiveIntegerField()
    stage = models.ForeignKey("pipeline.Stage", models.PROTECT, related_name="+", db_index=False)
    is_first = models.BooleanField()  # the opportunity was never in this stage before, but for an invalid stay
    is_opening = models.BooleanField(default=False)  # the opportunity was opened with it, on a day that is known
    is_invented = models.BooleanField(default=False)  # the time of entry was not recorded
    entered_ym = models.IntegerField()  # month key of the booking day
    amount = money_field(null=True, blank=True)
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    source = OptionField(list_key="customers.source", counted=_("商机的阶段记录"), blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    left_ym = models.IntegerField(null=True, blank=True)
    exit_kind = models.CharField(max_length=10, blank=True, choices=list(EXITS.items()))  # empty: still there
    next_stage = models.ForeignKey(
        "pipeline.Stage", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    dwell_seconds = models.BigIntegerField(null=True, blank=True)
    # known once it is left: how many steps were required, done by then, proved only afterwards; null: not recorded
    required_steps = models.PositiveIntegerField(null=True, blank=True)
    done_steps = models.PositiveIntegerField(null=True, blank=True)
    late_steps = models.PositiveIntegerField(null=True, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "seq"], name="span_once"),
            models.CheckConstraint(
                condition=Q(exit_kind="", left_at__isnull=True) | (~Q(exit_kind="") & Q(left_at__isnull=False)),
                name="span_left_has_exit",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "entered_ym", "exit_kind"], name="span_stage"),
            models.Index(fields=["credit_person", "stage", "entered_ym"], name="span_person"),
            models.Index(fields=["left_ym", "stage"], condition=Q(left_ym__isnull=False), name="span_left"),
        ]


class Closing(Fact):
    """A win or a loss (`sign` 1), or its reversal when the opportunity was reopened or the click undone (-1).

    `reversed_on` on a win or loss is the booking day of its reversal. Credited to the owner as a whole; one that
    `is_shared` counts for people and departments by its parts (`ClosingShare`).
    """

    opportunity = models.ForeignKey("pipeline.Opportunity", models.PROTECT, related_name="closings", db_index=False)
    transition = models.ForeignKey("pipeline.StageTransition", models.PROTECT, related_name="+", db_index=False)
    stage = models.ForeignKey("pipeline.Stage", models.PROTECT, related_name="+", db_index=False)  # closed from
    verdict = models.CharField(max_length=10, choices=[(WON, _("赢单")), (LOST, _("输单"))])
    sign = models.SmallIntegerField(default=1)
    reversed_on = models.DateField(null=True, blank=True)
    amount = money_field(null=True, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    source = OptionField(list_key="customers.source", counted=_("赢单和输单"), blank=True)
    cycle_seconds = models.BigIntegerField(null=True, blank=True)  # from opening to closing, where both are recorded
    reason = OptionField(list_key="pipeline.lost_reason", counted=_("赢单和输单"), blank=True)
    note = models.TextField(blank=True)
    competitor = models.CharField(max_length=80, blank=True)
    # how it went until then, as paths.py finds it; an empty path: imported, nobody knows
    path = models.CharField(max_length=210, blank=True)
    left_out = models.PositiveIntegerField(default=0)
    went_back = models.PositiveIntegerField(default=0)
    breaches = models.PositiveIntegerField(default=0)
    is_shared = models.BooleanField(default=False)

    class Meta(Fact.Meta):
        constraints = [models.CheckConstraint(condition=Q(sign__in=[1, -1]), name="closing_sign")]
        indexes = [
            models.Index(fields=["opportunity", "id"], name="closing_opportunity"),
            models.Index(fields=["transition"], name="closing_transition"),
            models.Index(fields=["verdict", "booked_on"], name="closing_day"),
            models.Index(fields=["customer", "verdict"], name="closing_customer"),
        ]


class Evidence(models.Model):
    """Proof that a step was done: a visit, a quote, a demonstration, noted by the module that knows, or a tick by hand.

    A tick has no kind: its `occurrence` is the key of the step.
    """

    opportunity = models.ForeignKey("pipeline.Opportunity", models.CASCADE, related_name="evidence", db_index=False)
    kind = OptionField(list_key="pipeline.evidence", counted=_("步骤的凭据"), blank=True)
    occurrence = models.CharField(max_length=60)  # the same proof noted twice is one
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    note = models.CharField(_("备注"), max_length=300, blank=True)

    stays: ClassVar[dict[str, str]] = {"by": "who did it does not change"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "kind", "occurrence"], name="evidence_once"),
        ]
