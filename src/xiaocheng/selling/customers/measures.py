"""What is counted about customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Bump, Measure, declare

from .models import Customer, CustomerMerge, Reception


def _new_customers() -> Iterable[Bump]:
    rows = Customer.objects.beyond_sight(because="measures are rebuilt from all rows").filter(
        credit_person__isnull=False
    )
    counted = rows.values_list("credit_person", "credit_department", "booked_on").annotate(n=Count("pk"))
    for person, department, day, n in counted.order_by():
        yield Bump(REGISTERED, person, department, day, n)
    yield from _corrections(REGISTERED)


def _corrections(key: str) -> Iterator[Bump]:
    """What merged customers counted for in periods that were closed before they were merged, and its reversal."""
    rows = CustomerMerge.objects.beyond_sight(because="measures are rebuilt from all rows").exclude(corrections=[])
    for facts in rows.values_list("corrections", flat=True):
        for kind, person, department, day, value in facts:
            if kind == key:
                yield Bump(key, person, department, dt.date.fromisoformat(day), value)


def _first_deals() -> Iterable[Bump]:
    rows = Customer.objects.beyond_sight(because="measures are rebuilt from all rows").filter(
        converted_by__isnull=False
    )
    counted = rows.values_list("converted_by", "converted_department", "became_customer_on").annotate(n=Count("pk"))
    for person, department, day, n in counted.order_by():
        yield Bump(CONVERTED, person, department, day, n)
    yield from _corrections(CONVERTED)


REGISTERED = declare(
    Measure(
        key="customers.registered",
        name=_("新增客户"),
        unit="count",
        formula=_("期间内登记的客户数,记在登记时的负责人名下"),
        facts=_new_customers,
    )
)
CONVERTED = declare(
    Measure(
        key="customers.converted",
        name=_("新开发客户"),
        unit="count",
        formula=_("期间内首次成交(赢单或导入的销售记录)的客户数,记在成交的业务员名下"),
        facts=_first_deals,
    )
)


RECEIVED_ROWS = Q(cancelled_at__isnull=True)


def _receptions() -> Iterable[Bump]:
    rows = Reception.objects.beyond_sight(because="measures are rebuilt from all rows").filter(RECEIVED_ROWS)
    counted = rows.values_list("credit_person", "credit_department", "booked_on").annotate(n=Count("pk"))
    for person, department, day, n in counted.order_by():
        yield Bump(RECEIVED, person, department, day, n)


RECEIVED = declare(
    Measure(
        key="customers.received",
        name=_("接待"),
        unit="count",
        formula=_("期间内接待的来客和来电数(一拨算一次),记在接待人名下,作废的不算"),
        facts=_receptions,
    )
)
