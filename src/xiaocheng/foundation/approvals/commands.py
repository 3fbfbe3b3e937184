"""Ways to say something about a paper: the module that owns it loads it, calls this, and records its own event."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken

from .models import SignOff, Verdict
from .queries import Paper, who_may_decide


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
