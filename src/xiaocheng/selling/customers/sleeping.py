"""Customers whose time limit sleeps: taken over from elsewhere, nobody was in touch with them yet as far as is known.

Only prospects sleep so: the time limit is about what lies before the first deal, and of one that was taken over as a
customer the deal was made before.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken

from .models import Customer, OwnershipEpisode
from .models.customers import PROSPECT

FOR_ALL = "one day is said for all; only counts are shown"
ASLEEP = Q(owner__isnull=False, became_customer_on__isnull=True, clock_since__isnull=True, stage=PROSPECT)


def sleepers() -> QuerySet[Customer]:
    """All that sleep; the day from which their time limit counts is said for the whole company."""
    rows: QuerySet[Customer] = Customer.objects.beyond_sight(because=FOR_ALL)
    return rows.filter(ASLEEP)


def taken_over_at() -> QuerySet[OwnershipEpisode, dict[str, Any]]:
    """Since when its present owner has a customer of the outer statement: one may have been known for years."""
    rows = OwnershipEpisode.objects.beyond_sight(because=FOR_ALL)
    return rows.filter(customer=OuterRef("pk"), ended_at=None).values("started_at")


def is_asleep(row: Customer) -> bool:
    """True when the time limit of a customer waits for its first contact."""
    is_new = row.became_customer_on is None and row.stage == PROSPECT
    return row.owner_id is not None and is_new and row.clock_since is None


def contacted_at(day: dt.date | None) -> dt.datetime | None:
    """The instant for a day of which a file says that somebody was in touch then; it cannot be in the future."""
    if day is not None and day > clock.today():
        raise RuleBroken(_("最近联系不能晚于今天。"), field="last_contact_on")
    return None if day is None else clock.instant(day)
