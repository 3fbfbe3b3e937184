"""A day of the demo company: plan, signature, visits, calls, report, signature."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction

from xiaocheng.control.reports.commands import ReportText, sign, submit
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.org.queries import Person, actor_for, next_workday
from xiaocheng.selling.fieldwork.commands import (
    ContactDraft,
    LineDraft,
    VisitResult,
    add_lines,
    check_in,
    check_out,
    draft_plan,
    log_contacts_many,
    propose_day,
    record_result,
    settle_line,
    sign_plan,
    submit_plan,
)
from xiaocheng.selling.tasks.commands import note

from . import words
from .clocking import clock_day

PURPOSES = ("develop", "develop", "survey", "collect", "service", "service", "order", "other")
COMMENTS = ("已阅", "已阅，报价阶段的客户抓紧跟进", "心得写得好，周会上分享一下", "明天先去重点客户", "")
RESULTS = ("next_step", "next_step", "need", "quote", "order", "receipt", "solved", "nothing")


@dataclass(frozen=True)
class Habits:
    """How a rep works: the stories that the reports will tell."""

    visits: int = 4
    skips_report: float = 0.03
    is_late: float = 0.1
    copies_report: bool = False
    effective: float = 0.8


def add_tasks(actor: Actor, today: dt.date) -> None:
    """Two things that a rep has noted to do, today or in the next days."""
    dice = random.Random(f"tasks {actor.person_id}")  # noqa: S311 - the demo company shall be the same each time
    for title in dice.sample(words.TASKS, 2):
        note(actor, title, today + dt.timedelta(days=dice.choice((0, 0, 1, 3))))


class Day:
    """One rep on one day, lived through the real commands at the times at which they happen."""

    def __init__(self, rep: Person, signer: Person, customers: list[int], day: dt.date, habits: Habits) -> None:
        self.dice = random.Random(f"{rep.username} {day}")  # noqa: S311 - the demo company shall be the same each time
        self.actor: Actor = actor_for(rep)
        self.signer: Actor = actor_for(signer)
        self.day, self.habits = day, habits
        count = min(len(customers), self.dice.randint(habits.visits - 1, habits.visits + 1))
        self.customers = self.dice.sample(customers, count)
        self.others = [customer for customer in customers if customer not in self.customers]

    def live(self, until: dt.datetime) -> None:
        """Everything that happens on this day before an instant, in one transaction."""
        with transaction.atomic():
            clock_day(self.actor, self.day, until)
            self._plan(until)
            if self._at(9, 5) < until and not self._still_waits(until, days=1):
                with clock.as_of(self._at(9, 5)):
                    plan = draft_plan(self.actor, self.day)
                    sign_plan(self.signer, plan.pk, plan.version)
            self._visits(until)
            self._calls(until)
            self._report(until)

    def _still_waits(self, until: dt.datetime, *, days: int) -> bool:
        """Of the last few days, some papers still wait for the signature."""
        return until - self._at(0) < dt.timedelta(days=days) and self.dice.random() < 0.4

    def _at(self, hour: int, minute: int = 0) -> dt.datetime:
        return clock.instant(self.day, dt.time(hour, minute))

    def _plan(self, until: dt.datetime) -> None:
        """Plan the day: at the latest now, so that whoever looks early in the morning finds a plan."""
        late = self.dice.random() < self.habits.is_late
        when = self._at(8, 40 if late else self.dice.randint(0, 20))
        with clock.as_of(min(when, until)):
            plan = draft_plan(self.actor, self.day)
            self.lines = [line.pk for line in add_lines(self.actor, plan.pk, self._line_drafts())]
            submit_plan(self.actor, plan.pk)
            if until - self._at(0) < dt.timedelta(days=1):
                with suppress(RuleBroken):  # nothing is due
                    propose_day(self.actor, next_workday(self.day))

    def _line_drafts(self) -> list[LineDraft]:
        starts = (9, 10, 13, 15, 16, 17)
        return [
            LineDraft(
                customer_id=customer,
                starts_at=dt.time(hour, 30),
                ends_at=dt.time(hour + 1, 15),
                purpose=self.dice.choice(PURPOSES),
                note=self.dice.choice(words.NEXT_STEPS),
            )
            for customer, hour in zip(self.customers, starts, strict=False)
        ]

    def _visits(self, until: dt.datetime) -> None:
        for line, hour in zip(self.lines, (9, 10, 13, 15, 16, 17), strict=False):
            arrived = self._at(hour, self.dice.randint(20, 45))
            left = arrived + dt.timedelta(minutes=self.dice.randint(20, 70))
            if left > until:
                return
            if self.dice.random() < 0.08:
                with clock.as_of(arrived):
                    settle_line(self.actor, line, outcome="not_done", reason="客户临时有事，另约时间")
                continue
            with clock.as_of(arrived):
                visit = check_in(self.actor, line_id=line)
            with clock.as_of(left):
                visit = record_result(self.actor, visit.pk, visit.edit_version, self._result())
                check_out(self.actor, visit.pk)

    def _result(self) -> VisitResult:
        if self.dice.random() > self.habits.effective:
            return VisitResult(outcome="not_met", result="nothing", note=self.dice.choice(words.NOT_MET))
        result = self.dice.choice(RESULTS)
        soon = self.day + dt.timedelta(days=self.dice.randint(2, 9))
        return VisitResult(
            outcome=self.dice.choice(("met_decider", "met_other")),
            result=result,
            note=self.dice.choice(words.RESULTS),
            next_step=self.dice.choice(words.NEXT_STEPS) if result == "next_step" else "",
            next_on=soon if result == "next_step" else None,
            opinion=self.dice.choice(words.OPINIONS),
            competitor_facts=self._competitor(),
        )

    def _competitor(self) -> str:
        fact = self.dice.choice(words.COMPETITOR_FACTS) if self.dice.random() < 0.25 else ""
        return f"{self.dice.choice(words.COMPETITORS)}{fact}" if fact else ""

    def _calls(self, until: dt.datetime) -> None:
        when = self._at(17, 40)
        if when > until or not self.others:
            return
        drafts = [
            ContactDraft(
                customer_id=customer,
                kind=self.dice.choice(("call", "call", "message")),
                note="电话跟进，确认近期计划。",
            )
            for customer in self.dice.sample(self.others, min(len(self.others), self.dice.randint(1, 3)))
        ]
        with clock.as_of(when):
            log_contacts_many(self.actor, drafts)

    def _report(self, until: dt.datetime) -> None:
        when = self._at(18, 30) + dt.timedelta(minutes=self.dice.randint(0, 75))
        if when > until or self.dice.random() < self.habits.skips_report:
            return
        with clock.as_of(when):
            report = submit(self.actor, self.day, self._text())
        if self._at(21) < until and not self._still_waits(until, days=4):
            with clock.as_of(self._at(21)):
                sign(self.signer, report.pk, report.edition, self.dice.choice(COMMENTS))

    def _text(self) -> ReportText:
        """Judgement and what was learnt; who copies writes yesterday's words again."""
        dice = random.Random("copy") if self.habits.copies_report else self.dice  # noqa: S311
        return ReportText(
            judgement=dice.choice(words.JUDGEMENTS),
            learnt=dice.choice(words.LEARNT),
            tomorrow=dice.choice(words.NEXT_STEPS),
        )
