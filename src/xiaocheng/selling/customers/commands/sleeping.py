"""From which day the time limit counts for customers that sleep: said once for all of them, done when it has come."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count, DateTimeField, F, Subquery, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers.access import START_CLOCKS
from xiaocheng.selling.customers.events import ClocksBegun, ClocksStarted, ClocksWithdrawn
from xiaocheng.selling.customers.first_contact import LONGEST, FirstContactRules
from xiaocheng.selling.customers.models import ClockStart
from xiaocheng.selling.customers.sleeping import sleepers, taken_over_at

SET = 2000  # customers of one transaction: others wait meanwhile


def start_clocks(actor: Actor, on: dt.date) -> int:
    """Let the time limit of all that sleep on a day count from then on; gives how many sleep now.

    Said again before that day has come, the new day takes the place of the other; the same day again changes nothing.
    """
    with transaction.atomic():
        waiting = ClockStart.objects.select_for_update().filter(done_at=None).first()
        actor.require(START_CLOCKS)
        _check(on, waiting)
        owners = _by_owner()
        count = sum(owners.values())
        if count and (waiting is None or waiting.on != on):
            ClockStart.objects.update_or_create(done_at=None, defaults={"on": on, "set_at": clock.now()})
            record(actor, ClocksStarted(on=on, count=count, by_owner=owners))
    return count


def withdraw_start(actor: Actor) -> int:
    """Let them sleep on, as long as the day has not come; gives how many sleep now."""
    with transaction.atomic():
        waiting = ClockStart.objects.select_for_update().filter(done_at=None).first()
        actor.require(START_CLOCKS)
        if waiting is None:
            raise RuleBroken(_("没有等待启动的日期。"))
        _refuse_begun(waiting)
        owners = _by_owner()
        waiting.delete()
        record(actor, ClocksWithdrawn(on=waiting.on, count=sum(owners.values()), by_owner=owners))
    return sum(owners.values())


def begin_clocks(actor: Actor) -> int:
    """When the day has come, let the time limits count, some at a time; may be repeated. Gives how many began.

    What was taken over after that day counts from then.
    """
    actor.require_system()
    due = ClockStart.objects.filter(done_at=None, on__lte=clock.today()).first()
    if due is None:
        return 0
    begins = Greatest(Value(clock.instant(due.on), output_field=DateTimeField()), Subquery(taken_over_at()))
    ids = list(sleepers().order_by("pk").values_list("pk", flat=True))
    for some in in_sets(ids, SET):
        with transaction.atomic():
            count = sleepers().filter(pk__in=some).update(clock_since=begins)
            ClockStart.objects.filter(pk=due.pk).update(begun=F("begun") + count)
    with transaction.atomic():
        if ClockStart.objects.filter(pk=due.pk, done_at=None).update(done_at=clock.now()):
            due.refresh_from_db()
            record(actor, ClocksBegun(on=due.on, count=due.begun))
    return due.begun


def _check(on: dt.date, waiting: ClockStart | None) -> None:
    today = clock.today()
    if not rules(FirstContactRules, today).is_on:
        raise RuleBroken(_("公司没有启用首问负责制时限,请先在规则中启用。"))
    if not 0 <= (on - today).days <= LONGEST:
        raise RuleBroken(_("启动日期请选今天到一年之内的日子。"), field="on")
    if waiting is not None and waiting.on != on:
        _refuse_begun(waiting)


def _refuse_begun(waiting: ClockStart) -> None:
    if waiting.on <= clock.today():
        raise RuleBroken(_("启动日期已到,时限正在开始计算,不能再改期或取消。"))


def _by_owner() -> dict[str, int]:
    return {str(owner): count for owner, count in sleepers().order_by().values_list("owner").annotate(Count("pk"))}
