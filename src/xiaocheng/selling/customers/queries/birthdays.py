"""Whose birthday comes: customers who are persons, and the people at customers, by either calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
    found: list[Birthday] = []
    for n in range((last - first).days + 1):
        day = first + dt.timedelta(days=n)
        found += _on(day, mine.filter(_comes(day)).values_list("pk", "name", "name", "birthday"))
        found += _on(day, people.filter(_comes(day)).values_list("customer_id", "customer__name", "name", "birthday"))
    return found


def _comes(day: dt.date) -> Q:
    solar = Q(birthday__month=day.month, birthday__day=day.day)
    if (day.month, day.day) == (2, 28) and (day + dt.timedelta(days=1)).month == 3:
        solar |= Q(birthday__month=2, birthday__day=29)
    return solar | Q(lunar_birthday__in=lunar_days_of(day))


def _on(day: dt.date, rows: Iterable[tuple[int, str, str, dt.date | None]]) -> Iterator[Birthday]:
    for customer_id, customer, person, solar in rows:
        is_solar = solar is not None and solar.month == day.month and abs(solar.day - day.day) <= 1
        yield Birthday(customer_id, customer, person, day, is_lunar=not is_solar)
