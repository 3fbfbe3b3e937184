"""Changing a rule of the company."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.models import RuleValue
from xiaocheng.foundation.kernel.periods import PeriodRules
from xiaocheng.foundation.kernel.rules import RuleField, Rules, forget_cached, parse_value, rule_fields, rules
from xiaocheng.foundation.org.access import MANAGE_RULES
from xiaocheng.foundation.org.events import RuleChanged


@transaction.atomic
def change_rule(actor: Actor, key: str, text: str, since: dt.date) -> RuleValue:
    """Give a rule ("CalendarRules.holidays") another value from a day on; closed periods keep theirs."""
    item = _rule(key)
    actor.require(MANAGE_RULES)
    value = parse_value(item, text)
    closed = rules(PeriodRules, clock.today()).closed_through
    if closed and since <= dt.date.fromisoformat(closed):
        raise RuleBroken(_("%(day)s 及以前已关账,规则只能从之后的日期起修改。") % {"day": closed}, field="since")
    row = RuleValue.objects.create(
        key=key, value=value, since=since, person_id=actor.person_id, recorded_at=clock.now()
    )
    forget_cached()
    record(actor, RuleChanged(key=key, rule=str(item.name), value=_shown(item, value), since=since))
    return row


def _rule(key: str) -> RuleField:
    kind = Rules.registry.get(key.partition(".")[0])
    for item in rule_fields(kind) if kind else ():
        if item.key == key:
            return item
    raise NotFound


def _shown(item: RuleField, value: object) -> str:
    return str(item.choices[value]) if item.choices else str(value)
