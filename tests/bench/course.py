"""The course of one opportunity: where it went and when, as the rows and events that the product would have left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from random import Random

from tests.bench.company import Company
from xiaocheng.foundation.kernel.bulk import RowMaker
from xiaocheng.foundation.kernel.journal import Event
from xiaocheng.selling.pipeline.events import OpportunityLost, OpportunityOpened, OpportunityWon, StageMoved
from xiaocheng.selling.pipeline.models import Closing, Opportunity, Stage, StageSpan, StageTransition
from xiaocheng.selling.pipeline.models.facts import CREATE, MOVE
from xiaocheng.selling.pipeline.models.processes import LOST, OPEN, WON
from xiaocheng.selling.pipeline.paths import BETWEEN
from xiaocheng.selling.pipeline.spans import Credit, enter, exit_of, leave, seconds_between, stages_left_out

DAY = 24 * 3600
moves = RowMaker(StageTransition)
REASONS = ("price", "competitor", "product", "timing", "budget", "no_decision", "invalid")


@dataclass(frozen=True)
class Step:
    """A stage entered at an instant; how the one before was left, and which were left out."""

    stage: Stage
    at: dt.datetime
    how: str = ""
    left_out: tuple[int, ...] = ()


def walk(random: Random, stages: list[Stage], opened_at: dt.datetime, end: dt.datetime) -> list[Step]:
    """From stage to stage until it is won, lost, or stands somewhere at the end."""
    way = [Step(stages[0], opened_at)]
    while way[-1].stage.is_open:
        here, at = way[-1].stage, way[-1].at + dt.timedelta(minutes=random.randrange(24 * 60, 24 * 24 * 60))
        to = _next(random, here, stages)
        if to is None or at > end:
            break
        left_out = stages_left_out(here, to, stages, {step.stage.code for step in way})
        way.append(Step(to, at, exit_of(here, to, left_out), tuple(stage.pk for stage in left_out)))
    return way


def _next(random: Random, here: Stage, stages: list[Stage]) -> Stage | None:
    opened = [stage for stage in stages if stage.is_open]
    at, chance = opened.index(here), random.random()
    if chance < 0.05:
        return None
    if chance < 0.15:
        return next(stage for stage in stages if stage.kind == LOST)
    if chance < 0.20 and at > 0:
        return opened[at - 1]
    following = at + (2 if chance < 0.26 else 1)
    return opened[following] if following < len(opened) else next(stage for stage in stages if stage.kind == WON)


@dataclass
class Life:
    """An opportunity with all that happened to it."""

    row: Opportunity
    way: list[Step]
    company: Company
    transitions: list[StageTransition]
    closing: Closing | None = None

    @classmethod
    def of(cls, random: Random, company: Company, way: list[Step], customer: tuple[int, int, str]) -> Life:
        """The opportunity as it stands at the end; not saved."""
        customer_id, owner, customer_name = customer
        product_id, (product, price) = random.choice(list(company.products.items()))
        last = way[-1]
        row = Opportunity(
            name=f"{customer_name} {product}"[:120],
            customer_id=customer_id,
            product_id=product_id,
            owner_id=owner,
            amount=price * random.randrange(1, 12),
            expected_close_on=(way[0].at + dt.timedelta(days=random.randrange(30, 120))).date(),
            source=random.choice(("survey", "referral", "exhibition", "website", "cold_call", "partner")),
            next_step="确认报价" if last.stage.is_open else "",
            version_id=last.stage.version_id,
            stage=last.stage,
            state=OPEN if last.stage.is_open else last.stage.kind,
            span_seq=len(way),
            entered_stage_at=last.at,
            opened_at=way[0].at,
            closed_at=None if last.stage.is_open else last.at,
            close_reason=random.choice(REASONS) if last.stage.kind == LOST else "",
            close_note="" if last.stage.is_open else "条件谈妥",
            last_activity_at=last.at,
        )
        return cls(row, way, company, [])

    @property
    def department(self) -> int:
        """The owner's."""
        return self.company.departments[self.row.owner_id]

    def credit(self, step: Step) -> Credit:
        """What happened at a step is the owner's."""
        return Credit(
            self.row.owner_id, self.department, step.at, step.at, step.at.astimezone(self.company.zone).date()
        )

    def spans(self) -> list[StageSpan]:
        """The stay in each stage."""
        found: list[StageSpan] = []
        been: set[str] = set()
        for seq, step in enumerate(self.way, start=1):
            credit = self.credit(step)
            if found:
                leave(found[-1], step.stage, step.how, credit)
            found.append(enter(self.row, step.stage, credit, seq=seq, is_first=step.stage.code not in been))
            been.add(step.stage.code)
        return found

    def moves(self) -> list[StageTransition]:
        """The moves from stage to stage."""
        before: Stage | None = None
        for step in self.way:
            self.transitions.append(
                moves(
                    opportunity_id=self.row.pk,
                    from_stage_id=before.pk if before else None,
                    to_stage_id=step.stage.pk,
                    kind=MOVE if before else CREATE,
                    by_id=self.row.owner_id,
                    skipped=list(step.left_out),
                    **vars(self.credit(step)),
                )
            )
            before = step.stage
        return self.transitions

    def close(self) -> Iterator[Closing]:
        """The win or the loss, if it came to one; the moves are saved before."""
        row, last = self.row, self.way[-1]
        if last.stage.is_open:
            return
        way = [step.stage for step in self.way if step.stage.is_open]
        backs = sum(later.position < stage.position for stage, later in pairwise(way))
        self.closing = Closing(
            path=BETWEEN.join(stage.code for stage in way),
            left_out=len({pk for step in self.way for pk in step.left_out}),
            went_back=backs,
            opportunity_id=row.pk,
            transition_id=self.transitions[-1].pk,
            stage=self.way[-2].stage,
            verdict=last.stage.kind,
            amount=row.amount,
            customer_id=row.customer_id,
            product_id=row.product_id,
            source=row.source,
            cycle_seconds=seconds_between(row.opened_at, last.at),
            reason=row.close_reason,
            note=row.close_note,
            **vars(self.credit(last)),
        )
        yield self.closing

    def events(self) -> Iterator[tuple[dt.datetime, int, Event]]:
        """(when, who, what) for the journal."""
        about = {"opportunity_id": self.row.pk, "customer_id": self.row.customer_id}
        for number, step in enumerate(self.way):
            before = self.way[number - 1].stage if number else None
            yield step.at, self.row.owner_id, self._event(about, before, step)

    def _event(self, about: dict[str, int | None], before: Stage | None, step: Step) -> Event:
        row, credit = self.row, self.credit(step)
        whose = {"owner_id": row.owner_id, "department_id": self.department, "booked_on": credit.booked_on}
        if before is None:
            return OpportunityOpened(**about, **whose, stage=step.stage.name, amount=row.amount, name=row.name)
        if self.closing is None or step.stage.is_open:
            return StageMoved(
                **about,
                from_stage_id=before.pk,
                to_stage_id=step.stage.pk,
                from_stage=before.name,
                to_stage=step.stage.name,
                how=step.how,
                is_bypass=False,
                reason="",
            )
        if self.closing.verdict == LOST:
            return OpportunityLost(
                **about,
                **whose,
                amount=row.amount,
                reason=row.close_reason,
                from_stage=before.name,
                note=row.close_note,
            )
        days = round(Decimal(self.closing.cycle_seconds or 0) / DAY, 1)
        return OpportunityWon(
            **about, **whose, amount=row.amount, product_id=row.product_id, cycle_days=days, reason=row.close_note
        )
