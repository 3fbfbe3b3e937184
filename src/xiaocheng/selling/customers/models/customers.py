"""Customers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.tables import Customised, OptionField
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel, granted_ids
from xiaocheng.foundation.kernel.search import SearchIndex
from xiaocheng.foundation.kernel.versions import Versioned
from xiaocheng.selling.customers.access import READ_DETAILS
from xiaocheng.selling.customers.personal_data import PersonalDataRules, Reading

from .pools import pools_of

if TYPE_CHECKING:
    from .consent import Consent

search_index = SearchIndex("customers_customer_search")

PROSPECT, CUSTOMER, LOST = "prospect", "customer", "lost"
STAGES = {PROSPECT: _("潜在客户"), CUSTOMER: _("成交客户"), LOST: _("流失客户")}
END, DEALER = "end", "dealer"
KINDS = {END: _("终端客户"), DEALER: _("经销商")}
HIGH, MEDIUM, LOW = "high", "medium", "low"
POTENTIALS = {HIGH: _("高"), MEDIUM: pgettext_lazy("level", "中"), LOW: _("低")}
AWAITING = _("待接待")
LONG_TEXT = 4000
PERSONAL = (  # the texts that say who it is; erasure empties them
    "phone", "email", "wechat", "lunar_birthday", "website", "address",
    "characteristics", "needs", "habits", "purchasing_power", "background",
)  # fmt: skip


SORTED = {"name": "sort_key", "contact": "last_contact_at", "next": "next_contact_on"}


class Customer(ScopedModel, Versioned, Customised):
    """A company or person that we sell to; always with an owner, in a pool, or awaiting reception.

    `credit_person` registered it as new (新增客户), `converted_by` made the first deal (新开发客户).
    """

    name = models.CharField(_("客户名称"), max_length=200)
    name_key = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=120)
    stage = models.CharField(_("阶段"), max_length=10, choices=list(STAGES.items()), default=PROSPECT)
    kind = models.CharField(_("类型"), max_length=10, choices=list(KINDS.items()), default=END)
    is_person = models.BooleanField(_("个人客户"), default=False)
    level = OptionField(_("级别"), "customers.level", pgettext_lazy("several", "客户"), blank=True)
    source = OptionField(_("来源"), "customers.source", pgettext_lazy("several", "客户"), blank=True)
    channel = OptionField(_("联系渠道"), "customers.channel", pgettext_lazy("several", "客户"), blank=True)
    region = OptionField(_("地区"), "customers.region", pgettext_lazy("several", "客户"), blank=True)
    industry = OptionField(_("行业"), "customers.industry", pgettext_lazy("several", "客户"), blank=True)
    potential = models.CharField(_("潜力"), max_length=6, choices=list(POTENTIALS.items()), blank=True)
    yearly_demand = models.BigIntegerField(_("年采购额估计"), null=True, blank=True)  # from all suppliers, in 元
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    phone_key = models.CharField(max_length=40, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    wechat = models.CharField(_("微信"), max_length=60, blank=True)
    birthday = models.DateField(_("生日"), null=True, blank=True)
    lunar_birthday = models.CharField(_("农历生日"), max_length=5, blank=True)  # month and day, "08-15"
    website = models.CharField(_("网址"), max_length=200, blank=True)
    address = models.CharField(_("地址"), max_length=300, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)  # WGS-84
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    characteristics = models.TextField(_("特征"), max_length=LONG_TEXT, blank=True)
    needs = models.TextField(_("需求"), max_length=LONG_TEXT, blank=True)
    habits = models.TextField(_("习惯与注意事项"), max_length=LONG_TEXT, blank=True)
    purchasing_power = models.TextField(_("购买力"), max_length=LONG_TEXT, blank=True)
    background = models.TextField(_("背景"), max_length=LONG_TEXT, blank=True)

    owner = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    pool = models.ForeignKey("customers.Pool", models.PROTECT, null=True, related_name="+", db_index=False)
    is_awaiting = models.BooleanField(default=False)  # 待接待: its next reception gives it to the rep on duty
    clock_since = models.DateTimeField(null=True)  # the time limit runs since then; None: it stands still
    extended_to = models.DateField(null=True)  # agreed with the supervisor: it does not lapse before 00:00 of this day
    unpaid_since = models.DateTimeField(
        null=True
    )  # won deals are not paid in full: read strictly, the limit runs since
    is_shared = models.BooleanField(default=False)  # somebody works on it beside the owner
    in_dispute = models.BooleanField(default=False)  # somebody says that it is his; nobody has decided yet
    erased_at = models.DateTimeField(null=True)  # its personal data are gone: it is in no list any more
    last_contact_at = models.DateTimeField(_("最近联系"), null=True, blank=True)
    next_contact_on = models.DateField(_("下次联系"), null=True, blank=True)

    registered_at = models.DateTimeField(_("登记时间"))
    registered_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    booked_on = models.DateField()
    credit_person = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    credit_department = models.ForeignKey("org.Department", models.PROTECT, null=True, related_name="+", db_index=False)
    became_customer_on = models.DateField(null=True, blank=True)
    converted_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    converted_department = models.ForeignKey(
        "org.Department", models.PROTECT, null=True, related_name="+", db_index=False
    )

    said: list[Consent]  # what was noted of a person, where a query was asked to bring it along

    scope: ClassVar[Scope] = Scope(
        people=("owner",),
        granted=True,
        # "in", as SQLite uses no index for a truth value that stands alone, and then reads the whole table
        also=lambda actor: Q(pool__in=pools_of(actor).values("pk")) | Q(is_awaiting__in=[True]),
    )
    stays: ClassVar[dict[str, str]] = {
        "registered_by": "who typed it in does not change",
        "credit_person": "a new customer stays credited to whom it was credited",
        "converted_by": "a first deal stays credited to whom it was credited",
    }

    class Meta(ScopedModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, pool__isnull=True, is_awaiting=False)
                | Q(owner__isnull=True, pool__isnull=False, is_awaiting=False)
                | Q(owner__isnull=True, pool__isnull=True, is_awaiting=True)
                | Q(owner__isnull=True, pool__isnull=True, is_awaiting=False, erased_at__isnull=False),
                name="customer_is_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(clock_since__isnull=True) | Q(owner__isnull=False, became_customer_on__isnull=True),
                name="customer_clock_runs_for_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="customer_place_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["pool", "-id"], name="customer_pool", condition=Q(pool__isnull=False)),
            models.Index(fields=["clock_since"], name="customer_clock", condition=Q(clock_since__isnull=False)),
            models.Index(fields=["unpaid_since"], name="customer_unpaid", condition=Q(unpaid_since__isnull=False)),
            models.Index(
                fields=["owner", "stage", "level"],
                name="customer_asleep",
                condition=Q(owner__isnull=False, became_customer_on__isnull=True, clock_since__isnull=True),
            ),
            models.Index(fields=["is_awaiting", "-id"], name="customer_awaiting"),
            models.Index(
                fields=["last_contact_at"],
                name="customer_kept",
                condition=Q(is_person=True, became_customer_on__isnull=True, erased_at__isnull=True),
            ),
            models.Index(fields=["potential", "id"], name="customer_potential", condition=~Q(potential="")),
            models.Index(fields=["name_key"], name="customer_name_key"),
            # what lists are sorted by: everybody's, and those of an owner or some
            *(models.Index(fields=[field, "id"], name=f"customer_by_{name}") for name, field in SORTED.items()),
            *(models.Index(fields=["owner", field], name=f"customer_own_{name}") for name, field in SORTED.items()),
            # the new customers of a period, and by their source what became of them
            models.Index(
                fields=["booked_on", "credit_person", "credit_department", "source"], name="customer_registered"
            ),
            models.Index(fields=["phone_key"], name="customer_phone_key", condition=~Q(phone_key="")),
            # The last one made: where several begin with the owner, SQLite takes the newest for the list of a team.
            models.Index(fields=["owner", "-id"], name="customer_owner"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> tuple[Decimal, Decimal] | None:
        """Latitude and longitude, in degrees of WGS-84; None while nobody knows them."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    @classmethod
    def readable_by(cls, actor: Actor) -> Q:
        """Of which of the visible rows the actor may read phones and addresses, if need be after asking for them."""
        if not actor.can(READ_DETAILS):
            return Q(owner=actor.person_id or 0) | Q(pk__in=granted_ids(actor, cls))
        return Q() if actor.sight.everyone else Q(owner__isnull=False) | Q(pk__in=granted_ids(actor, cls))

    @classmethod
    def unmasked_for(cls, actor: Actor) -> Q:
        """Of which of the visible rows the actor may read own fields: none of a pool that was not opened to him."""
        return Q() if actor.sight.everyone else Q(owner__isnull=False) | Q(pk__in=granted_ids(actor, cls))

    def is_masked_for(self, actor: Actor) -> bool:
        """In a pool: phone, address, contacts and files are shown to its keepers and to whom it was opened."""
        if self.erased_at is not None:
            return True
        if self.owner_id is not None or actor.sight.everyone:
            return False
        return not granted_ids(actor, Customer).filter(row_id=self.pk).exists()

    def details_for(self, actor: Actor) -> Reading:
        """How far the actor may read its phones, addresses and birthdays, and those of its contacts."""
        if self.owner_id is not None and self.owner_id == actor.person_id:
            return Reading.FREE
        if self.is_masked_for(actor):
            return Reading.HIDDEN
        with_note = rules(PersonalDataRules, clock.today()).notes_reading and not actor.is_system
        if actor.can(READ_DETAILS) and not with_note:
            return Reading.FREE
        if granted_ids(actor, Customer).filter(row_id=self.pk).exists():
            return Reading.FREE
        return Reading.NOTED if actor.can(READ_DETAILS) else Reading.HIDDEN

    def is_decided_by(self, actor: Actor) -> bool:
        """True when it was not only opened to the actor, to look at because of an opportunity."""
        return Customer.objects.shows(actor.in_own_right(), self)

    def hides_files_from(self, actor: Actor) -> bool:
        """To whom it was only opened, files and story are not shown: they tell of others' deals."""
        return self.is_masked_for(actor) or not self.is_decided_by(actor)
