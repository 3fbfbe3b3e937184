"""Two pools that live: customers come from a fair, reps claim some and give some back, a supervisor hands some out."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import AbstractContextManager
from decimal import Decimal

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.queries import actor_for, people
from xiaocheng.selling.customers.commands import (
    CustomerDraft,
    Member,
    PoolLimits,
    add_pool,
    agree_team,
    answer_dispute,
    answer_question,
    ask_extension,
    ask_owners,
    claim_many,
    decide_dispute,
    distribute,
    hint,
    open_dispute,
    register_many,
    release,
    standard_pool,
)
from xiaocheng.selling.customers.queries import customers, deciders

from . import words
from .company import Staff

FROM_FAIR, KEY_ACCOUNTS = 40, 8
SAID = [
    ("no_need", "三年内没有扩产计划"),
    ("price", "比现用供应商贵两成"),
    ("unreachable", ""),
    ("no_fit", "只做经销,不用设备"),
]
ASKED = ("客户在展会上找到我,想要三台的报价,您在跟进吗?", "老客户转介绍给我的,能不能一起跟?")
MORE_TIME = [(5, "客户在国外参展,下周回来"), (3, "等样机到货后一起上门")]


def fill_pools(staff: Staff, dice: random.Random, today: dt.date) -> None:
    """The last two weeks of the pools."""
    fair = _come(dice, FROM_FAIR, standard_pool("public").pk, today - dt.timedelta(days=14))
    limits = PoolLimits(claims_a_day=1, most_held=3, back_to_owner_days=90)
    key = add_pool(SYSTEM, "重点客户公海", is_claimable=True, is_open=True, limits=limits)
    accounts = _come(dice, KEY_ACCOUNTS, key.pk, today - dt.timedelta(days=9))
    for number, rep in enumerate(staff.all_reps()[:8]):
        actor, mine = actor_for(rep), fair[3 * number : 3 * number + 3]
        with _on(today, 12 - number):
            claim_many(actor, mine)
        if number < len(MORE_TIME):
            with _on(today, 1):
                ask_extension(actor, mine[1], *MORE_TIME[number])
        if number < len(SAID):
            reason, note = SAID[number]
            with _on(today, 4 - number):
                release(actor, mine[0], reason, note=note)
    with _on(today, 2):
        one, other, helper = staff.all_reps()[:3]
        agree_team(actor_for(one), fair[2], [Member(other.pk, "co_owner", Decimal(40)), Member(helper.pk)])
    _dispute(staff, fair, today)
    _questions(staff, today)
    with _on(today, 0):
        distribute(actor_for(staff.managers["east"]), accounts[:4], [rep.pk for rep in staff.reps["east"]], "turn")


def _dispute(staff: Staff, fair: list[int], today: dt.date) -> None:
    """One case that waits for its verdict, and one that was decided."""
    one, other, _helper, _fourth, taker = staff.all_reps()[:5]
    with _on(today, 2):
        claim_many(actor_for(taker), fair[3:4])
    with _on(today, 1):
        case = open_dispute(actor_for(other), fair[3], "退回是误操作,第二天就重新约了样机试用")
        answer_dispute(actor_for(taker), case.pk, "我从公海领取时没有任何约定的记录")
        old = open_dispute(actor_for(one), fair[0], "去年由我跟进")
        above = actor_for(people(SYSTEM).get(pk=deciders(SYSTEM, one.pk, None)[0]))
        decide_dispute(above, old.pk, "stays", "退回时写明没有需求,留在公海由大家领取")


def _questions(staff: Staff, today: dt.date) -> None:
    """Two reps were about to register customers of others: one owner has answered, one has yet to."""
    regions = list(staff.reps.values())
    with _on(today, 1):
        for number, text in enumerate(ASKED):
            owner, asker = regions[number][0], actor_for(regions[number - 1][1])
            row = customers(actor_for(owner), "mine").filter(owner=owner, is_person=False).exclude(phone="").first()
            if row is not None and hint(asker, row.name):
                asked = ask_owners(asker, row.name, text=text)
                if number:
                    answer_question(actor_for(owner), asked[0].pk, "own", "上周已经约好试机,有需要我来报价,谢谢告知")


def _on(today: dt.date, days_ago: int) -> AbstractContextManager[None]:
    return clock.as_of(min(clock.instant(today - dt.timedelta(days=days_ago), dt.time(10, 20)), clock.now()))


def _come(dice: random.Random, count: int, pool_id: int, day: dt.date) -> list[int]:
    """Customers that a fair or a bought list brought into a pool."""
    drafts = []
    for number in range(count):
        region = list(words.CITIES)[number % len(words.CITIES)]
        city, industry = dice.choice(words.CITIES[region]), dice.choice(list(words.TRADES))
        drafts.append(
            CustomerDraft(
                name=words.company_name(dice, city, industry),
                phone=words.mobile(dice),
                level=dice.choice("BCD"),
                source="exhibition",
                region=region,
                industry=industry,
                pool_id=pool_id,
                despite_duplicates=True,
            )
        )
    with clock.as_of(clock.instant(day, dt.time(15))):
        return [outcome.row_id for outcome in register_many(SYSTEM, drafts) if outcome.row_id]
