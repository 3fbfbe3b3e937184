"""What the reps remark on the standard process, with a decision on one of it, and how the director looks back on it."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.queries import actor_for, people
from xiaocheng.insight.commands import ActionDraft, ReviewText, begin_review, edit_review, finish_review
from xiaocheng.selling.pipeline.commands import RemarkDraft, Verdict, decide_remark, remark, support_remark
from xiaocheng.selling.pipeline.queries import published_versions

from .company import Staff

SLOW = "报价要等内部核价两三天，客户等不及就去问别家了。能不能把常用机型的价格表直接放在这一步？"
FOUND = "报价阶段停留最久，输单也最多：多数是等内部核价时客户已经定了别家。跳过需求分析的商机，报价后流失更多。"
WORKS = "报价时一并承诺交期、带决策人看同行现场，这两种做法赢得最多。"
CHANGES = "常用机型的价格表放进报价阶段；报价前必须填好需求分析。"
TO_DO = "整理常用机型的价格表，放进报价阶段的步骤里"
UNNECESSARY = "老客户加单不用再做一遍需求分析，建议允许跳过。"
NO = "需求分析跳过的单子，报价后流失明显更多。老客户可以用「转入简易销售流程」，这一步保留。"


def remark_on_the_process(staff: Staff, today: dt.date) -> None:
    """Remarks of the last days, with the decision about one of them."""
    version = next(row for row in published_versions(actor_for(staff.director)) if row.process.code == "standard")
    stages = {stage.code: stage for stage in version.stages.all()}
    first, second, third, *_others = staff.all_reps()
    with clock.as_of(clock.instant(today - dt.timedelta(days=9), dt.time(17, 20))):
        declined = remark(actor_for(third), stages["needs"].pk, RemarkDraft("unnecessary", UNNECESSARY))
    with clock.as_of(clock.instant(today - dt.timedelta(days=7), dt.time(9, 5))):
        decide_remark(actor_for(staff.director), declined.pk, declined.edit_version, Verdict("declined", NO))
    with clock.as_of(clock.instant(today - dt.timedelta(days=2), dt.time(16, 40))):
        draft = RemarkDraft("slow", SLOW, step=str(stages["quote"].checklist[0].text))
        waiting = remark(actor_for(first), stages["quote"].pk, draft)
    for colleague in (second, third):
        with clock.as_of(clock.instant(today - dt.timedelta(days=1), dt.time(10))):
            support_remark(actor_for(colleague), waiting.pk)


def look_back(today: dt.date) -> None:
    """The director's review of the standard process over the quarter that is over, with something to do."""
    director = people(SYSTEM).get(username="director")
    actor, quarter = actor_for(director), period("quarter", today).before()
    version = next(row for row in published_versions(actor) if row.process.code == "standard")
    row = begin_review(actor, version.process_id, quarter.first, quarter.last)
    manager = people(SYSTEM).get(username="manager1")
    action = ActionDraft(manager.pk, today + dt.timedelta(days=10), TO_DO)
    text = ReviewText(FOUND, WORKS, CHANGES, today + dt.timedelta(days=80), [action])
    row = edit_review(actor, row.pk, row.edit_version, text)
    finish_review(actor, row.pk, row.edit_version)
