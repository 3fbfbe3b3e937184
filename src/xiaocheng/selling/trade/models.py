"""Tables of trade."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.tables import OptionField
from xiaocheng.foundation.kernel.money import money_field
from xiaocheng.foundation.kernel.scope import Scope
from xiaocheng.foundation.org.models.facts import Fact


class SaleLine(Fact):
    """One line of a document by which a customer bought, as it was imported; less than zero for what came back.

    Known by its day, not by an instant. Seen by whoever it is credited to, and by whoever is responsible for the
    customer now: he must know what it bought before his time.
    """

    occurred_at = None  # type: ignore[assignment]
    credit_person = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    credit_department = models.ForeignKey(  # type: ignore[assignment]
        "org.Department", models.PROTECT, null=True, related_name="+"
    )
    occurred_on = models.DateField(_("日期"))
    number = models.CharField(_("单号"), max_length=60)  # of a line without one: its day
    line = models.CharField(max_length=40)  # within the document; of a line without one: a digest of what it says
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey("catalogue.Product", models.PROTECT, null=True, related_name="+", db_index=False)
    product_text = models.CharField(_("产品"), max_length=200, blank=True)  # as the file calls it
    quantity = models.DecimalField(_("数量"), max_digits=18, decimal_places=4, null=True)
    amount = money_field(verbose_name=_("金额"))
    profit = money_field(verbose_name=_("毛利"), null=True)
    discount = models.DecimalField(_("折扣"), max_digits=5, decimal_places=4, null=True)  # 0.2: a fifth off
    note = models.TextField(_("备注"), max_length=1000, blank=True)

    scope: ClassVar[Scope] = Scope(people=("credit_person", "customer__owner"), departments=("credit_department",))

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["number", "line"], name="sale_line_once")]
        indexes = [
            models.Index(fields=["customer", "-occurred_on", "-id"], name="sale_customer"),
            models.Index(fields=["occurred_on", "id"], name="sale_day"),
            models.Index(fields=["booked_on"], name="sale_booked"),
        ]

    def __str__(self) -> str:
        return self.number


class CustomerNumber(models.Model):
    """What the ERP calls a customer: two of the same name are told apart by it."""

    number = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="+")


class Receipt(Fact):
    """Money that a customer paid, as somebody entered it; a mistake is taken back by a second one, less than zero.

    Known by its day, not by an instant. Seen by whoever it is credited to, and by whoever is responsible for the
    customer now.
    """

    occurred_at = None  # type: ignore[assignment]
    received_on = models.DateField(_("收款日期"))
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", db_index=False)
    opportunity = models.ForeignKey("pipeline.Opportunity", models.PROTECT, null=True, related_name="+", db_index=False)
    visit = models.ForeignKey("fieldwork.Visit", models.PROTECT, null=True, related_name="+", db_index=False)
    amount = money_field(verbose_name=_("金额"))
    means = OptionField(_("付款方式"), "trade.means", _("回款"), blank=True)
    number = models.CharField(_("单据号"), max_length=60, blank=True)
    imported_as = models.CharField(max_length=60, blank=True)  # the line of a file that it came from
    note = models.TextField(_("备注"), max_length=1000, blank=True)
    entered_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")

    scope: ClassVar[Scope] = Scope(people=("credit_person", "customer__owner"), departments=("credit_department",))
    stays: ClassVar[dict[str, str]] = {**Fact.stays, "entered_by": "who entered it does not change"}

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["customer", "-received_on", "-id"], name="receipt_customer"),
            models.Index(fields=["opportunity"], name="receipt_deal", condition=models.Q(opportunity__isnull=False)),
            models.Index(fields=["visit"], name="receipt_visit", condition=models.Q(visit__isnull=False)),
            models.Index(fields=["received_on", "id"], name="receipt_day"),
            models.Index(fields=["booked_on"], name="receipt_booked"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["imported_as"], condition=~models.Q(imported_as=""), name="receipt_imported_once"
            )
        ]

    def __str__(self) -> str:
        return self.number or f"HK{self.pk:06d}"


class Receivable(models.Model):
    """A deal won here whose money is awaited; deals of former systems are not, nobody entered what was paid there."""

    opportunity = models.OneToOneField("pipeline.Opportunity", models.CASCADE, related_name="+")
    since = models.DateTimeField()


class Order(Fact):
    """What a customer ordered on a day; one that is cancelled is taken back by a second one, less than zero.

    Known by its day, not by an instant. Seen by whoever it is credited to, and by whoever is responsible for the
    customer now.
    """

    occurred_at = None  # type: ignore[assignment]
    number = models.CharField(_("订单号"), max_length=60, unique=True)
    ordered_on = models.DateField(_("订货日期"))
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", db_index=False)
    opportunity = models.ForeignKey("pipeline.Opportunity", models.PROTECT, null=True, related_name="+", db_index=False)
    visit = models.ForeignKey("fieldwork.Visit", models.PROTECT, null=True, related_name="+", db_index=False)
    amount = money_field(verbose_name=_("金额"))  # of all lines
    note = models.TextField(_("备注"), max_length=1000, blank=True)
    entered_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")

    scope: ClassVar[Scope] = Scope(people=("credit_person", "customer__owner"), departments=("credit_department",))
    stays: ClassVar[dict[str, str]] = {**Fact.stays, "entered_by": "who entered it does not change"}

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["customer", "-ordered_on", "-id"], name="order_customer"),
            models.Index(fields=["opportunity"], name="order_deal", condition=models.Q(opportunity__isnull=False)),
            models.Index(fields=["visit"], name="order_visit", condition=models.Q(visit__isnull=False)),
            models.Index(fields=["ordered_on", "id"], name="order_day"),
            models.Index(fields=["booked_on"], name="order_booked"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """A product of an order; read through its order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(_("数量"), max_digits=18, decimal_places=4)
    price = money_field(verbose_name=_("单价"))
    amount = money_field(verbose_name=_("金额"))  # rounded once to the minor unit

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="order_line_once")]
        ordering = ["position"]
