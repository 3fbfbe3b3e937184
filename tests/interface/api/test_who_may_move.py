"""A stage says which roles may move an opportunity into it; no door leads around that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.selling.pipeline.deals import Deals
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken
from xiaocheng.selling.customers.commands import Edit
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import StageDraft
from xiaocheng.selling.pipeline.models import Opportunity, StageTransition

from .conftest import Program

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
WHO = "须由总监推进。请联系他们,或请主管说明理由后放行"


@pytest.fixture
def deals(world: World) -> Deals:
    return restricted(Deals(world), "negotiate", "won", "lost")


def restricted(deals: Deals, *codes: str) -> Deals:
    """The process with stages into which only directors move."""
    for code in codes:
        deals.stages[code].movers = [deals.world.role_ids["director"]]
        deals.stages[code].save()
    return deals


def by_board(deals: Deals, row: Opportunity, stage: int) -> str:
    answer = deals.world.client("east_rep").post(f"/opportunities/{row.pk}/drop/?seen=1", {"to": stage}, headers=HTMX)
    return answer.content.decode()


def by_form(deals: Deals, row: Opportunity, stage: int) -> str:
    url = f"/opportunities/{row.pk}/advance/{stage}/"
    return deals.world.client("east_rep").post(url, {"bypass": "on", "reason": "急"}, headers=HTMX).content.decode()


PAGES = [by_board, by_form]


@pytest.mark.parametrize("door", PAGES)
def test_no_page_moves_into_a_stage_that_is_for_others(
    deals: Deals, door: Callable[[Deals, Opportunity, int], str]
) -> None:
    row = deals.opened()
    assert WHO in door(deals, row, deals.stages["negotiate"].pk)
    assert deals.stage(row) == "identify"


def test_the_api_refuses_and_says_who_may(deals: Deals, program: Callable[[str], Program]) -> None:
    row, rep = deals.opened(), program("east_rep")
    path = f"/opportunities/{row.pk}"
    for act, body in (
        ("move", {"stage_id": deals.stages["negotiate"].pk}),
        ("win", {"reason": "签了"}),
        ("lose", {"reason": "price"}),
    ):
        answer = rep.ask("POST", f"{path}/{act}", body)
        assert (answer.status, WHO in answer.json["sentence"]) == (422, True), act
        assert rep.ask("POST", f"{path}/{act}", body | {"bypass": True, "note": "急"}).status in {403, 422}
    assert deals.stage(row) == "identify"
    deals.move(row, "quote")
    page = rep.get(path)
    assert [gate for gate in page["gates"] if gate["kind"] == "role"] == [
        {"kind": "role", "key": "movers", "name": "由总监推进", "is_met": False, "by_hand": False}
    ]
    assert {stop["name"] for stop in page["stops"] if not stop["may_enter"]} == {"谈判", "成交"}
    director = program("director").get(path)
    assert all(stop["may_enter"] for stop in director["stops"])


def test_an_update_by_import_or_of_many_does_not_move(deals: Deals) -> None:
    row = deals.opened()
    commands.edit_many(deals.world.actor("east_rep"), [Edit(row.pk, {"name": "改名", "stage": "谈判"})])
    assert deals.stage(row) == "identify"


def test_neither_closing_nor_another_edition_leads_around_it(deals: Deals) -> None:
    row, rep = deals.opened(), deals.world.actor("east_rep")
    commands.lose(deals.world.actor("director"), row.pk, "price")
    with pytest.raises(RuleBroken, match=WHO):
        commands.reopen(rep, row.pk, "又来了", stage_id=deals.stages["negotiate"].pk)
    commands.reopen(rep, row.pk, "又来了")
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    commands.publish(SYSTEM, draft.pk)
    target = draft.stages.get(code="negotiate")
    assert target.movers == [deals.world.role_ids["director"]]
    with pytest.raises(RuleBroken, match=WHO):
        commands.change_process(rep, row.pk, draft.pk, target.pk, "新版")
    commands.change_process(rep, row.pk, draft.pk, draft.stages.get(code="identify").pk, "新版")
    assert deals.stage(row) == "identify"


def test_whoever_may_bypass_gates_passes_with_a_reason_that_is_kept(deals: Deals) -> None:
    row, manager = deals.opened(), deals.world.actor("east_manager")
    with pytest.raises(RuleBroken, match=WHO):
        deals.move(row, "negotiate", "east_manager")
    with pytest.raises(RuleBroken, match="放行需要说明理由"):
        deals.move(row, "negotiate", "east_manager", bypass=True)
    deals.move(row, "negotiate", "east_manager", bypass=True, reason="总监出差")
    last = StageTransition.objects.visible_to(SYSTEM).filter(opportunity=row).latest("pk")
    assert (last.is_bypass, last.unmet, last.reason) == (True, ["movers"], "总监出差")
    with pytest.raises(RuleBroken) as refused:
        commands.lose(manager, row.pk, "price", bypass=True)
    assert refused.value.field == "note"
    commands.lose(manager, row.pk, "price", bypass=True, note="客户停产")
    assert deals.stage(row) == "lost"


def test_the_role_that_may_moves_as_before_and_back_is_for_it_too(deals: Deals) -> None:
    restricted(deals, "contact")
    row = deals.opened()
    deals.move(row, "needs")
    with pytest.raises(RuleBroken, match=WHO):
        deals.move(row, "contact")
    deals.move(row, "contact", "director")
    last = StageTransition.objects.visible_to(SYSTEM).filter(opportunity=row).latest("pk")
    assert (deals.stage(row), last.is_bypass) == ("contact", False)
    commands.win(deals.world.actor("director"), row.pk, "签了")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(way=st.lists(st.sampled_from(["contact", "needs", "introduce", "quote", "negotiate", "win", "lose", "undo"]),
                    min_size=1, max_size=8), closed=st.sets(st.sampled_from(["needs", "quote", "won"])))  # fmt: skip
def test_whatever_a_rep_tries_he_never_stands_where_only_others_may_bring_it(
    deals: Deals, way: list[str], closed: set[str]
) -> None:
    for code, stage in deals.stages.items():
        stage.movers = [deals.world.role_ids["manager"]] if code in closed else []
        stage.save()
    rep, row = deals.world.actor("east_rep"), deals.opened(customer_id=None)
    acts = {"win": lambda: commands.win(rep, row.pk, "理由"), "lose": lambda: commands.lose(rep, row.pk, "price"),
            "undo": lambda: commands.undo_move(rep, row.pk)}  # fmt: skip
    for act in way:
        try:
            acts[act]() if act in acts else deals.move(row, act)
        except Refusal:
            continue
        assert deals.stage(row) not in closed


def test_the_page_hides_what_one_may_not_do_and_says_who_may(deals: Deals) -> None:
    row = deals.opened()
    deals.move(row, "quote")
    page = deals.world.client("east_rep").get(f"/opportunities/{row.pk}/").content.decode()
    assert "您的角色不能推进到所有阶段:「谈判」由总监推进、「成交」由总监推进、「输单」由总监推进。" in page
    for hidden in ("推进到「谈判」", f"/opportunities/{row.pk}/win/", f"/opportunities/{row.pk}/lose/"):
        assert hidden not in page
    for code, leads in (("contact", True), ("negotiate", False)):
        stage = deals.stages[code].pk
        opened = deals.world.client("east_rep").get(f"/opportunities/{row.pk}/", {"stage": stage}).content.decode()
        assert (f"/opportunities/{row.pk}/advance/{stage}/" in opened) is leads
    manager = deals.world.client("east_manager")
    assert f"/opportunities/{row.pk}/win/" in manager.get(f"/opportunities/{row.pk}/").content.decode()
    form = manager.get(f"/opportunities/{row.pk}/lose/").content.decode()
    assert "越过关卡放行" in form
    assert "还缺:由总监推进" in form


def test_the_designer_names_roles_and_the_process_page_shows_them(deals: Deals) -> None:
    director, roles = deals.world.client("director"), deals.world.role_ids
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    stage = draft.stages.get(code="contact")
    data = {"name": "接触", "kind": "open", "probability": "20", "forecast_category": "pipeline",
            "movers": [roles["manager"], roles["rep"]],
            "lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}  # fmt: skip
    url = f"/processes/editions/{draft.pk}/stages/{stage.pk}/"
    assert director.post(url, data).status_code == 302
    assert queries.stage(SYSTEM, stage.pk).movers == [roles["manager"], roles["rep"]]
    page = director.get(f"/processes/{deals.process.pk}/?version=2").content.decode()
    assert "经理/主管、业务员" in page
    assert director.post(url, data | {"movers": [10**6]}).status_code == 422
    with pytest.raises(RuleBroken) as refused:
        commands.save_stage(SYSTEM, draft.pk, StageDraft("接触", movers=[10**6]), stage.pk)
    assert refused.value.field == "movers"
