"""Opportunities of six months: opened, moved, stuck, skipped, won and lost through the real commands."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import Person, actor_for
from xiaocheng.selling.pipeline.commands import (
    CoOwner,
    OpportunityDraft,
    RivalDraft,
    StageStep,
    TacticDraft,
    agree_shares,
    edit,
    lose,
    move,
    note_evidence,
    open_opportunity,
    set_rivals,
    tick,
    use_tactic,
    win,
)
from xiaocheng.selling.pipeline.queries import Opportunity, Stage, competitors, library, offered_tactics

from . import words
from .fields import of_opportunity

# stage -> median days until the next one, and the chance to lose the deal there; deals stick in the quote
COURSE = {
    "identify": (3, 0.06),
    "contact": (5, 0.10),
    "needs": (8, 0.10),
    "introduce": (7, 0.12),
    "quote": (19, 0.18),
    "negotiate": (8, 0.15),
}
HASTE = 0.12  # how often a stage is left without what it requires
NEEDS = {
    "background": ("月产量约四万箱，三班倒", "新厂房明年投产，设备正在选型", "为两家连锁商超供货，旺季订单翻倍"),
    "problems": ("包装线经常停机，人工补位", "喷码不清晰被客户退货", "换型时间长，影响交期"),
    "pains": ("每月因停机损失约八万元", "追溯要求达不到会失去大客户", "用工成本两年涨了三成"),
}
# why deals are won -> what some of those who won them put into the library, and for which stage
WON_BY = {
    "方案针对停机问题，试用一周效果明显": ("先免费试用一周，用停机数据说话", "introduce"),
    "交期比对手短两周": ("报价时一并承诺交期，写进合同", "quote"),
    "老客户推荐，信任基础好": ("第一次拜访前请老客户打个电话", "contact"),
    "三年维护成本算清楚后客户认可": ("把三年维护成本和对手并排算给财务看", "quote"),
    "带客户看了同行的产线，当场定了": ("带决策人去同行的现场看一次", "introduce"),
    "生产和财务一起开了会，没有再比价": ("谈价之前让生产和财务坐到一起", "negotiate"),
    "需求问得细，方案一次就通过": ("需求分析时把停机记录逐条抄下来", "needs"),
    "先小批量供货，客户放心了再签大单": ("先签一张小单，再谈全年框架", "negotiate"),
}


@dataclass(frozen=True)
class Deal:
    """One opportunity that is going to happen."""

    customer_id: int
    name: str
    product_id: int
    price: Decimal
    opened_on: dt.date
    skips_needs: bool
    seed: str


class Course:
    """The life of one deal up to an instant."""

    def __init__(
        self,
        actor: Actor,
        deal: Deal,
        stages: list[Stage],
        until: dt.datetime,
        supervisor: Person | None,
        colleagues: Sequence[int] = (),
    ) -> None:
        self.actor, self.deal, self.until, self.supervisor = actor, deal, until, supervisor
        self.colleagues = [pk for pk in colleagues if pk != actor.person_id]
        self.stages = [stage for stage in stages if stage.is_open]
        self.dice = random.Random(deal.seed)  # noqa: S311 - the demo company shall be the same each time
        self.habits = random.Random(f"{deal.seed} tactics")  # noqa: S311 - the deals themselves stay as they were
        self.when = clock.instant(deal.opened_on, dt.time(self.dice.randint(9, 17), self.dice.randint(0, 59)))

    def live(self) -> None:
        """Open the deal and take it as far as it has come by then, in one transaction."""
        with transaction.atomic():
            opportunity = self._open()
            self._fight_and_share(opportunity)
            for here, following in zip(self.stages, [*self.stages[1:], None], strict=True):
                if here.code == "needs" and self.deal.skips_needs:
                    continue
                entered = self.when
                if not self._wait(here.code):
                    self._begin(opportunity, here, entered)
                    self._plan_next(opportunity, entered)
                    return
                with clock.as_of(self.when):
                    if self.dice.random() < COURSE[here.code][1]:
                        self._lose(opportunity)
                        return
                    opportunity = self._go_on(opportunity, here, following)

    def _open(self) -> Opportunity:
        expected = self.deal.opened_on + dt.timedelta(days=self.dice.randint(40, 110))
        with clock.as_of(self.when):
            return open_opportunity(
                self.actor,
                OpportunityDraft(
                    customer_id=self.deal.customer_id,
                    name=self.deal.name,
                    product_id=self.deal.product_id,
                    amount=self.deal.price * self.dice.choice((1, 1, 1, 2, 2, 3, 5)),
                    expected_close_on=expected,
                    source=self.dice.choice(("referral", "exhibition", "website", "cold_call", "survey", "hotline")),
                    custom=of_opportunity(self.deal.customer_id),
                ),
            )

    def _fight_and_share(self, opportunity: Opportunity) -> None:
        """Against whom some deals are fought, and with whom a few are shared; the other dice fall as before."""
        dice = random.Random(f"{self.deal.seed} rivals")  # noqa: S311
        with clock.as_of(self.when):
            if dice.random() < 0.3:
                row = dice.choice(list(competitors(self.actor)))
                set_rivals(self.actor, opportunity.pk, [RivalDraft(row.pk, dice.choice(words.STAND))])
                opportunity.refresh_from_db(fields=["competitor", "edit_version"])
            if self.colleagues and dice.random() < 0.05:
                share = CoOwner(dice.choice(self.colleagues), Decimal(dice.choice((20, 30, 40, 50))))
                agree_shares(self.actor, opportunity.pk, [share])

    def _wait(self, code: str) -> bool:
        """Let time pass; False when the deal still stands there at the end."""
        days = COURSE[code][0] * self.dice.lognormvariate(0, 0.6)
        self.when += dt.timedelta(days=days)
        local = self.when.astimezone(clock.zone())
        self.when = clock.instant(local.date(), dt.time(self.dice.randint(9, 17), self.dice.randint(0, 59)))
        return self.when < self.until

    def _begin(self, opportunity: Opportunity, here: Stage, entered: dt.datetime) -> None:
        """What was done so far in the stage in which a deal still stands: some steps, a quote mostly in time."""
        began = random.Random(f"{self.deal.seed} {here.code}")  # noqa: S311 - the other dice fall as before
        later = min(self.until, entered + dt.timedelta(days=began.randint(1, 3)))
        by_hand = [step.key for step in here.checklist if not step.evidence]
        with clock.as_of(later):
            for key in by_hand[: began.randint(0, len(by_hand) - 1)]:
                tick(self.actor, opportunity.pk, key)
            if here.code == "quote" and began.random() < 0.7:
                occurrence = f"demo.quote:{opportunity.pk}"
                note_evidence(self.actor, opportunity.pk, "quote", occurrence, later, is_contact=False)

    def _plan_next(self, opportunity: Opportunity, entered: dt.datetime) -> None:
        """The next step of a deal that is still open: mostly in the days to come, some have been forgotten."""
        day = entered.astimezone(clock.zone()).date() + dt.timedelta(days=self.dice.randint(2, 10))
        today = self.until.astimezone(clock.zone()).date()
        if day < today and self.dice.random() < 0.8:
            day = today + dt.timedelta(days=self.dice.randint(0, 9))
        with clock.as_of(entered):
            step = self.dice.choice(words.NEXT_STEPS)
            edit(self.actor, opportunity.pk, opportunity.edit_version, next_step=step, next_step_on=day)

    def _go_on(self, opportunity: Opportunity, here: Stage, following: Stage | None) -> Opportunity:
        if following is None:
            self._do(opportunity, _required(here))
            return self._win(opportunity)
        if self.habits.random() < 0.25:
            self._use_what_is_offered(opportunity)
        if here.code == "contact" and self.deal.skips_needs:
            following = self.stages[self.stages.index(following) + 1]
        if here.code == "needs":
            texts = {name: self.dice.choice(choices) for name, choices in NEEDS.items()}
            edit(self.actor, opportunity.pk, opportunity.edit_version, **texts)
        return self._leave(opportunity, here, following)

    def _leave(self, opportunity: Opportunity, here: Stage, following: Stage) -> Opportunity:
        """Do what the stage requires and move; now and then a supervisor lets the deal pass, and it is done later."""
        haste = random.Random(f"{self.deal.seed} {here.code} haste")  # noqa: S311 - the other dice fall as before
        steps = _required(here)
        if not steps or self.supervisor is None or haste.random() > HASTE:
            self._do(opportunity, steps)
            return move(self.actor, opportunity.pk, following.pk)
        reason = haste.choice(words.WAIVED)
        moved = move(actor_for(self.supervisor), opportunity.pk, following.pk, bypass=True, reason=reason)
        later = self.when + dt.timedelta(days=1)
        if haste.random() < 0.5 and later < self.until:
            with clock.as_of(later):
                self._do(opportunity, [step for step in steps if not step.evidence])
        return moved

    def _do(self, opportunity: Opportunity, steps: Sequence[StageStep]) -> None:
        """Tick steps, and note what proves those that are not ticked by hand."""
        for step in steps:
            if step.evidence:
                occurrence = f"demo.{step.evidence}:{opportunity.pk}"
                note_evidence(self.actor, opportunity.pk, step.evidence, occurrence, clock.now(), is_contact=False)
            else:
                tick(self.actor, opportunity.pk, step.key)

    def _win(self, opportunity: Opportunity) -> Opportunity:
        reason = self.dice.choice(tuple(WON_BY))
        title, stage = WON_BY[reason]
        told = self.habits.random() < 0.5 and not library(self.actor).filter(title=title).exists()
        return win(self.actor, opportunity.pk, reason, tactic=TacticDraft(title, stage=stage) if told else None)

    def _use_what_is_offered(self, opportunity: Opportunity) -> None:
        offers = offered_tactics(self.actor, opportunity.pk)
        if known := [item.tactic.pk for item in offers if item.tactic.written_at <= self.when]:
            use_tactic(self.actor, opportunity.pk, self.habits.choice(known))

    def _lose(self, opportunity: Opportunity) -> None:
        reason = self.dice.choice(words.LOST_REASONS)
        rival = self.dice.choice(words.COMPETITORS) if reason == "competitor" else ""
        lose(self.actor, opportunity.pk, reason, competitor=rival)


def _required(stage: Stage) -> list[StageStep]:
    return [step for step in stage.checklist if step.is_required]


def plan_deals(
    dice: random.Random,
    customers: list[int],
    products: list[tuple[int, str, Decimal]],
    first_day: dt.date,
    days: int,
    skips_needs: bool,
) -> list[Deal]:
    """The deals of one rep over a number of days, the earliest first."""
    deals = []
    for customer in dice.choices(customers, k=max(1, days // 6)):
        product_id, product, price = dice.choice(products)
        opened_on = first_day + dt.timedelta(days=dice.randrange(days))
        seed = f"{customer} {opened_on} {product_id}"
        name = product + dice.choice(words.DEALS)
        deals.append(Deal(customer, name, product_id, price, opened_on, skips_needs and dice.random() < 0.75, seed))
    return sorted(deals, key=lambda deal: deal.opened_on)
