"""A draft is told from the edition in use in sentences, and warns of stages in which deals still stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import StageDraft, StageStep
from xiaocheng.selling.pipeline.models import ProcessVersion, Stage

from .deals import Deals


def as_draft(stage: Stage, **changed: Any) -> StageDraft:
    names = StageDraft.__dataclass_fields__
    return StageDraft(**({name: getattr(stage, name) for name in names} | {"steps": stage.checklist} | changed))


def save(draft: ProcessVersion, code: str, **changed: Any) -> None:
    stage = draft.stages.get(code=code)
    commands.save_stage(SYSTEM, draft.pk, as_draft(stage, **changed), stage.pk)


def sentences(draft: ProcessVersion) -> list[str]:
    return [change.sentence for change in queries.changes_of(SYSTEM, draft.pk).changes]


def place(draft: ProcessVersion, code: str, before: str | None) -> None:
    to = draft.stages.get(code=before).pk if before else None
    commands.place_stage(SYSTEM, draft.pk, draft.stages.get(code=code).pk, to)


EDITS: list[tuple[Callable[[ProcessVersion], Any], list[str]]] = [
    (lambda d: None, []),
    (lambda d: commands.save_stage(SYSTEM, d.pk, StageDraft("试用")), ["新增阶段「试用」。"]),
    (lambda d: commands.drop_stage(SYSTEM, d.pk, d.stages.get(code="needs").pk), ["去掉阶段「需求分析」。"]),
    (lambda d: save(d, "quote", name="方案报价"), ["「报价」改名为「方案报价」。"]),
    (lambda d: place(d, "quote", "identify"), ["「报价」移到最前面。"]),
    (lambda d: place(d, "identify", None), ["「识别」移到「谈判」之后。"]),
    (
        lambda d: save(
            d, "quote", enter_fields=["amount"], expected_days=None, steps=[StageStep("演示", "demo", is_required=True)]
        ),
        [
            "「报价」预计天数:10 → 无。",
            "「报价」进入前必填:金额、预计成交日 → 金额。",
            "「报价」必做步骤:无 → 演示。",
            "「报价」的步骤有改动。",
        ],
    ),
    (lambda d: save(d, "quote", forecast_category="commit"), ["「报价」预测类别:争取 → 承诺。"]),
    (lambda d: save(d, "quote", guidance="新方法", steps=[StageStep("一步")]), ["「报价」的方法、步骤有改动。"]),
    (
        lambda d: commands.edit_version(SYSTEM, d.pk, skip_allowed=False, back_allowed=False),
        ["改为不能跳过阶段。", "改为不能退回前面的阶段。"],
    ),
]


@pytest.mark.parametrize(("edit", "said"), EDITS)
def test_each_difference_is_one_sentence(deals: Deals, edit: Callable[[ProcessVersion], Any], said: list[str]) -> None:
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    edit(draft)
    assert sentences(draft) == said


def test_who_may_move_is_told_by_the_names_of_roles(deals: Deals) -> None:
    draft, roles = commands.draft_version(SYSTEM, deals.process.pk), deals.world.role_ids
    save(draft, "won", movers=[roles["director"], roles["manager"]])
    assert sentences(draft) == ["「成交」谁可以推进:无 → 总监、经理/主管。"]


def test_a_dropped_stage_in_which_deals_stand_is_named_with_their_number(deals: Deals) -> None:
    for key in ("east_rep", "south_rep"):
        deals.move(deals.opened(key), "needs", key)
    gone = deals.opened()
    deals.move(gone, "needs")
    commands.lose(deals.world.actor("east_rep"), gone.pk, "price")
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    for code in ("needs", "negotiate"):
        commands.drop_stage(SYSTEM, draft.pk, draft.stages.get(code=code).pk)
    found = queries.changes_of(deals.world.actor("director"), draft.pk)
    assert [(stage.name, stage.count) for stage in found.dropped] == [("需求分析", 2)]
    assert found.against == 1


def test_a_first_edition_has_nothing_to_differ_from(db: None) -> None:
    fresh = commands.add_process(SYSTEM, commands.ProcessDraft("试一试", "try", (StageDraft("谈"),)))
    found = queries.changes_of(SYSTEM, fresh.versions.get().pk)
    assert (found.against, found.changes, found.dropped) == (None, [], [])
