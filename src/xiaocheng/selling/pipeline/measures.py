"""What is counted about opportunities: opened, won, lost, and for how much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.measures import Bump, Gauge, Measure, declare
from xiaocheng.foundation.kernel.money import unscaled

from .models import Closing, Opportunity, StageTransition
from .models.facts import INVALID
from .models.processes import OPEN, WON
from .sharing import parts_of

BECAUSE = "measures are counted again over all facts"
BY = frozenset({"product", "customer"})
SET = 2_000  # closings at once


def bumps_of(closing: Closing) -> Iterator[Bump]:
    """What a win, a loss or a reversal adds to the measures."""
    subjects = [("product", closing.product_id), ("customer", closing.customer_id)]
    about = tuple((kind, row_id) for kind, row_id in subjects if row_id is not None)
    for part in parts_of(closing):
        for key, value in _values(closing, part.share, part.amount):
            if value:
                yield Bump(key, part.credit_person_id, part.credit_department_id, closing.booked_on, value, about)


def rerouted(closing: Closing, source: int, target: int) -> Iterator[Bump]:
    """What changes in the measures when a closing that was with one customer is with another."""
    for item in bumps_of(closing):
        others = tuple(about for about in item.subjects if about[0] != "customer")
        for customer, sign in ((source, -1), (target, 1)):
            yield replace(item, value=sign * item.value, subjects=(*others, ("customer", customer)))


def _values(closing: Closing, share: int, worth: Decimal | None) -> list[tuple[str, Decimal]]:
    """What one person's share of a closing adds; of one who has it alone, the whole."""
    count, amount = closing.sign * unscaled(share), closing.sign * (worth or Decimal(0))
    if closing.verdict == WON:
        return [(WON_COUNT, count), (WON_AMOUNT, amount)]
    if closing.reason == INVALID:
        return [(INVALID_COUNT, count)]
    return [(LOST_COUNT, count), (LOST_AMOUNT, amount)]


def _closed(key: str) -> Iterator[Bump]:
    for closing in Closing.objects.beyond_sight(because=BECAUSE).prefetch_related("shares").iterator(SET):
        yield from (item for item in bumps_of(closing) if item.key == key)


def _opened() -> Iterator[Bump]:
    rows = (
        StageTransition.objects.beyond_sight(because=BECAUSE)
        .filter(from_stage__isnull=True, is_invented=False)
        .values_list("credit_person_id", "credit_department_id", "booked_on")
        .annotate(n=Count("pk"))
    )
    for person, department, day, n in rows.order_by():
        yield Bump(OPENED, person, department, day, n)


def _of_closings(key: str, name: Sentence, unit: str, formula: Sentence) -> str:
    facts: Callable[[], Iterable[Bump]] = partial(_closed, key)
    return declare(Measure(key, name, unit, formula, facts, BY))


OPENED = declare(
    Measure(
        "pipeline.opened",
        _("新建商机数"),
        "count",
        _("期间内新建的商机数,记在新建时的负责人名下;时间未记录的导入商机不计"),
        _opened,
    )
)
WON_COUNT = _of_closings(
    "pipeline.won",
    _("赢单数"),
    "count",
    _("期间内赢单的商机数;之后重新打开的,在重新打开的期间减去;几人共同负责的按份额计"),
)
WON_AMOUNT = _of_closings(
    "pipeline.won_amount", _("赢单金额"), "money", _("期间内赢单的金额合计,减去重新打开的;几人共同负责的按份额计")
)
LOST_COUNT = _of_closings(
    "pipeline.lost", _("输单数"), "count", _("期间内输单的商机数,不含「无效或重复」;几人共同负责的按份额计")
)
LOST_AMOUNT = _of_closings("pipeline.lost_amount", _("输单金额"), "money", _("期间内输单的金额合计,不含「无效或重复」"))
INVALID_COUNT = _of_closings(
    "pipeline.invalid", _("无效商机"), "count", _("期间内以「无效或重复」关闭的商机数,不计入成交率")
)


def _open_now() -> Iterator[tuple[int, int]]:
    rows = Opportunity.objects.beyond_sight(because=BECAUSE).filter(state=OPEN, customer__isnull=False)
    yield from rows.order_by().values_list("customer").annotate(n=Count("pk"))


OPEN_NOW = declare(
    Gauge(
        key="pipeline.open",
        name=_("进行中的商机"),
        unit="count",
        formula=_("该客户尚未成交或输单的商机数,包括其他同事负责的"),
        facts=_open_now,
    )
)
