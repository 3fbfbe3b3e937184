"""Groups of customers, and which customers are in them: always within the sight of who asks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.conditions import Rule, checked, condition_of, words_of
from xiaocheng.foundation.fields.queries import hidden_keys
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.prepared import Prepared
from xiaocheng.selling.customers.conditions import fields
from xiaocheng.selling.customers.models import Customer, CustomerGroup, GroupMember
from xiaocheng.selling.customers.models.groups import groups_of
from xiaocheng.selling.customers.tokens import matching

MOST_COUNTED = 10_000
MOST_RULES = 50  # of a customer's page
THIS = -20_260_101  # stands for the customer's id in a statement whose text is kept


GROUP_VIEWS = {"all": _("全部"), "target": _("目标客户群")}


def groups(actor: Actor, view: str = "all") -> QuerySet[CustomerGroup]:
    """The groups that the actor knows of, or the target segments among them."""
    rows = groups_of(actor).select_related("owner", "department").order_by("pk")
    return rows.exclude(ideal="") if view == "target" else rows


def group(actor: Actor, group_id: int) -> CustomerGroup:
    """One group that the actor knows of."""
    row = groups(actor).filter(pk=group_id).first()
    if row is None:
        raise NotFound
    return row


def group_words(actor: Actor, row: CustomerGroup) -> str:
    """The rule of a group in words; nothing for one without a rule."""
    return words_of(Rule.stored(row.rule), fields(actor)) if row.rule else ""


def seen_rule(actor: Actor, row: CustomerGroup) -> Rule | None:
    """The rule of a group, unless one of its conditions asks for an own field that the actor may not see."""
    rule = Rule.stored(row.rule) if row.rule else None
    asked = {condition.field for block in rule.blocks for condition in block} if rule else set()
    return None if asked & hidden_keys(actor) else rule


def in_group(actor: Actor, row: CustomerGroup) -> Q:
    """The condition for being in a group; a rule is asked only of customers whose every detail the actor may read."""
    if row.rule is None:
        return Q(pk__in=GroupMember.objects.filter(group=row).values("customer_id"))
    return _fulfils(actor, Rule.stored(row.rule))


def _fulfils(actor: Actor, rule: Rule) -> Q:
    asked = condition_of(rule, fields(actor), clock.today())
    return asked if actor.sight.everyone else asked & Q(owner__in=sorted(actor.sight.people))


def members(actor: Actor, row: CustomerGroup, search: str = "") -> QuerySet[Customer]:
    """The customers of a group that the actor sees, the newest first."""
    rows: QuerySet[Customer] = Customer.objects.visible_to(actor).filter(in_group(actor, row))
    if search.strip():
        rows = matching(actor, rows, search)
    return rows.order_by("-pk")


def stages_in_group(actor: Actor, row: CustomerGroup) -> dict[str, int]:
    """How many customers of a group that the actor sees are in each stage of life."""
    rows = members(actor, row).order_by().values_list("stage").annotate(count=Count("pk"))
    return dict(rows)


@dataclass(frozen=True)
class Preview:
    """What a rule says, how many customers in sight fulfil it (`is_more`: that many at least), and some of them."""

    words: str
    count: int
    is_more: bool
    names: Sequence[str]


def preview(actor: Actor, rule: Rule) -> Preview:
    """What a rule would give, before it is saved."""
    rule = checked(rule, fields(actor))
    rows = Customer.objects.visible_to(actor).filter(_fulfils(actor, rule)).order_by("-pk")
    count = rows.values("pk")[: MOST_COUNTED + 1].count()
    names = tuple(rows.values_list("name", flat=True)[:5])
    return Preview(words_of(rule, fields(actor)), min(count, MOST_COUNTED), count > MOST_COUNTED, names)


def groups_with(actor: Actor, customer: Customer) -> list[CustomerGroup]:
    """The groups that the actor knows of and a customer that he sees is in, those with a strategy first."""
    known = list(groups_of(actor).order_by("pk"))
    rules = [row for row in known if row.rule is not None][:MOST_RULES]
    inside = set(_MEMBERSHIPS(customer.pk)) if len(rules) < len(known) else set()
    if rules and actor.sight.sees_person(customer.owner_id):
        sql, values = _statement(tuple(json.dumps(row.rule) for row in rules), clock.today(), hidden_keys(actor))
        with connection.cursor() as cursor:
            cursor.execute(sql, [customer.pk if value == THIS else value for value in values])
            holds = cursor.fetchone() or ()
        inside |= {row.pk for row, fulfilled in zip(rules, holds, strict=False) if fulfilled}
    return sorted((row for row in known if row.pk in inside), key=lambda row: (not row.strategy, row.pk))


_MEMBERSHIPS: Prepared[int] = Prepared(
    lambda customer: GroupMember.objects.filter(customer_id=customer).values_list("group_id", flat=True)
)


@lru_cache(maxsize=256)
def _statement(rules: tuple[str, ...], today: dt.date, hidden: frozenset[str]) -> tuple[str, tuple[Any, ...]]:
    """The statement that says of one customer which rules it fulfils; making its text costs more than asking it.

    For who may not see some own fields a condition over them lets nothing through.
    """
    known = {key: about for key, about in fields(SYSTEM).items() if key not in hidden}
    asked = {
        f"rule{place}": Case(
            When(condition_of(Rule.stored(json.loads(rule)), known, today), then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        )
        for place, rule in enumerate(rules)
    }
    row = Customer.objects.beyond_sight(because="the actor sees this customer and its owner").filter(pk=THIS)
    return row.values_list(*(asked[name] for name in asked)).query.sql_with_params()
