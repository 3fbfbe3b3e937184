"""Where codes of option lists stand in this module beside its columns: see foundation/fields/holders.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.conditions import Condition, Rule
from xiaocheng.foundation.fields.holders import InRows, InRule, Merge, holds_codes

from .first_contact import BETWEEN_LEVELS
from .models import CustomerGroup, CustomerMerge, Pool
from .options import CUSTOMER, LEVEL


def _groups(merge: Merge, rows: QuerySet[CustomerGroup]) -> Iterator[CustomerGroup]:
    """Groups by rule that ask for the value."""
    keys = merge.keys(CUSTOMER)
    for row in rows.exclude(rule=None) if keys else ():
        rule = Rule.stored(row.rule or {})
        after = Rule(rule.match, tuple(tuple(_asked(merge, each, keys) for each in block) for block in rule.blocks))
        if after != rule:
            row.rule = after.kept()
            yield row


def _asked(merge: Merge, condition: Condition, keys: frozenset[str]) -> Condition:
    if condition.field not in keys:
        return condition
    return Condition(condition.field, condition.test, tuple(merge.of(list(condition.values))))


def _pools(merge: Merge, rows: QuerySet[Pool]) -> Iterator[Pool]:
    """Pools to which customers with the value come by themselves."""
    keys = merge.keys(CUSTOMER)
    for row in rows if keys else ():
        after = merge.within(row.fed_by, keys)
        if after != row.fed_by:
            row.fed_by = after
            yield row


def _merges(merge: Merge, rows: QuerySet[CustomerMerge]) -> Iterator[CustomerMerge]:
    """Customers that went into others, as they come back if that is undone."""
    keys = merge.keys(CUSTOMER)
    for row in rows.filter(undone_at=None) if keys else ():
        before = row.row, row.changed
        row.row = _packed(merge, row.row, keys)
        was, now = ({name: pair[side] for name, pair in row.changed.items()} for side in (0, 1))
        was, now = _packed(merge, was, keys), _packed(merge, now, keys)
        row.changed = {name: [was[name], now[name]] for name in row.changed}
        if (row.row, row.changed) != before:
            yield row


def _packed(merge: Merge, columns: dict[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    """The columns of a customer as JSON keeps them."""
    own = {"custom": merge.within(columns["custom"], keys)} if "custom" in columns else {}
    return merge.within(columns, keys) | own


holds_codes(
    InRows("customers.CustomerGroup", ("rule",), _("分组"), _groups),
    InRows("customers.Pool", ("fed_by",), pgettext_lazy("several", "公海"), _pools),
    InRows("customers.CustomerMerge", ("row", "changed"), "", _merges),
    InRule.of("FirstContactRules.by_level", LEVEL, between=BETWEEN_LEVELS, sign="=", joined=", "),
    InRule.of("FirstContactRules.then_by_level", LEVEL, between=BETWEEN_LEVELS, sign="=", joined=", "),
)
