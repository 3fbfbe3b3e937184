"""Products and eight hundred customers, with the people one talks to."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.queries import actor_for
from xiaocheng.selling.catalogue.commands import ProductDraft, add_products
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, add_contacts, register_many

from . import words
from .company import Staff
from .fields import add_own_fields, share_view

CUSTOMERS, IN_POOL = 800, 70
MONTHS = 6
SOURCES = ("survey", "referral", "exhibition", "website", "cold_call", "hotline", "partner")
HABITS = ("喜欢先看样机再谈价格", "采购决定由厂长和财务共同做出", "习惯微信沟通，不喜欢电话", "每季度末集中采购", "")
NEEDS = ("计划扩建一条产线", "现有设备使用超过八年", "希望降低包装人工", "需要满足追溯码要求", "关注交期和售后", "")


def add_catalogue() -> list[int]:
    """The products that the demo company sells; gives their ids."""
    drafts = [
        ProductDraft(code=code, name=name, series=series, list_price=Decimal(price))
        for code, name, series, price in words.PRODUCTS
    ]
    return [outcome.product_id for outcome in add_products(SYSTEM, drafts) if outcome.product_id]


def add_customers(staff: Staff, dice: random.Random, first_day: dt.date) -> dict[int, list[int]]:
    """Register the customers, most before the first day and the others over the months since; ids by owner."""
    own, apart = add_own_fields(), random.Random(len(staff.all_reps()))  # noqa: S311  # leaves the other dice alone
    drafts = [replace(draft, custom=own.of_customer(apart), **_rated(draft, apart)) for draft in _drafts(staff, dice)]
    share_view(actor_for(staff.director), own)
    per_month = len(drafts) // (MONTHS * 3)
    by_owner: dict[int, list[int]] = defaultdict(list)
    days = [first_day - dt.timedelta(days=20)]
    days += [first_day + dt.timedelta(days=20 + 28 * month) for month in range(MONTHS)]
    for day in days:
        count = len(drafts) - per_month * MONTHS if day == days[0] else per_month
        batch, drafts = drafts[:count], drafts[count:]
        with clock.as_of(min(clock.instant(day, dt.time(10)), clock.now())):
            # As if from a spreadsheet: the time limit begins with the first contact, which the worker has yet to live.
            outcomes = register_many(SYSTEM, batch, cause="import")
            ids = [(draft, outcome.row_id) for draft, outcome in zip(batch, outcomes, strict=True) if outcome.row_id]
            add_contacts(
                SYSTEM, [_contact(customer, dice) for _draft, customer in ids for _ in range(dice.choice((1, 1, 2)))]
            )
        for draft, customer in ids:
            if draft.owner_id:
                by_owner[draft.owner_id].append(customer)
    return by_owner


def _drafts(staff: Staff, dice: random.Random) -> list[CustomerDraft]:
    reps = staff.all_reps()
    drafts: list[CustomerDraft] = []
    names: set[str] = set()
    while len(drafts) < CUSTOMERS:
        rep = reps[len(drafts) % len(reps)]
        region = staff.region_of(rep)
        city = dice.choice(words.CITIES[region])
        industry = dice.choice(list(words.TRADES))
        name = words.company_name(dice, city, industry)
        if name in names:
            continue
        names.add(name)
        drafts.append(_draft(dice, name, region, city, industry, rep.pk if len(drafts) >= IN_POOL else None))
    dice.shuffle(drafts)
    return drafts


def _draft(
    dice: random.Random, name: str, region: str, city: str, industry: str, owner_id: int | None
) -> CustomerDraft:
    return CustomerDraft(
        name=name,
        phone=words.mobile(dice),
        kind=dice.choice(("end", "end", "end", "dealer")),
        level=dice.choices(("A", "B", "C", "D"), (1, 3, 5, 2))[0],
        source=dice.choice(SOURCES),
        channel=dice.choice(("visit", "phone", "wechat")),
        region=region,
        industry=industry,
        address=words.address(dice, city),
        needs=dice.choice(NEEDS),
        habits=dice.choice(HABITS),
        owner_id=owner_id,
        despite_duplicates=True,
    )


def _rated(draft: CustomerDraft, dice: random.Random) -> dict[str, Any]:
    """What two of three customers could buy: those of a higher level mostly more."""
    if dice.random() > 0.65:
        return {}
    weights = {"A": (6, 3, 1), "B": (3, 5, 2), "C": (1, 4, 5), "D": (1, 2, 7)}[draft.level]
    potential = dice.choices(("high", "medium", "low"), weights)[0]
    most = {"high": 120, "medium": 40, "low": 12}[potential]
    return {"potential": potential, "yearly_demand": 1000 * dice.randrange(most // 3, most)}


def _contact(customer_id: int, dice: random.Random) -> ContactDraft:
    position = dice.choice(words.POSITIONS)
    return ContactDraft(
        customer_id=customer_id,
        name=words.person_name(dice),
        position=position,
        phone=words.mobile(dice),
        is_decision_maker=position in ("总经理", "采购经理", "生产厂长"),
        birthday=dt.date(dice.randrange(1965, 1998), dice.randrange(1, 13), dice.randrange(1, 29)),
        lunar_birthday=("01-15", "05-05", "08-15", "09-09")[customer_id % 4] if position == "总经理" else "",
    )
