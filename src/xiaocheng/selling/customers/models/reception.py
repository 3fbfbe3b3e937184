"""Who came into the showroom or called the hotline, who received them, and whose turn it is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.scope import Scope
from xiaocheng.foundation.kernel.versions import Versioned
from xiaocheng.foundation.org.models.facts import Fact

from .customers import Customer

LONGEST_TALK = 4000
GUEST = ("name", "company", "phone", "phone_key", "companions", "note")  # the texts that erasure empties


UNKNOWN_GUEST = Q(customer__isnull=True) & ~Q(**dict.fromkeys(GUEST, ""))  # who left something, and is no customer


class Channel(models.TextChoices):
    """How they came."""

    WALK_IN = "walk_in", _("到店")
    HOTLINE = "hotline", _("来电")


AS_CONTACT = {Channel.WALK_IN: "visit", Channel.HOTLINE: "call"}  # what a reception is as a contact


class Outcome(models.TextChoices):
    """What the reception meant for the customer."""

    NEW = "new", _("新客户")
    OWN = "own", _("负责人接待")
    COURTESY = "courtesy", _("代接待")
    TAKEN = "taken", _("接手待接待客户")
    POOL = "pool", _("公海客户")
    CLAIMED = "claimed", _("接手公海客户")
    DISPUTED = "disputed", _("归属争议中,未接手")
    UNKNOWN = "unknown", _("未留联系方式")


def assisted_by(actor: Actor) -> Q:
    """The receptions at which somebody in sight assisted, and those of customers in sight."""
    helped = ReceptionHelper.objects.filter(person__in=sorted(actor.sight.people))
    owned = Customer.objects.visible_to(actor, by="owner")
    return Q(pk__in=helped.values("reception")) | Q(customer__in=owned.values("pk"))


class Reception(Fact, Versioned):
    """One party, several people perhaps, received by one person, to whom it is credited; others may have assisted.

    `owner` is who was responsible for the customer then. `clock_before` and `contact_before` are what the customer's
    time limit and last contact were: a cancelled reception gives them back.
    """

    channel = models.CharField(max_length=10, choices=Channel.choices)
    site = models.ForeignKey("org.DutySite", models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="receptions", db_index=False)
    contact = models.ForeignKey("customers.Contact", models.SET_NULL, null=True, related_name="+")
    owner = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("来客姓名"), max_length=60, blank=True)
    company = models.CharField(_("公司"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    phone_key = models.CharField(max_length=40, blank=True)
    party_size = models.PositiveSmallIntegerField(_("人数"), default=1)
    companions = models.CharField(_("同行人"), max_length=500, blank=True)
    note = models.TextField(_("洽谈记录"), max_length=LONGEST_TALK, blank=True)
    next_on = models.DateField(_("下次联系"), null=True, blank=True)
    is_team = models.BooleanField(_("团队接待"), default=False)
    out_of_turn = models.CharField(_("未按轮次的原因"), max_length=200, blank=True)
    clock_before = models.DateTimeField(null=True, blank=True)
    contact_before = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(max_length=200, blank=True)

    scope: ClassVar[Scope] = Scope(
        people=("credit_person", "recorded_by", "owner"), departments=("credit_department",), also=assisted_by
    )
    stays: ClassVar[dict[str, str]] = {
        "customer": "a fact names the customer with whom it happened",
        "owner": "history: who was responsible then",
        "recorded_by": "who typed it in does not change",
        "cancelled_by": "who took it back does not change",
    }

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["-occurred_at"], name="reception_latest"),
            models.Index(fields=["credit_person", "-occurred_at"], name="reception_person"),
            models.Index(fields=["customer", "-occurred_at"], name="reception_customer"),
            models.Index(fields=["phone_key"], name="reception_phone_key", condition=~Q(phone_key="")),
            models.Index(fields=["occurred_at"], name="reception_guest", condition=UNKNOWN_GUEST),
        ]

    def __str__(self) -> str:
        return self.name or self.company or self.phone


class ReceptionHelper(models.Model):
    """Somebody who assisted at a reception."""

    reception = models.ForeignKey(Reception, models.CASCADE, related_name="helpers")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    stays: ClassVar[dict[str, str]] = {"person": "history: who assisted then"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reception", "person"], name="reception_helper_once")]


class Way(models.TextChoices):
    """How a turn was used."""

    TAKEN = "taken", _("接待中")
    RECEIVED = "received", _("已接待")
    PASSED = "passed", _("让过")
    HANDED = "handed", _("轮流分配")


class DutyTurn(models.Model):
    """A turn at a showroom or hotline that was taken or passed: who had the last one the longest ago is next.

    Turns of a site are numbered without a gap; of two who take the same number one is refused. A turn without effect
    (`is_void`) came to nothing: its reception was cancelled.
    """

    site = models.ForeignKey("org.DutySite", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way.choices)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    reception = models.OneToOneField(Reception, models.PROTECT, null=True, related_name="turn")
    is_void = models.BooleanField(default=False)

    stays: ClassVar[dict[str, str]] = {
        "person": "history: whose turn it was",
        "by": "history: who took or passed it",
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "number"], name="duty_turn_once")]
        indexes = [models.Index(fields=["site", "at"], name="duty_turn_site")]


def changed_by(actor: Actor, row: Reception) -> bool:
    """True for whom received or registered, who worked with him as a team, and who is above him."""
    if row.recorded_by_id == actor.person_id or actor.sight.sees_person(row.credit_person_id):
        return True
    return row.is_team and row.helpers.filter(person=actor.person_id or 0).exists()
