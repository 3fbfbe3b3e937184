"""When a prospect became a customer, and when that was a mistake."""

from __future__ import annotations

from collections.abc import Collection

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.models import JournalSubject

from .events import FirstDealMade, FirstDealUndone
from .models import Customer
from .models.customers import PROSPECT

CONVERTED = ("became_customer_on", "converted_by", "converted_department", "clock_since")


def first_deal_undone(row: Customer) -> FirstDealUndone:
    """What is told when a customer's first deal is none, or no longer the first."""
    return FirstDealUndone(
        customer_id=row.pk,
        credit_person_id=row.converted_by_id,
        credit_department_id=row.converted_department_id,
        booked_on=row.became_customer_on or clock.today(),
    )


def stages_before(customer_ids: Collection[int]) -> dict[int, str]:
    """What customers were before their first deal, as it was noted then."""
    told = JournalSubject.objects.filter(
        kind="customers.customer", row_id__in=customer_ids, entry__kind=FirstDealMade.kind()
    )
    notes = told.order_by("entry_id").values_list("row_id", "entry__data")
    return {pk: data.get("former_stage", PROSPECT) for pk, data in notes}
