"""Whatever people and the clock do in any order, every customer is somewhere: a model beside the product."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.world import EVERYBODY, World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import Refusal
from xiaocheng.foundation.org.commands import (
    add_duty_site,
    change_rule,
    disable_person,
    enable_person,
    move_person,
    set_duty,
)
from xiaocheng.foundation.org.queries import supervisor_of
from xiaocheng.selling.customers import claiming, commands, queries
from xiaocheng.selling.customers.commands import Contacted, CustomerDraft, HandoverDraft, Member, ReceptionDraft
from xiaocheng.selling.customers.commands.contacted import Deal
from xiaocheng.selling.customers.models import (
    Customer,
    CustomerMember,
    Dispute,
    Extension,
    OwnerQuestion,
    OwnershipEpisode,
    Pool,
    Reception,
    RestoreOffer,
)

MONDAY = dt.date(2026, 3, 2)
REPS = ("east_rep", "east_peer", "shanghai_rep")
ON_DUTY = "east_peer"
DAYS, A_DAY, HELD, COOLING, WAITING, MORE_DAYS, MORE_TIMES = 3, 2, 3, 2, 1, 3, 2
DAY = dt.timedelta(days=1)
PUBLIC, IMPORTED, AWAITING = "public", "imported", "awaiting"
rep = st.sampled_from(REPS)
which = st.integers(0, 30)


@dataclass
class Known:
    """What the model knows of a customer: whose it is (a rep, a pool, or awaiting), since when, and how he got it."""

    holder: str
    since: dt.date  # the last contact that counts, or the beginning
    claimed: bool = False
    asleep: bool = False
    sold: bool = False
    owes: bool = False  # the company reads the rule strictly: until it has paid, the time limit runs on
    extended_to: dt.date | None = None
    extensions: int = 0
    team: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()  # whose it was
    claimant: str = ""  # who says that it is his; nobody has decided
    asking: frozenset[str] = frozenset()  # who waits for the holder's answer
    heard: frozenset[str] = frozenset()  # about whose claim to this stretch was decided

    @property
    def is_timed(self) -> bool:
        """Whoever is not sold to yet, or still owes."""
        return not self.sold or self.owes

    @property
    def lapses_on(self) -> dt.date:
        """The midnight at which he is late, unless the customer sleeps or is sold."""
        by_rule = self.since + (DAYS + 1) * DAY
        return max(by_rule, self.extended_to or by_rule)


class Ownership(RuleBasedStateMachine):
    """Three reps, their supervisors, two pools, a roster, and a clock that only runs forward.

    A command that changes owners joins as one more rule that says what it does to `known` (merging: the one that goes
    leaves `known`, the one that stays keeps its holder); the invariants below hold for all of them.
    """

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.now = clock.instant(MONDAY, dt.time(10))
        self.known: dict[int, Known] = {}
        self.start: dt.date | None = None  # said by the administrator, and not done yet
        self.let_go: dict[tuple[str, int], dt.date] = {}
        self.claims: Counter[tuple[str, dt.date]] = Counter()
        rules = {"FirstContactRules.days": DAYS, "FirstContactRules.awaiting_days": WAITING,
                 "FirstContactRules.back_to_owner_days": COOLING, "PoolRules.claims_a_day": A_DAY,
                 "PoolRules.most_held": HELD, "FirstContactRules.extension_days": MORE_DAYS,
                 "FirstContactRules.extensions": MORE_TIMES, "FirstContactRules.until": "paid"}  # fmt: skip
        with clock.as_of(self.now):
            for key, value in rules.items():
                change_rule(SYSTEM, key, str(value), since=MONDAY)
            for code in (PUBLIC, IMPORTED):
                commands.standard_pool(code)
            self.site = add_duty_site(SYSTEM, "展厅", "site", self.world.department_ids["east"]).pk
            self.put_on_duty(MONDAY)
        self.pools = dict(Pool.objects.values_list("code", "pk"))
        self.register("east_rep", 3)
        self.imported(4, owner="")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    @property
    def today(self) -> dt.date:
        return clock.day_of(self.now)

    def do(self, who: str, command: Any, *args: Any, **values: Any) -> Any:
        """Run a command as somebody; the sentence of a refusal instead of its answer."""
        actor = self.world.actor(who) if who else SYSTEM
        try:
            with clock.as_of(self.now), transaction.atomic():
                return command(actor, *args, **values)
        except Refusal as refusal:
            return f"{refusal.sentence}"

    def put_on_duty(self, since: dt.date) -> None:
        """Whoever leaves is on the roster no longer."""
        self.do("", set_duty, self.site, since, since + 90 * DAY, [self.world.id(ON_DUTY)])

    def pick(self, number: int) -> tuple[int, Known]:
        pk = list(self.known)[number % len(self.known)]
        return pk, self.known[pk]

    def give(self, pk: int, holder: str, *, claimed: bool = False) -> None:
        before = self.known[pk]
        team = before.team - {holder} if holder in REPS else frozenset()
        claimant = "" if before.claimant == holder else before.claimant
        self.known[pk] = Known(
            holder, self.today, claimed, sold=before.sold, owes=before.owes, team=team, claimant=claimant,
            once=before.once | {before.holder}, asking=before.asking - {holder} if holder in REPS else frozenset(),
        )  # fmt: skip

    def held(self, who: str) -> int:
        return sum(it.holder == who and it.claimed and not it.sold for it in self.known.values())

    def may_take(self, who: str, pk: int) -> bool:
        at = self.let_go.get((who, pk))
        return at is None or at + COOLING * DAY <= self.today

    def may_claim(self, who: str, pk: int) -> bool:
        free = self.known[pk].holder == PUBLIC and not self.known[pk].claimant and self.may_take(who, pk)
        return free and self.claims[who, self.today] < A_DAY and self.held(who) < HELD

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)

    @rule(who=rep, count=st.integers(1, 3))
    def register(self, who: str, count: int) -> None:
        self._make(who, count, [CustomerDraft(name="新", despite_duplicates=True)] * count, "registration", who)

    @rule(count=st.integers(1, 3), owner=st.sampled_from(["", *REPS]))
    def imported(self, count: int, owner: str) -> None:
        draft = CustomerDraft(
            name="旧", despite_duplicates=True, owner_id=self.world.id(owner) if owner else None,
            pool_id=None if owner else self.pools[PUBLIC],
        )  # fmt: skip
        self._make("", count, [draft] * count, "import", owner or PUBLIC)

    def _make(self, who: str, count: int, drafts: list[CustomerDraft], cause: str, holder: str) -> None:
        if len(self.known) < 15:
            for outcome in self.do(who, commands.register_many, drafts, cause=cause):
                self.known[outcome.row_id] = Known(holder, self.today, asleep=cause == "import")

    @rule(who=rep, numbers=st.lists(which, min_size=1, max_size=4))
    def claim(self, who: str, numbers: list[int]) -> None:
        self._claim(who, [self.pick(number)[0] for number in numbers])

    @rule(who=rep)
    def claim_whatever_is_there(self, who: str) -> None:
        """More than the limits allow, in one set."""
        self._claim(who, [pk for pk, it in self.known.items() if it.holder == PUBLIC])

    def _claim(self, who: str, ids: list[int]) -> None:
        outcomes = self.do(who, commands.claim_many, ids)
        for pk, outcome in zip(ids, outcomes, strict=True):
            assert (outcome.refusal is None) == self.may_claim(who, pk), outcome.refusal
            if outcome.refusal is None:
                self.give(pk, who, claimed=True)
                self.claims[who, self.today] += 1

    @rule(who=rep, number=which)
    def release(self, who: str, number: int) -> None:
        pk, before = self.pick(number)
        done = self.do(who, commands.release, pk, "no_need")
        assert (done is None) == (before.holder == who and not before.claimant), done
        if done is None:
            self.give(pk, PUBLIC)
            self.let_go[who, pk] = self.today

    @rule(numbers=st.lists(which, min_size=1, max_size=4), code=st.sampled_from([PUBLIC, IMPORTED]))
    def move_to_pool(self, numbers: list[int], code: str) -> None:
        """From one pool to another, by whoever assigns."""
        ids = list(dict.fromkeys(self.pick(number)[0] for number in numbers))
        outcomes = self.do("director", commands.move_to_pool, ids, self.pools[code])
        for pk, outcome in zip(ids, outcomes, strict=True):
            before = self.known[pk]
            goes = before.holder in {PUBLIC, IMPORTED} - {code} and not before.claimant
            assert (outcome.refusal is None) == goes, outcome.refusal
            if goes:
                self.give(pk, code)

    @rule(people=st.lists(rep, min_size=1, max_size=3, unique=True), numbers=st.lists(which, min_size=1, max_size=6),
          way=st.sampled_from(["even", "turn"]))  # fmt: skip
    def hand_out(self, people: list[str], numbers: list[int], way: str) -> None:
        ids = list(dict.fromkeys(self.pick(number)[0] for number in numbers))
        outcomes = self.do("director", commands.distribute, ids, [self.world.id(key) for key in people], way)
        owners = dict(self._rows().values_list("pk", "owner"))
        keys = {self.world.id(key): key for key in people}
        for pk, outcome in zip(ids, outcomes, strict=True):
            held = self.known[pk].claimant
            assert held or owners[pk] in keys
            assert (outcome.refusal is not None) == bool(held or self.known[pk].holder == keys[owners[pk]])
            if outcome.refusal is None:
                self.give(pk, keys[owners[pk]])

    @rule(who=rep, number=which)
    def receive(self, who: str, number: int) -> None:
        """Who has an owner is received by him, also where a co-owner writes it down."""
        pk, before = self.pick(number)
        owners = {before.holder, *self.co_owners(pk)}
        done = self.do(who, commands.receive, ReceptionDraft(customer_id=pk))
        may = before.holder == AWAITING and who == ON_DUTY and self.may_take(who, pk) and not before.claimant
        assert (isinstance(done, Reception) and done.outcome == "taken") == may, done
        if may:
            self.give(pk, who)
        elif before.holder in REPS and who in owners and before.is_timed:
            before.since, before.asleep = self.today, False

    def co_owners(self, pk: int) -> set[str]:
        """Those of the team who do not only assist; that it is this team is looked at after every step."""
        rows = CustomerMember.objects.visible_to(SYSTEM).filter(customer=pk, ended_at=None, role="co_owner")
        return {key for key in REPS if self.world.id(key) in set(rows.values_list("person", flat=True))}

    @rule(who=rep, number=which)
    def receive_by_turn(self, who: str, number: int) -> None:
        """At the site whose turn it is receives: a customer of a pool is claimed by him, within his limits."""
        pk, before = self.pick(number)
        if before.holder not in {PUBLIC, AWAITING}:
            return
        done = self.do(who, commands.receive, ReceptionDraft(customer_id=pk, site_id=self.site))
        pooled = before.holder == PUBLIC
        may = self.may_claim(ON_DUTY, pk) if pooled else self.may_take(ON_DUTY, pk) and not before.claimant
        outcome = ("claimed" if may else "disputed" if before.claimant else "pool") if pooled else "taken"
        assert isinstance(done, Reception) == (pooled or may or bool(before.claimant)), done
        if isinstance(done, Reception):
            assert done.outcome == ("disputed" if before.claimant else outcome)
            assert done.credit_person_id == self.world.id(ON_DUTY)
        if may:
            self.give(pk, ON_DUTY, claimed=pooled)
            self.claims[ON_DUTY, self.today] += pooled

    @rule(who=rep, number=which, valid=st.booleans())
    def be_in_touch(self, who: str, number: int, valid: bool) -> None:
        pk, before = self.pick(number)
        self.do("", commands.note_contacts, [Contacted(pk, self.world.id(who), self.now, valid=valid)])
        if valid and who in {before.holder, *before.team} and before.is_timed:
            before.since, before.asleep = self.today, False

    @rule(who=rep, number=which, mates=st.frozensets(rep, max_size=2))
    def work_together(self, who: str, number: int, mates: frozenset[str]) -> None:
        pk, before = self.pick(number)
        team = [Member(self.world.id(mate), "co_owner", Decimal("33.33")) for mate in sorted(mates)]
        done = self.do(who, commands.agree_team, pk, team)
        assert isinstance(done, list) == (before.holder == who and who not in mates), done
        if isinstance(done, list):
            before.team = mates

    @rule(who=rep, number=which, days=st.integers(1, 4), agreed=st.booleans())
    def ask_for_more_time(self, who: str, number: int, days: int, agreed: bool) -> None:
        pk, before = self.pick(number)
        runs = before.holder == who and before.is_timed and not before.asleep and before.lapses_on > self.today
        asked = self.do(who, commands.ask_extension, pk, days, "等样机")
        may = runs and days <= MORE_DAYS and before.extensions < MORE_TIMES
        assert isinstance(asked, Extension) == may, asked
        if may:
            [above, *_others] = supervisor_of(self.world.id(who), self.today)
            [key] = (key for key in EVERYBODY if self.world.id(key) == above)
            if agreed:
                before.extensions, before.extended_to = before.extensions + 1, before.lapses_on + days * DAY
                assert self.do(key, commands.grant_extension, asked.pk).until == before.extended_to
            else:
                assert self.do(key, commands.refuse_extension, asked.pk, "先联系").until is None

    @rule(ahead=st.integers(0, 3))
    def start_the_clocks(self, ahead: int) -> None:
        """The administrator says from when the time limit of sleepers counts; until then he may say another day."""
        day, asleep = self.today + ahead * DAY, len(self.sleepers())
        done = self.do("administrator", commands.start_clocks, day)
        may = self.start is None or self.start > self.today or self.start == day
        assert done == asleep if may else isinstance(done, str), done
        if may and asleep:
            self.start = day

    @rule()
    def let_them_sleep_on(self) -> None:
        done = self.do("administrator", commands.withdraw_start)
        assert isinstance(done, int) == (self.start is not None and self.start > self.today), done
        if isinstance(done, int):
            self.start = None

    @rule()
    def begin_the_clocks(self) -> None:
        begun, day = self.do("", commands.begin_clocks), self.start
        if day is None or day > self.today:
            assert begun == 0
            return
        asleep, self.start = self.sleepers(), None
        assert begun == len(asleep)
        for it in asleep:
            it.asleep, it.since = False, max(day, it.since)

    def sleepers(self) -> list[Known]:
        return [it for it in self.known.values() if it.asleep and it.holder in REPS and not it.sold]

    @rule(who=rep, number=which, agreed=st.booleans())
    def a_late_contact_arrives(self, who: str, number: int, agreed: bool) -> None:
        """Recorded offline just before the lapse; the supervisor takes the lapse back as long as nobody took it up."""
        pk, before = self.pick(number)
        story = OwnershipEpisode.objects.visible_to(SYSTEM).filter(customer=pk, person_id=self.world.id(who))
        lapsed = story.filter(ended_cause="lapse").order_by("pk").last()
        if lapsed is None or lapsed.ended_at is None:
            return
        at = lapsed.ended_at - dt.timedelta(minutes=1)
        late = [Contacted(pk, self.world.id(who), max(at, lapsed.started_at), queued_at=at)]
        self.do("", commands.offer_restores, late)
        [offer] = RestoreOffer.objects.visible_to(SYSTEM).filter(episode=lapsed)
        if offer.state != "offered":
            return
        [above, *_others] = supervisor_of(self.world.id(who), self.today)
        [key] = (key for key in EVERYBODY if self.world.id(key) == above)
        if not agreed:
            assert isinstance(self.do(key, commands.decline_restore, offer.pk, "再议"), RestoreOffer)
            return
        present = OwnershipEpisode.objects.visible_to(SYSTEM).get(customer=pk, ended_at=None)
        row = self._rows().get(pk=pk)
        taken_up = row.owner_id and (row.clock_since is None or row.clock_since > present.started_at)
        done = self.do(key, commands.restore, offer.pk)
        assert isinstance(done, RestoreOffer) == (not before.claimant and not taken_up and before.holder != who), done
        if isinstance(done, RestoreOffer):
            self.give(pk, who)

    @rule(who=rep, number=which)
    def claim_as_own(self, who: str, number: int) -> None:
        """Whoever sees it, or had it once, says that it is his."""
        pk, before = self.pick(number)
        case = self.do(who, commands.open_dispute, pk, "我的")
        knows = before.holder in {PUBLIC, AWAITING} or who in before.once | before.team
        free = before.holder != who and not before.claimant and who not in before.heard
        assert isinstance(case, Dispute) == (knows and free), case
        if knows and free:
            before.claimant = who

    @rule(number=which, verdict=st.sampled_from(["stays", "given", "shared", "withdrawn"]))
    def decide(self, number: int, verdict: str) -> None:
        """Whoever is above both decides, or the claimant gives up."""
        open_ones = [pk for pk, it in self.known.items() if it.claimant]
        if not open_ones:
            return
        pk = open_ones[number % len(open_ones)]
        before, case = self.known[pk], Dispute.objects.visible_to(SYSTEM).get(customer=pk, state="open")
        who = before.claimant
        if verdict == "withdrawn":
            assert isinstance(self.do(who, commands.withdraw_dispute, case.pk), Dispute)
            before.claimant = ""
            return
        [judge, *_others] = queries.deciders(SYSTEM, case.claimant_id, case.holder_id)
        [key] = (key for key in EVERYBODY if self.world.id(key) == judge)
        share = Decimal(20) if verdict == "shared" else None
        done = self.do(key, commands.decide_dispute, case.pk, verdict, "听过双方", share)
        may = verdict != "shared" or before.holder in REPS
        assert isinstance(done, Dispute) == may, done
        if may:
            before.claimant, before.heard = "", before.heard | {who}
        if may and verdict == "given":
            self.give(pk, who)
        if may and verdict == "shared":
            before.team |= {who}

    @rule(who=rep, number=which)
    def ask_the_owner(self, who: str, number: int) -> None:
        """As if a hint had told of the customer: all of them have the same name here."""
        pk, before = self.pick(number)
        if before.holder in REPS and who not in {before.holder, *before.team, *before.asking}:
            asker, owner = self.world.id(who), self.world.id(before.holder)
            OwnerQuestion.objects.add(
                OwnerQuestion(customer_id=pk, asker_id=asker, owner_id=owner, typed="旧", asked_at=self.now)
            )
            before.asking |= {who}

    @rule(number=which, outcome=st.sampled_from(["own", "other", "assist", "shared", "given", "withdrawn"]))
    def answer(self, number: int, outcome: str) -> None:
        """The owner answers, or whoever may hand it on; the asker may want no answer any more."""
        open_ones = [pk for pk, it in self.known.items() if it.asking]
        if not open_ones:
            return
        pk = open_ones[number % len(open_ones)]
        before = self.known[pk]
        who = min(before.asking)
        waiting = OwnerQuestion.objects.visible_to(SYSTEM).filter(state="open")
        question = waiting.get(customer=pk, asker=self.world.id(who))
        if outcome == "withdrawn":
            done = self.do(who, commands.withdraw_question, question.pk)
        else:
            by = "director" if outcome == "given" else before.holder
            share = Decimal(20) if outcome == "shared" else None
            done = self.do(by, commands.answer_question, question.pk, outcome, share=share)
        may = outcome != "given" or not before.claimant
        assert isinstance(done, OwnerQuestion) == may, done
        if not may:
            return
        before.asking -= {who}
        if outcome in {"assist", "shared"}:
            before.team |= {who}
        if outcome == "given":
            self.give(pk, who)

    @rule(number=which)
    def sell(self, number: int) -> None:
        pk, before = self.pick(number)
        if before.holder in REPS:
            deal = Deal(self.today, self.world.id(before.holder), self.world.department_ids["east"])
            self.do("", commands.note_first_deals, {pk: deal})
            before.sold = True

    @rule(number=which)
    def owe(self, number: int) -> None:
        """What was sold is to be paid; a payment that was taken back is owed anew."""
        pk, before = self.pick(number)
        if before.sold and not before.owes:
            self.do("", commands.note_debts, [pk], [])
            before.owes, before.since, before.asleep = True, self.today, False

    @rule(number=which)
    def pay(self, number: int) -> None:
        pk, before = self.pick(number)
        self.do("", commands.note_debts, [], [pk])
        before.owes = False

    @rule()
    def midnight(self) -> None:
        """The sweeps of the clock, which may come at any time."""
        late = {pk: it for pk, it in self.known.items() if it.holder in REPS and it.is_timed and not it.asleep}
        late = {pk: it for pk, it in late.items() if it.lapses_on <= self.today and not it.claimant}
        assert self.do("", commands.lapse_overdue) == len(late)
        for pk, it in late.items():
            self.let_go[it.holder, pk] = self.today
            self.give(pk, AWAITING)
        moved = self.do("", commands.end_waiting)
        pooled = set(self._rows().filter(pool=self.pools[PUBLIC]).values_list("pk", flat=True))
        waited = [pk for pk, it in self.known.items() if it.holder == AWAITING and pk in pooled]
        late = [pk for pk in waited if self.known[pk].since < self.today and not self.known[pk].claimant]
        assert moved == len(waited) == len(late)
        for pk in waited:
            self.give(pk, PUBLIC)

    @rule(who=rep, to=rep)
    def leave_and_come_back(self, who: str, to: str) -> None:
        if who != to:
            assert self.do("administrator", disable_person, self.world.id(who), self.world.id(to)) is not None
            self.do("administrator", enable_person, self.world.id(who))
            if who == ON_DUTY:
                self.put_on_duty(self.today)
            for pk, it in self.known.items():
                if it.holder == who:
                    self.give(pk, to)
                if it.claimant == who:
                    self.known[pk].claimant = ""
                self.known[pk].asking -= {who}
                now = self.known[pk]
                if who in now.team:
                    now.team = (now.team - {who}) | ({to} - {now.holder})

    @rule(who=rep, to=st.lists(rep, min_size=1, max_size=2, unique=True), keeps=st.lists(which, max_size=2),
          meanwhile=st.lists(which, max_size=1))  # fmt: skip
    def hand_over(self, who: str, to: list[str], keeps: list[int], meanwhile: list[int]) -> None:
        """A person changes post: some customers stay; somebody hands one out between the plan and the act."""
        if who in to:
            return
        draft = HandoverDraft(person_id=self.world.id(who), kind="moving", to_ids=[self.world.id(key) for key in to])
        plan = self.do("director", commands.plan_handover, draft)
        stay = {self.pick(number)[0] for number in keeps}
        theirs = {pk for pk, it in self.known.items() if it.holder == who}
        self.do("director", commands.share_handover, plan.pk, stay, [])
        late = {pk for pk in theirs & {self.pick(number)[0] for number in meanwhile} if not self.known[pk].claimant}
        for pk in late:
            self.hand_out([to[0]], [list(self.known).index(pk)], "even")
        done = self.do("director", commands.carry_out_handover, plan.pk)
        assert isinstance(done, str) == bool(late), done
        if late:
            self.do("director", commands.refresh_handover, plan.pk)
            done = self.do("director", commands.carry_out_handover, plan.pk)
        lines = dict(done.lines.values_list("customer", "to"))
        assert lines.keys() == {pk for pk, it in self.known.items() if it.holder == who}
        keys = {self.world.id(key): key for key in to}
        for pk, taker in lines.items():
            assert (taker is None) == (pk in stay)
            if taker is not None:
                self.give(pk, keys[taker])

    @rule(who=rep, department=st.sampled_from(["east", "shanghai"]))
    def move(self, who: str, department: str) -> None:
        place = {"department_id": self.world.department_ids[department], "manager_id": self.world.id("east_manager")}
        assert not isinstance(self.do("administrator", move_person, self.world.id(who), **place), str)

    def _rows(self) -> Any:
        return Customer.objects.visible_to(SYSTEM).filter(pk__in=list(self.known))

    @invariant()
    def every_customer_is_where_the_model_says(self) -> None:
        people = {self.world.id(key): key for key in REPS}
        codes = {pk: code for code, pk in self.pools.items()}
        rows = Customer.objects.visible_to(SYSTEM).values_list("pk", "owner", "pool", "is_awaiting", "clock_since")
        found = {}
        teams, active = defaultdict(set), CustomerMember.objects.visible_to(SYSTEM).filter(ended_at=None)
        pending = Dispute.objects.visible_to(SYSTEM).filter(state="open", customer__in_dispute=True)
        cases = {pk: people[claimant] for pk, claimant in pending.values_list("customer", "claimant")}
        for pk, mate in active.values_list("customer", "person"):
            teams[pk].add(mate)
        asking = defaultdict(set)
        for pk, asker, owner in (
            OwnerQuestion.objects.visible_to(SYSTEM).filter(state="open").values_list("customer", "asker", "owner")
        ):
            assert people[owner] == self.known[pk].holder
            asking[pk].add(people[asker])
        for pk, owner, pool, is_awaiting, since in rows:
            found[pk] = people[owner] if owner else codes[pool] if pool else AWAITING
            assert is_awaiting == (found[pk] == AWAITING)
            known = self.known[pk]
            assert {people[mate] for mate in teams[pk]} == known.team
            assert cases.get(pk, "") == known.claimant
            assert asking[pk] == known.asking
            assert (since is not None) == (known.holder in REPS and not known.sold and not known.asleep)
        assert found == {pk: it.holder for pk, it in self.known.items()}

    @invariant()
    def episodes_chain_without_gap_and_one_is_open(self) -> None:
        stories: dict[int, list[OwnershipEpisode]] = defaultdict(list)
        for row in OwnershipEpisode.objects.visible_to(SYSTEM).order_by("pk"):
            stories[row.customer_id].append(row)
        assert stories.keys() == self.known.keys()
        taken: Counter[tuple[int | None, dt.date]] = Counter()
        for pk, story in stories.items():
            assert (story[0].former_id, story[0].from_pool_id) == (None, None)
            for one, following in pairwise(story):
                assert one.ended_at == following.started_at and one.ended_cause == following.started_cause
                assert one.successor_id == following.person_id
                assert (one.person_id, one.pool_id) == (following.former_id, following.from_pool_id)
            taken.update((row.person_id, clock.day_of(row.started_at)) for row in story if row.started_cause == "claim")
            last, holder = story[-1], self.known[pk].holder
            assert last.ended_at is None
            owner = self.world.id(holder) if holder in REPS else None
            assert (last.person_id, last.pool_id) == (owner, self.pools.get(holder))
        assert not taken or max(taken.values()) <= A_DAY
        assert all(self.held(who) <= HELD for who in REPS)


def walk(world: World, examples: int, steps: int, **more: Any) -> int:
    """Let people do something so many times over; returns how many steps were taken."""

    class OwnershipHere(Ownership):
        steps = 0

        @invariant()
        def is_counted(self) -> None:
            OwnershipHere.steps += 1

    OwnershipHere.world = world
    run_state_machine_as_test(
        OwnershipHere,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )
    return OwnershipHere.steps - examples  # each begins with a look before the first step


def test_every_customer_is_somewhere_whatever_happens(world: World) -> None:
    assert walk(world, examples=6, steps=40) > 100


@pytest.mark.full
def test_every_customer_is_somewhere_for_long(world: World) -> None:
    assert walk(world, examples=600, steps=100) > 40_000


@pytest.mark.full
@pytest.mark.parametrize(("owner", "name"), [(claiming.Claims, "add"), (claiming, "cooling")])
def test_a_planted_fault_is_found(world: World, monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    monkeypatch.setattr(owner, name, lambda *arguments: None)
    with pytest.raises(AssertionError):
        walk(world, examples=40, steps=40, phases=[Phase.generate], database=None)
