"""Plan, visit, report, sign in any order that people think of: a model beside the product, compared after each step."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.world import World
from xiaocheng.control.reports import commands as reports
from xiaocheng.control.reports.commands import ReportText
from xiaocheng.control.reports.models import ReportEdition
from xiaocheng.control.reports.queries import DailyReport, report_of
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.fieldwork import commands as field_work
from xiaocheng.selling.fieldwork.commands import ContactDraft, LineDraft, VisitResult
from xiaocheng.selling.fieldwork.queries import PlanLine, VisitPlan, plan_of, visit, visits

MONDAY = dt.date(2026, 3, 2)
REPS = ("east_rep", "east_peer")
KEYS = ("planned", "plan_done", "visited", "effective", "off_plan", "calls")
which = st.integers(0, 5)
rep = st.sampled_from(REPS)


@dataclass
class Day:
    """What the model knows of one person's day."""

    state: str = ""  # of the plan: "" means none yet
    version: int = 0
    was_submitted: bool = False
    lines: dict[int, str] = field(default_factory=dict)  # line id -> outcome
    under_way: int | None = None
    untold: set[int] = field(default_factory=set)
    told: list[int] = field(default_factory=list)
    report: str = ""
    edition: int = 0


class Loop(RuleBasedStateMachine):
    """Two reps, their supervisor, and a clock that only runs forward."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.now = clock.instant(MONDAY, dt.time(7))
        self.actors = {key: self.world.actor(key) for key in (*REPS, "east_manager")}
        self.days: dict[tuple[str, dt.date], Day] = {}
        self.counts: Counter[tuple[str, dt.date]] = Counter()
        self.customers: dict[str, list[int]] = {}
        for key in REPS:
            drafts = [CustomerDraft(name=f"{key} {n}", despite_duplicates=True) for n in range(4)]
            self.customers[key] = [register(self.world.actor(key), draft).pk for draft in drafts]
            self.add_line(key, 0, "order")

    def teardown(self) -> None:
        try:
            assert measures.differences() == [], "bumped is not what the tables say"
        finally:
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)

    @property
    def today(self) -> dt.date:
        return clock.day_of(self.now)

    def day(self, key: str) -> Day:
        return self.days.setdefault((key, self.today), Day())

    def do(self, key: str, command: Any, *args: Any, **values: Any) -> Any:
        with clock.as_of(self.now):
            return command(self.actors[key], *args, **values)

    def refused(self, key: str, command: Any, *args: Any, **values: Any) -> None:
        with pytest.raises(RuleBroken), transaction.atomic():
            self.do(key, command, *args, **values)

    def changed(self, key: str, added: int = 0) -> None:
        """The plan's version rose; its lines count if it was submitted."""
        day = self.day(key)
        day.version += 1
        if day.was_submitted:
            self.counts["planned", self.today] += added

    def plan_id(self, key: str) -> int:
        mine = VisitPlan.objects.visible_to(SYSTEM).filter(person_id=self.world.id(key), day=self.today)
        return int(mine.values_list("pk", flat=True).get())

    @rule(minutes=st.integers(1, 300))
    def time_passes(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @rule(key=rep, n=which, purpose=st.sampled_from(["order", "collect"]))
    def add_line(self, key: str, n: int, purpose: str) -> None:
        day, customer = self.day(key), self.customers[key][n % 4]
        plan = self.do(key, field_work.draft_plan, self.today)
        day.state, day.version = day.state or "draft", day.version or 1
        if plan.lines.filter(customer_id=customer, purpose=purpose).exists():
            self.refused(key, field_work.add_line, plan.pk, LineDraft(customer_id=customer, purpose=purpose))
            return
        line = self.do(key, field_work.add_line, plan.pk, LineDraft(customer_id=customer, purpose=purpose))
        day.lines[line.pk] = "planned"
        assert not line.is_signed
        self.changed(key, added=1)

    @rule(key=rep, n=which)
    def drop_line(self, key: str, n: int) -> None:
        day = self.day(key)
        if not day.lines:
            return
        line_id = list(day.lines)[n % len(day.lines)]
        with clock.as_of(self.now):
            plan = plan_of(self.actors[key], self.world.id(key), self.today)
        assert plan is not None
        line = next(item for item in plan.lines if item.pk == line_id)
        signed = day.state == "signed" and line.is_signed
        if day.lines[line_id] != "planned" or signed or self.is_being_visited(key, line_id):
            self.refused(key, field_work.drop_line, line_id)
            return
        self.do(key, field_work.drop_line, line_id)
        del day.lines[line_id]
        self.changed(key, added=-1)

    def is_being_visited(self, key: str, line_id: int) -> bool:
        mine = visits(SYSTEM).filter(plan_line_id=line_id, credit_person_id=self.world.id(key))
        return mine.exists()

    @rule(key=rep)
    def submit_plan(self, key: str) -> None:
        day = self.day(key)
        if not day.state:
            return
        if not day.lines or day.state not in ("draft", "returned"):
            self.refused(key, field_work.submit_plan, self.plan_id(key))
            return
        plan = self.do(key, field_work.submit_plan, self.plan_id(key))
        if not day.was_submitted:
            self.counts["planned", self.today] += len(day.lines)
            self.counts["plan_done", self.today] += list(day.lines.values()).count("done")
        day.state, day.was_submitted, day.version = "submitted", True, day.version + 1
        assert (plan.state, plan.version) == (day.state, day.version)

    @rule(key=rep, sign=st.booleans(), behind=st.integers(0, 1), by=st.sampled_from(["east_manager", *REPS]))
    def decide_plan(self, key: str, sign: bool, behind: int, by: str) -> None:
        day = self.day(key)
        if not day.state or by not in ("east_manager", key):
            return
        command = field_work.sign_plan if sign else field_work.return_plan
        arguments = (self.plan_id(key), day.version - behind, "看过")
        if day.state != "submitted" or behind or by != "east_manager":
            self.refused(by, command, *arguments)
            return
        day.state = self.do(by, command, *arguments).state

    @rule(key=rep)
    def have_the_plan_signed(self, key: str) -> None:
        """The way it should be: submit and sign."""
        self.submit_plan(key)
        self.decide_plan(key, sign=True, behind=0, by="east_manager")

    @rule(key=rep, n=which)
    def have_the_report_signed(self, key: str, n: int) -> None:
        """The way it should be: settle, tell, hand in, sign."""
        self.check_out(key)
        while self.day(key).untold:
            self.tell(key, "met_decider", "nothing")
        for _line in list(self.day(key).lines):
            self.give_up(key, n)
        self.hand_in(key)
        self.decide_report(key, sign=True, behind=0, by="east_manager")

    @rule(key=rep, n=which)
    def make_a_planned_visit(self, key: str, n: int) -> None:
        """The way it should be: arrive, leave, tell."""
        self.check_out(key)
        self.check_in(key, n, planned=True)
        self.tell(key, "met_decider", "order")

    @rule(key=rep, n=which, planned=st.booleans())
    def check_in(self, key: str, n: int, planned: bool) -> None:
        day = self.day(key)
        if any(other.under_way for (who, _day), other in self.days.items() if who == key):
            return
        where: dict[str, int] = {"customer_id": self.customers[key][n % 4]}
        if planned and day.lines:
            where = {"line_id": list(day.lines)[n % len(day.lines)]}
            taken = self.is_being_visited(key, where["line_id"])
            if taken or day.lines[where["line_id"]] not in ("planned", "not_done"):
                self.refused(key, field_work.check_in, **where)
                return
        arrived = self.do(key, field_work.check_in, **where)
        assert self.do(key, field_work.check_in, **where).pk == arrived.pk
        day.under_way = arrived.pk
        day.untold.add(arrived.pk)

    @rule(key=rep)
    def check_out(self, key: str) -> None:
        for (who, _day), day in self.days.items():
            if who == key and day.under_way:
                self.do(key, field_work.check_out, day.under_way)
                day.under_way = None

    @rule(key=rep, outcome=st.sampled_from(["met_decider", "not_met"]), result=st.sampled_from(["order", "nothing"]))
    def tell(self, key: str, outcome: str, result: str) -> None:
        day = self.day(key)
        if not day.untold:
            return
        told = self.do(key, visit, min(day.untold))
        done = self.do(
            key, field_work.record_result, told.pk, told.edit_version, VisitResult(outcome=outcome, result=result)
        )
        day.untold.discard(done.pk)
        day.told.append(done.pk)
        day.under_way = None if day.under_way == done.pk else day.under_way
        assert done.is_effective == (outcome == "met_decider" and result == "order")
        self.counts["visited", self.today] += 1
        self.counts["effective", self.today] += done.is_effective
        self.counts["off_plan", self.today] += done.is_off_plan
        if done.plan_line_id in day.lines:
            day.lines[done.plan_line_id] = "done"
            self.counts["plan_done", self.today] += day.was_submitted

    @rule(key=rep, n=which, result=st.sampled_from(["order", "nothing"]))
    def amend(self, key: str, n: int, result: str) -> None:
        day = self.day(key)
        if not day.told:
            return
        old = self.do(key, visit, day.told[n % len(day.told)])
        new = self.do(
            key, field_work.amend_result, old.pk, old.edit_version, VisitResult(outcome="met_decider", result=result)
        )
        self.counts["effective", self.today] += int(new.is_effective) - int(old.is_effective)

    @rule(key=rep, n=which)
    def call(self, key: str, n: int) -> None:
        self.do(key, field_work.log_contact, ContactDraft(customer_id=self.customers[key][n % 4]))
        self.counts["calls", self.today] += 1

    @rule(key=rep, n=which)
    def give_up(self, key: str, n: int) -> None:
        day = self.day(key)
        open_ones = [pk for pk, outcome in day.lines.items() if outcome == "planned"]
        free = [pk for pk in open_ones if not self.is_being_visited(key, pk)]
        if free:
            line_id = free[n % len(free)]
            self.do(key, field_work.settle_line, line_id, outcome="not_done", reason="没来得及")
            day.lines[line_id] = "not_done"

    @rule(key=rep)
    def hand_in(self, key: str) -> None:
        day = self.day(key)
        waits = day.untold or any(
            outcome == "planned" and not self.is_being_visited(key, pk) for pk, outcome in day.lines.items()
        )
        if waits or day.report == "signed":
            self.refused(key, reports.submit, self.today, ReportText(learnt="心得"), day.edition)
            return
        handed = self.do(key, reports.submit, self.today, ReportText(learnt="心得"), day.edition)
        self.counts["reports", self.today] += day.edition == 0
        day.report, day.edition = "submitted", day.edition + 1
        assert (handed.state, handed.edition) == ("submitted", day.edition)

    @rule(key=rep, sign=st.booleans(), behind=st.integers(0, 1), by=st.sampled_from(["east_manager", *REPS]))
    def decide_report(self, key: str, sign: bool, behind: int, by: str) -> None:
        day = self.day(key)
        if not day.edition or by not in ("east_manager", key):
            return
        row = self.row(key)
        command = reports.sign if sign else reports.return_
        if day.report != "submitted" or behind or by != "east_manager":
            self.refused(by, command, row.pk, day.edition - behind, "看过")
            return
        day.report = self.do(by, command, row.pk, day.edition, "看过").state

    @precondition(lambda self: any(day.report == "signed" for day in self.days.values()))
    @rule(key=rep)
    def revise(self, key: str) -> None:
        if self.day(key).report == "signed":
            self.do(key, reports.revise, self.row(key).pk, "漏写")
            self.day(key).report = "draft"

    def row(self, key: str) -> DailyReport:
        found = report_of(self.actors[key], self.world.id(key), self.today)
        assert found is not None
        return found

    @invariant()
    def figures_are_what_was_counted(self) -> None:
        keys = [*(f"fieldwork.{name}" for name in KEYS), "reports.submitted"]
        whole = period("month", MONDAY)
        found = measures.by_day(SYSTEM, keys, whole)
        counted = {
            ("reports.submitted" if name == "reports" else f"fieldwork.{name}", int(f"{on:%Y%m%d}")): value
            for (name, on), value in self.counts.items()
            if value and on in whole
        }
        assert {at: int(value) for at, value in found.items() if value} == counted

    @invariant()
    def plans_stand_as_the_model_says(self) -> None:
        plans = VisitPlan.objects.visible_to(SYSTEM).filter(day=self.today)
        stands = {
            person: (state, version) for person, state, version in plans.values_list("person", "state", "version")
        }
        lines = PlanLine.objects.visible_to(SYSTEM).filter(plan__day=self.today)
        outcomes = dict(lines.values_list("pk", "outcome"))
        for key in REPS:
            day = self.day(key)
            assert stands.get(self.world.id(key), ("", 0)) == (day.state, day.version)
        assert outcomes == {pk: outcome for key in REPS for pk, outcome in self.day(key).lines.items()}

    @invariant()
    def every_edition_is_kept(self) -> None:
        kept = ReportEdition.objects.visible_to(SYSTEM).filter(report__day=self.today).order_by("number")
        numbers: dict[int, list[int]] = {}
        for person, number in kept.values_list("report__person", "number"):
            numbers.setdefault(person, []).append(number)
        for key in REPS:
            assert numbers.get(self.world.id(key), []) == list(range(1, self.day(key).edition + 1))


def walk(world: World, examples: int, steps: int) -> int:
    """Let people do something so many times over; returns how many steps were taken."""

    class LoopHere(Loop):
        steps = 0

        @invariant()
        def is_counted(self) -> None:
            LoopHere.steps += 1

    LoopHere.world = world
    run_state_machine_as_test(
        LoopHere,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return LoopHere.steps - examples  # each begins with a look before the first step


def test_the_loop_holds_whatever_people_do(world: World) -> None:
    assert walk(world, examples=20, steps=50) > 750  # of 1,000: some walks end early


@pytest.mark.full
def test_the_loop_holds_for_long(world: World) -> None:
    assert walk(world, examples=1200, steps=100) > 100_000  # some examples end early
