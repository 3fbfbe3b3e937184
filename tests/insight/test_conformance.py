"""Which way deals go, against counts worked out by hand, and against the rows behind."""

from __future__ import annotations

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.insight.models import DepartmentStageStep
from xiaocheng.insight.queries import Conformance, FromStage, conformance, spans
from xiaocheng.insight.rollups import differences
from xiaocheng.selling.pipeline import commands

from .conftest import FIRST_QUARTER, Sales, day


def row(found: Conformance, code: str) -> FromStage:
    return next(item for item in found.rows if item.code == code)


def went(found: Conformance, code: str) -> dict[str, tuple[int, str]]:
    return {step.code: (step.n, step.mark) for step in row(found, code).steps if step.n}


@pytest.fixture
def gone(sales: Sales) -> Sales:
    """Of eight: six to the quote (one of them back, and lost), two straight to the talk, where one is won."""
    for n in range(6):
        deal = sales.open("east_rep", at=n)
        sales.move(deal, "quote", n + 1)
        if n == 0:
            sales.move(deal, "meet", 3)
            sales.lose(deal, 4)
    for n in range(2):
        deal = sales.open("shanghai_rep", at=n)
        sales.move(deal, "talk", n + 2)
        if n:
            sales.win(deal, 9)
    return sales


def test_each_step_is_counted_and_what_leaves_out_or_goes_back_is_marked(gone: Sales) -> None:
    found = conformance(SYSTEM, gone.selection())
    assert went(found, "meet") == {"quote": (6, ""), "talk": (2, "skip"), "lost": (1, "")}
    assert went(found, "quote") == {"meet": (1, "back")}
    assert went(found, "talk") == {"won": (1, "")}
    assert [code for code, _name in found.columns] == ["meet", "quote", "talk", "won", "lost"]


def test_the_rates_are_of_what_went_on_and_of_what_left(gone: Sales) -> None:
    found = conformance(SYSTEM, gone.selection())
    assert (found.skip_rate.numerator, found.skip_rate.n) == (2, 9)
    assert (found.back_rate.numerator, found.back_rate.n) == (1, 11)
    meet = row(found, "meet")
    assert (meet.skip_rate.numerator, meet.skip_rate.n, meet.back_rate.n) == (2, 8, 9)
    people = {line.name: (int(line.skip_rate.numerator), line.skip_rate.n) for line in found.people}
    assert people == {gone.world.person("east_rep").name: (0, 6), gone.world.person("shanghai_rep").name: (2, 3)}


def test_a_win_that_leaves_stages_out_is_marked_though_it_counts_as_advanced(sales: Sales) -> None:
    sales.win(sales.open(), 3)
    found = conformance(SYSTEM, sales.selection())
    assert went(found, "meet") == {"won": (1, "skip")}
    assert found.skip_rate.numerator == 0


def test_what_went_to_another_process_stands_in_a_column_of_its_own(sales: Sales) -> None:
    other = commands.install_template(SYSTEM, "standard").versions.get()
    deal = sales.open()
    assert conformance(SYSTEM, sales.selection()).is_empty
    with clock.as_of(day(1)):
        commands.change_process(SYSTEM, deal.pk, other.pk, other.stages.first().pk, "大客户")
    found = conformance(SYSTEM, sales.selection())
    assert found.columns[-1] == ("", "")
    assert went(found, "meet") == {"": (1, "")}


def test_every_number_is_as_many_as_its_rows_for_everybody(gone: Sales) -> None:
    selection = gone.selection()
    for who in ("director", "east_manager", "east_rep", "shanghai_rep", "south_manager"):
        actor = gone.actor(who)
        found = conformance(actor, selection)
        assert found.skip_rate.n == spans(actor, selection, exit="forward", worked=True).count()
        assert found.back_rate.n == spans(actor, selection, exit="exited", worked=True).count()
        for item in found.rows:
            for step in item.steps:
                assert step.n == spans(actor, selection, stage=item.code, to=step.code).count() or not step.code
    assert conformance(gone.actor("south_manager"), selection).is_empty


def test_a_quarter_a_person_and_a_source_are_read_alike(gone: Sales) -> None:
    east = conformance(SYSTEM, gone.selection(whose=Whose(people=frozenset({gone.world.id("east_rep")}))))
    assert went(east, "meet") == {"quote": (6, ""), "lost": (1, "")}
    assert went(conformance(SYSTEM, gone.selection(FIRST_QUARTER)), "meet")["talk"] == (2, "skip")
    unknown = conformance(SYSTEM, gone.selection(source=""))
    assert (went(unknown, "meet")["quote"], unknown.people) == ((6, ""), ())


def test_a_step_taken_back_is_not_counted_and_a_wrong_count_is_found(sales: Sales) -> None:
    deal = sales.open("east_rep")
    with clock.as_of(day(1)):
        commands.move(sales.rep("east_rep"), deal.pk, sales.stages["quote"])
        assert went(conformance(SYSTEM, sales.selection()), "meet") == {"quote": (1, "")}
        commands.undo_move(sales.rep("east_rep"), deal.pk)
    assert conformance(SYSTEM, sales.selection()).is_empty
    assert differences() == []
    DepartmentStageStep.objects.filter(department_id=0).update(n=3)
    assert len(differences()) == 1


def test_without_any_process_nothing_is_said(world: World) -> None:
    assert conformance(SYSTEM, Sales(world).selection()).is_empty
