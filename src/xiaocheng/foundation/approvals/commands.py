"""Ways to say something about a paper: the module that owns it loads it, calls this, and records its own event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.rules import rules

from .models import Alarm, SignOff, Verdict
from .queries import Paper, line_above, who_may_decide
from .rules import ApprovalRules


def decide(actor: Actor, kind: str, paper: Paper, version: int, verdict: str, comment: str = "") -> SignOff:
    """Sign or return one version of a paper that the caller has loaded and locked."""
    if actor.person_id == paper.person_id:
        raise RuleBroken(_("自己的计划、报告和申请要由主管签核,不能自己签。"))
    signers = who_may_decide(actor, paper)
    if actor.person_id not in signers:
        raise RuleBroken(_("今天由直属主管或其代理人签核,您可以查看和批示。"))
    if verdict == Verdict.RETURNED and not comment.strip():
        raise RuleBroken(_("退回时请写明要改什么。"), field="comment")
    try:
        with transaction.atomic():
            return _say(actor, kind, paper.row_id, version, verdict, comment, signers[actor.person_id])
    except IntegrityError:
        raise RuleBroken(_("这一版已经签核过了。请刷新页面查看结果。")) from None


def comment(actor: Actor, kind: str, paper: Paper, version: int, comment: str) -> SignOff:
    """Write an instruction on a paper that the caller has loaded, without deciding it; anybody who sees it may."""
    if not comment.strip():
        raise RuleBroken(_("请写下批示内容。"), field="comment")
    absent = who_may_decide(actor, paper).get(actor.person_id or 0)
    return _say(actor, kind, paper.row_id, version, Verdict.COMMENTED, comment, absent)


def forget_comments(actor: Actor, kind: str, row_ids: Collection[int]) -> None:
    """Empty what was said about papers that name an erased person; who decided and how stays."""
    SignOff.objects.filter(kind=kind, row_id__in=row_ids).update(comment="")


def raise_alarm(actor: Actor, kind: str, row_id: int, person_id: int) -> list[int]:
    """Say that a row cannot wait; gives whom to tell at once: the nearest above the person, with their deputies."""
    levels, now = line_above(actor, person_id), clock.now()
    anew = {"person_id": person_id, "step": 1, "told_at": now, "ended_at": None if levels else now}
    Alarm.objects.update_or_create(kind=kind, row_id=row_id, defaults=anew)
    return levels[0] if levels else []


def end_alarms(actor: Actor, kind: str, row_ids: Collection[int]) -> None:
    """Somebody has taken the rows up: nobody higher needs to know."""
    Alarm.objects.filter(kind=kind, row_id__in=row_ids, ended_at=None).update(ended_at=clock.now())


def climb(actor: Actor, kind: str) -> dict[int, list[int]]:
    """Of what nobody took up in time, go one step up the line; gives whom to tell by row, each step but once."""
    actor.require_system()
    hours, now = rules(ApprovalRules, clock.today()).alarm_after_hours, clock.now()
    if not hours:
        return {}
    found: dict[int, list[int]] = {}
    for alarm in Alarm.objects.filter(kind=kind, ended_at=None, told_at__lte=now - dt.timedelta(hours=hours)):
        higher = line_above(actor, alarm.person_id)[alarm.step :]
        values = {"step": alarm.step + 1, "told_at": now} if higher else {"ended_at": now}
        still = Alarm.objects.filter(pk=alarm.pk, step=alarm.step, ended_at=None)
        if still.update(**values) and higher:
            found[alarm.row_id] = higher[0]
    return found


def _say(
    actor: Actor, kind: str, row_id: int, version: int, verdict: str, comment: str, absent: int | None = None
) -> SignOff:
    person_id, _department = actor.credited()
    return SignOff.objects.create(
        kind=kind,
        row_id=row_id,
        version=version,
        verdict=verdict,
        comment=comment.strip(),
        person_id=person_id,
        on_behalf_of_id=absent,
        at=clock.now(),
    )
