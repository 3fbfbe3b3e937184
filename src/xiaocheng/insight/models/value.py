"""What each customer is worth and what it took of our time, as it was last counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.money import money_field
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel


class CustomerValue(ScopedModel):
    """One customer that bought, took of our time, has a potential or a decision, over the period of the last count.

    Seen by whoever sees its owner.

    Derived: counted anew every night. Who bought nothing in the period has no class.
    """

    customer = models.OneToOneField("customers.Customer", models.CASCADE, related_name="+")
    klass = models.CharField(_("价值级别"), max_length=6, blank=True)
    score = models.DecimalField(_("评分"), max_digits=6, decimal_places=2, null=True)  # where the company has criteria
    value = money_field(default=0)
    sales = money_field(verbose_name=_("销售额"), default=0)
    profit = money_field(verbose_name=_("毛利"), null=True)
    orders = models.IntegerField(_("订单"), default=0)
    products = models.IntegerField(_("产品数"), default=0)
    last_on = models.DateField(_("最近下单"), null=True)
    minutes = models.IntegerField(default=0)  # between check-in and check-out of visits
    visits = models.IntegerField(_("拜访"), default=0)
    contacts = models.IntegerField(default=0)  # calls, messages and others, which have no length
    loyalty = models.CharField(_("忠诚度"), max_length=6, blank=True)
    keeps_rhythm = models.BooleanField(null=True)  # None: too little is known
    pays_in_full = models.BooleanField(null=True)
    is_long = models.BooleanField(null=True)
    is_price_led = models.BooleanField(_("价格导向"), default=False)
    # The present decision, with what the customer was then; not counted at night.
    decision = models.CharField(_("取舍"), max_length=5, blank=True)
    review_on = models.DateField(_("复核日期"), null=True)
    decided_klass = models.CharField(max_length=6, blank=True)
    decided_loyalty = models.CharField(max_length=6, blank=True)
    decided_potential = models.CharField(max_length=6, blank=True)

    scope: ClassVar[Scope] = Scope(people=("customer__owner",))

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["value", "id"], name="customer_value_value"),
            models.Index(fields=["klass", "value", "id"], name="customer_value_class"),
            models.Index(fields=["value", "id"], name="customer_value_decided", condition=~Q(decision="")),
        ]


class ValueCount(models.Model):
    """The last count of customers' values: one row, which says over which days and by what."""

    first = models.DateField()
    last = models.DateField()  # the day of the count
    months = models.IntegerField()
    by = models.CharField(max_length=7)  # profit, sales, score
    customers = models.IntegerField()
