"""What makes a visit effective, by the rules of its day, and the photos that prove it."""

from __future__ import annotations

import pytest

from tests.world import World
from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers.commands import erase
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.fieldwork.commands import (
    ContactDraft,
    VisitResult,
    add_photo,
    amend_result,
    check_in,
    log_contact,
    record_result,
)
from xiaocheng.selling.fieldwork.queries import Visit, VisitPlan, judgement, photographs, visit

from .conftest import DAY, at, lines_of
from .test_visits import GOOD, figures, made

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 20
OTHER_PICTURE = b"\xff\xd8\xff" + b"1" * 20


def ruled(world: World, name: str, value: str) -> None:
    change_rule(world.actor("administrator"), f"FieldworkRules.{name}", value, DAY)


def lacking(world: World, row: Visit) -> list[str]:
    return [item.code for item in judgement(world.actor("east_rep"), row.pk)]


def arrived(world: World, plan: VisitPlan) -> Visit:
    with at("10:00"):
        return check_in(world.actor("east_rep"), line_id=lines_of(plan)[0].pk)


def told(world: World, row: Visit, result: VisitResult = GOOD) -> Visit:
    with at("10:40"):
        return record_result(world.actor("east_rep"), row.pk, row.edit_version, result)


@pytest.mark.parametrize(("least", "effective"), [("40", True), ("41", False)])
def test_a_short_stay_is_not_effective_where_the_company_asks_for_minutes(
    world: World, plan: VisitPlan, least: str, effective: bool
) -> None:
    ruled(world, "effective_minutes", least)
    done = made(world, line_id=lines_of(plan)[0].pk)
    assert done.is_effective is effective
    words = [str(item.words) for item in judgement(world.actor("east_rep"), done.pk)]
    assert words == ([] if effective else ["停留 40 分钟,不足 41 分钟"])
    assert figures(world).get("effective", 0) == int(effective)


def test_the_stay_ends_with_the_result_where_nobody_checked_out(world: World, plan: VisitPlan) -> None:
    ruled(world, "effective_minutes", "40")
    assert told(world, arrived(world, plan)).is_effective


def test_a_visit_noted_afterwards_lacks_its_check_in_and_not_the_minutes_too(
    world: World, customer_ids: dict[str, int]
) -> None:
    ruled(world, "effective_minutes", "10")
    draft = ContactDraft(customer_id=customer_ids["甲木业"], kind="visit", result="order")
    assert lacking(world, log_contact(world.actor("east_rep"), draft)) == ["check_in"]


@pytest.mark.parametrize(
    ("which", "result", "effective"),
    [
        ("any", "next_step", True),
        ("work", "next_step", False),
        ("work", "need", True),
        ("trade", "need", False),
        ("trade", "quote", True),
    ],
)
def test_the_company_says_which_results_count(
    world: World, plan: VisitPlan, which: str, result: str, effective: bool
) -> None:
    ruled(world, "effective_results", which)
    done = made(world, VisitResult(outcome="met_other", result=result, next_on=DAY), line_id=lines_of(plan)[0].pk)
    assert done.is_effective is effective
    assert lacking(world, done) == ([] if effective else ["result"])


def test_all_that_is_missing_is_said(world: World, plan: VisitPlan) -> None:
    ruled(world, "effective_needs_photo", "1")
    done = made(world, VisitResult(outcome="not_met", result="nothing"), line_id=lines_of(plan)[0].pk)
    assert lacking(world, done) == ["photo", "not_met", "result"]


def test_minutes_are_a_part_of_a_day(world: World) -> None:
    with pytest.raises(RuleBroken):
        ruled(world, "effective_minutes", "1441")


def test_a_photo_counts_that_was_taken_before_the_result(world: World, plan: VisitPlan) -> None:
    ruled(world, "effective_needs_photo", "1")
    rep, row = world.actor("east_rep"), arrived(world, plan)
    with at("10:20"):
        add_photo(rep, row.pk, "门头.png", PICTURE)
    done = told(world, row)
    assert done.is_effective
    with at("10:50"):
        again = amend_result(rep, done.pk, done.edit_version, GOOD)
    assert again.is_effective and measures.differences() == []


def test_a_photo_that_comes_after_the_result_proves_nothing(world: World, plan: VisitPlan) -> None:
    ruled(world, "effective_needs_photo", "1")
    rep, done = world.actor("east_rep"), told(world, arrived(world, plan))
    with at("10:50"):
        add_photo(rep, done.pk, "门头.png", PICTURE)
    with at("10:51"):
        assert not amend_result(rep, done.pk, done.edit_version, GOOD).is_effective
    assert lacking(world, visit(rep, done.pk)) == ["photo"]


def test_a_supervisors_picture_or_a_paper_is_no_photo_of_the_visitor(world: World, plan: VisitPlan) -> None:
    ruled(world, "effective_needs_photo", "1")
    row = arrived(world, plan)
    with at("10:20"):
        attach(world.actor("east_manager"), "fieldwork.visit", row.pk, "a.png", PICTURE)
        attach(world.actor("east_rep"), "fieldwork.visit", row.pk, "a.pdf", b"%PDF-1.7")
    assert not told(world, row).is_effective


def test_several_photos_belong_to_a_visit_and_the_same_one_only_once(world: World, plan: VisitPlan) -> None:
    rep, row = world.actor("east_rep"), arrived(world, plan)
    first = add_photo(rep, row.pk, "1.png", PICTURE)
    assert add_photo(rep, row.pk, "1.png", PICTURE) == first
    add_photo(rep, row.pk, "2.jpg", OTHER_PICTURE)
    assert [photo.name for photo in photographs(world.actor("east_manager"), row.pk)] == ["2.jpg", "1.png"]


def test_only_pictures_of_ones_own_visit_are_taken(world: World, plan: VisitPlan) -> None:
    row = arrived(world, plan)
    with pytest.raises(RuleBroken, match="照片"):
        add_photo(world.actor("east_rep"), row.pk, "a.pdf", b"%PDF-1.7")
    with pytest.raises(RuleBroken, match="本人"):
        add_photo(world.actor("east_manager"), row.pk, "a.png", PICTURE)
    with pytest.raises(NotFound):
        add_photo(world.actor("south_rep"), row.pk, "a.png", PICTURE)
    assert not photographs(world.actor("east_rep"), row.pk).exists()


def test_photos_go_when_the_customer_is_erased(world: World, plan: VisitPlan) -> None:
    row = arrived(world, plan)
    add_photo(world.actor("east_rep"), row.pk, "1.png", PICTURE)
    told(world, row)
    assert row.customer_id is not None
    Customer.objects.visible_to(world.actor("director")).filter(pk=row.customer_id).update(is_person=True)
    outcome = erase(world.actor("administrator"), [row.customer_id], "本人要求")
    assert [item.refusal for item in outcome] == [None]
    assert not photographs(world.actor("east_rep"), row.pk).exists()
