"""A showroom and a hotline that live: who is on duty, who came in or called in the last days, whose turn it was."""

from __future__ import annotations

import datetime as dt
import random

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import add_duty_site, set_duty
from xiaocheng.foundation.org.queries import actor_for, is_workday
from xiaocheng.selling.customers.commands import ReceptionDraft, receive
from xiaocheng.selling.customers.queries import customers

from . import words
from .company import Staff

DAYS_AHEAD, DAYS_BACK = 28, 9
HOURS = (dt.time(9, 40), dt.time(11, 5), dt.time(14, 20))


def open_doors(staff: Staff, dice: random.Random, today: dt.date) -> None:
    """Three at the showroom and two at the hotline every day, and what the last days brought."""
    first, last = today - dt.timedelta(days=DAYS_BACK), today + dt.timedelta(days=DAYS_AHEAD - 1)
    east, south = (staff.managers[region].department_id for region in ("east", "south"))
    desk, phones = staff.reps["east"][:3], staff.reps["south"][:2]
    with clock.as_of(clock.instant(first, dt.time(8))):
        showroom = add_duty_site(SYSTEM, "上海展厅", "site", east).pk
        set_duty(SYSTEM, showroom, first, last, [rep.pk for rep in desk])
        hotline = add_duty_site(SYSTEM, "400 热线", "hotline", south).pk
        set_duty(SYSTEM, hotline, first, last, [rep.pk for rep in phones])
    for number in range(DAYS_BACK + 1):
        day = first + dt.timedelta(days=number)
        if not is_workday(day) and day != today:
            continue
        for place, hour in enumerate(HOURS):
            at = clock.instant(day, hour)
            if at < clock.now():
                with clock.as_of(at):
                    is_call = place == 1
                    actor = actor_for(phones[0] if is_call else desk[0])
                    receive(actor, _guest(dice, hotline if is_call else showroom, is_call, number + place))
    _this_morning(staff, showroom, today)


def _guest(dice: random.Random, site: int, is_call: bool, number: int) -> ReceptionDraft:
    """Somebody who came in or called; every fourth leaves nothing, every third speaks for a company."""
    city, industry = dice.choice(words.CITIES["east"]), dice.choice(list(words.TRADES))
    leaves = number % 4 != 3
    return ReceptionDraft(
        channel="hotline" if is_call else "walk_in",
        site_id=site,
        name=words.person_name(dice),
        company=words.company_name(dice, city, industry) if leaves and number % 3 == 0 else "",
        phone=words.mobile(dice) if leaves else "",
        party_size=1 if is_call else dice.choice((1, 2, 2, 4)),
        note=dice.choice(words.TALKS),
        next_on=clock.today() + dt.timedelta(days=dice.choice((2, 3, 7))) if leaves else None,
        despite_duplicates=True,
    )


def _this_morning(staff: Staff, showroom: int, today: dt.date) -> None:
    """A known customer comes in while its owner is out."""
    if clock.now() < clock.instant(today, dt.time(9, 30)):
        return
    first, *_others = staff.reps["east"]
    theirs = customers(actor_for(staff.reps["east"][1]), "mine").exclude(phone="").order_by("pk").first()
    manager = actor_for(staff.managers["east"])
    with clock.as_of(clock.instant(today, dt.time(9, 20))):
        if theirs is not None:
            receive(
                manager,
                ReceptionDraft(
                    site_id=showroom, customer_id=theirs.pk, receiver_id=first.pk, owner_absent=True, party_size=2,
                    note="来看样机，约好下周再谈价格",
                ),
            )  # fmt: skip
