"""Whose birthday comes: customers who are persons, and the people at customers, by either calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.lunar import lunar_days_of
from xiaocheng.selling.customers.models import Contact, Customer


@dataclass(frozen=True)
class Birthday:
    """Somebody's birthday, on a day of this year."""

    customer_id: int
    customer: str
    person: str
    on: dt.date
    is_lunar: bool


def own_birthdays(actor: Actor, first: dt.date, last: dt.date) -> list[Birthday]:
    """The birthdays between two days of the actor's own customers and of the people there, the next one first."""
    mine = Customer.objects.visible_to(actor, by="owner").filter(owner_id=actor.person_id or 0)
    people = Contact.objects.visible_to(actor).filter(customer__in=mine.values("pk"), erased_at=None)
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    comes = reduce(or_, (_solar(day) | Q(lunar_birthday__in=lunar_days_of(day)) for day in days))
    columns = ("birthday", "lunar_birthday")
    rows = [
        *mine.filter(comes).values_list("pk", "name", "name", *columns),
        *people.filter(comes).values_list("customer_id", "customer__name", "name", *columns),
    ]
    return sorted((_next(days, *row) for row in rows), key=lambda item: (item.on, item.customer_id))


def _days_kept(day: dt.date) -> list[tuple[int, int]]:
    """Month and day of the births that are kept on a date: the 29th of February on the 28th where there is none."""
    is_short = (day.month, day.day) == (2, 28) and (day + dt.timedelta(days=1)).month == 3
    return [(day.month, day.day), *([(2, 29)] if is_short else [])]


def _solar(day: dt.date) -> Q:
    kept = (Q(birthday__month=month, birthday__day=number) for month, number in _days_kept(day))
    return reduce(or_, kept)


def _next(days: list[dt.date], pk: int, customer: str, person: str, solar: dt.date | None, lunar: str) -> Birthday:
    for day in days:
        is_solar = solar is not None and (solar.month, solar.day) in _days_kept(day)
        if is_solar or lunar in lunar_days_of(day):
            return Birthday(pk, customer, person, day, is_lunar=not is_solar)
    raise AssertionError("the row was chosen for one of the days")
