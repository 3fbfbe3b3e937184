"""What the lists of customers and contacts may be narrowed to."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import choices
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.measures import gauge, gauged_as
from xiaocheng.insight.measures import DECISION, GAUGES, LOYALTY, PRICE_LED, VALUE_CLASS
from xiaocheng.interface.web.shell.custom import CustomFilters
from xiaocheng.interface.web.shell.forms import DayRangeFilter, Filters, PickFilter
from xiaocheng.selling.customers.queries import (
    CAUSES,
    CHANNELS,
    CONSENT_NAMES,
    CONSENT_STATES,
    CONSENTS,
    KINDS,
    LISTS,
    POTENTIALS,
    STAGES,
    Contact,
    Customer,
    group,
    has_said,
    in_group,
    lapsing_within,
    unmasked,
)

LIMITS = {"1": _("1 天内到期"), "3": _("3 天内到期"), "7": _("7 天内到期"), "14": _("14 天内到期")}
NONE, UNKNOWN = "none", _("未判断")


class LedgerFilters(Filters):
    """What the ledger may be narrowed to."""

    pool = PickFilter(source="pools", all_shown=True, label=_("公海"), method="of_pool")
    started_at = DayRangeFilter(label=_("日期"))
    started_cause = django_filters.ChoiceFilter(label=_("事由"), choices=list(CAUSES.items()))
    person = PickFilter(field_name="person", source="customer-owners", label=_("给了谁"))
    former = PickFilter(field_name="former", source="customer-owners", label=_("原负责人"))

    def of_pool(self, rows: QuerySet[Any], name: str, pool_id: int) -> QuerySet[Any]:
        """What came into a pool or left it."""
        return rows.filter(Q(pool=pool_id) | Q(from_pool=pool_id))


def consent_filter(channel: str) -> django_filters.ChoiceFilter:
    """A filter by the last word on one way of being reached."""
    choices = list(CONSENT_STATES.items())
    return django_filters.ChoiceFilter(label=CONSENT_NAMES[channel], choices=choices, method="by_consent")


class ContactFilters(CustomFilters):
    """What the list of contacts may be narrowed to."""

    table = "customers.contact"
    is_decision_maker = django_filters.BooleanFilter(label=_("决策人"))
    owner = PickFilter(field_name="customer__owner", source="customer-owners", label=_("负责人"))
    consent_phone, consent_sms, consent_email, consent_wechat = map(consent_filter, CHANNELS)
    further = frozenset(CONSENTS)

    def by_consent(self, rows: QuerySet[Any, Any], name: str, state: str) -> QuerySet[Any, Any]:
        """Those of the rows whose last word on a way of being reached is this."""
        return rows.filter(has_said(Contact, CONSENTS[name], state))


def gauge_filter(key: str, none: Any = UNKNOWN) -> django_filters.ChoiceFilter:
    """A filter by a coded gauge; also for those that have no value of it."""
    item = gauge(key)
    choices = [*item.words.items(), (NONE, none)] if len(item.words) > 1 else list(item.words.items())
    return django_filters.ChoiceFilter(label=item.name, choices=choices, method="by_gauge")


class CustomerFilters(CustomFilters):
    """What the list of customers may be narrowed to."""

    table = "customers.customer"
    further = frozenset(
        ("channel", "kind", "is_person", "potential", "value_class", "loyalty", "price_led", "decision", "registered",
         "next_contact_on", "became_customer_on", "pool", *CONSENTS)
    )  # fmt: skip
    level = django_filters.ChoiceFilter(label=_("级别"), choices=lambda: choices(LISTS["level"]))
    stage = django_filters.ChoiceFilter(label=_("阶段"), choices=list(STAGES.items()))
    region = django_filters.ChoiceFilter(label=_("地区"), choices=lambda: choices(LISTS["region"]))
    industry = django_filters.ChoiceFilter(label=_("行业"), choices=lambda: choices(LISTS["industry"]))
    source = django_filters.ChoiceFilter(label=_("来源"), choices=lambda: choices(LISTS["source"]))
    channel = django_filters.ChoiceFilter(label=_("联系渠道"), choices=lambda: choices(LISTS["channel"]))
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=list(KINDS.items()))
    is_person = django_filters.ChoiceFilter(
        label=_("公司或个人"), choices=[("0", _("公司")), ("1", _("个人客户"))], empty_label=_("全部")
    )
    potential = django_filters.ChoiceFilter(label=_("潜力"), choices=list(POTENTIALS.items()))
    value_class = gauge_filter(VALUE_CLASS)
    loyalty = gauge_filter(LOYALTY)
    price_led = gauge_filter(PRICE_LED)
    decision = gauge_filter(DECISION, _("还没有决定"))
    limit = django_filters.ChoiceFilter(label=_("首问时限"), choices=list(LIMITS.items()), method="near_lapse")
    registered = DayRangeFilter(label=_("登记日期"), method="of_days")
    last_contact = DayRangeFilter(label=_("最近联系"), method="of_days")
    next_contact_on = DayRangeFilter(label=_("下次联系"))
    became_customer_on = DayRangeFilter(label=_("成交日期"))
    owner = PickFilter(field_name="owner", source="customer-owners", label=_("负责人"))
    group = PickFilter(method="of_group", source="any-customer-groups", label=_("分组"))
    pool = PickFilter(field_name="pool", source="pools", all_shown=True, label=_("公海"))
    consent_phone, consent_sms, consent_email, consent_wechat = map(consent_filter, CHANNELS)

    def readable(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What a pool hides cannot be filtered by."""
        return unmasked(self.actor, rows)

    def by_gauge(self, rows: QuerySet[Any, Any], name: str, code: str) -> QuerySet[Any, Any]:
        """Those of the rows of which a gauge says this; what a pool hides cannot be filtered by."""
        return self.readable(rows).filter(gauged_as(GAUGES[name], ["" if code == NONE else code]))

    def by_consent(self, rows: QuerySet[Any, Any], name: str, state: str) -> QuerySet[Any, Any]:
        """The persons among the rows whose last word is this; what a pool hides cannot be filtered by."""
        return self.readable(rows).filter(has_said(Customer, CONSENTS[name], state), is_person=True)

    def near_lapse(self, rows: QuerySet[Any, Any], name: str, days: str) -> QuerySet[Any, Any]:
        """Those of the rows whose time limit passes within so many days."""
        return rows.filter(lapsing_within(self.actor, int(days)))

    def of_days(self, rows: QuerySet[Any, Any], name: str, days: slice) -> QuerySet[Any, Any]:
        """Those of the rows whose instant lies on one of the company's days; either end may be open."""
        first, last = (at and at.date() for at in (days.start, days.stop))
        if first:
            rows = rows.filter(**{f"{name}_at__gte": clock.bounds(first, first)[0]})
        return rows.filter(**{f"{name}_at__lt": clock.bounds(last, last)[1]}) if last else rows

    def of_group(self, rows: QuerySet[Any, Any], name: str, group_id: int) -> QuerySet[Any, Any]:
        """Those of the rows that are in a group."""
        return rows.filter(in_group(self.actor, group(self.actor, group_id)))
