"""A customer is known for the first time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.support.threads import at_once, rounds
from tests.world import World, make_world
from xiaocheng.foundation.fields.conditions import ALL, Condition, Rule
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import differences, totals
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import REGISTER
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.duplicates import Duplicate
from xiaocheng.selling.customers.models import OwnershipEpisode


def test_a_new_customer_is_the_registering_reps_own(world: World) -> None:
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="  杭州  云栖网络有限公司 ", phone="+86 138-0013-8000", level="A"))
    assert (row.name, row.name_key, row.phone_key) == ("杭州 云栖网络有限公司", "杭州云栖网络", "+8613800138000")
    assert row.owner_id == rep.person_id
    [episode] = queries.episodes(rep, row.pk)
    assert (episode.person_id, episode.started_cause, episode.ended_at) == (rep.person_id, "registration", None)
    assert [item.sentence for item in timeline("customers.customer", row.pk)] == ["登记了客户「杭州 云栖网络有限公司」"]


def test_it_is_found_by_part_of_the_name_pinyin_initials_and_phone(world: World) -> None:
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="杭州云栖网络有限公司", phone="13800138000"))
    for text in ("云栖", "yunqi", "yqwl", "8000", "杭州云栖网络有限公司"):
        assert list(queries.customers(rep, "mine", text)) == [row], text
    assert not queries.customers(rep, "mine", "云栖 9999").exists()


def test_it_counts_for_its_first_owner_on_the_day_it_became_known(world: World) -> None:
    manager, rep = world.actor("east_manager"), world.id("east_rep")
    day = clock.today() - dt.timedelta(days=40)
    commands.register(manager, CustomerDraft(name="甲公司", owner_id=rep, registered_on=day))
    counted = totals(world.actor("east_rep"), ["customers.registered"], period("day", day))
    assert counted == {"customers.registered": 1}
    assert differences() == []


def test_it_was_registered_on_the_day_that_a_file_tells_however_late_it_counts(world: World) -> None:
    rep, day = world.actor("east_rep"), clock.today() - dt.timedelta(days=40)
    change_rule(SYSTEM, "PeriodRules.closed_through", str(clock.today() - dt.timedelta(days=9)), clock.today())
    old = commands.register(rep, CustomerDraft(name="甲公司", registered_on=day))
    new = commands.register(rep, CustomerDraft(name="乙公司", registered_on=clock.today()))
    assert (clock.day_of(old.registered_at), clock.day_of(new.registered_at)) == (day, clock.today())
    assert old.booked_on > day, "its period is closed"
    lately = Rule(ALL, ((Condition("registered_at", "within", ("30",)),),))
    assert queries.preview(rep, lately).names == ("乙公司",)
    episode = OwnershipEpisode.objects.visible_to(rep).get(customer=old)
    assert clock.day_of(episode.started_at) == clock.today(), "it is not his any longer than that"
    assert differences() == []


def test_of_a_set_each_row_has_its_own_outcome(world: World) -> None:
    rep = world.actor("east_rep")
    drafts = [
        CustomerDraft(name="甲乙丙科技有限公司"),
        CustomerDraft(name=" "),
        CustomerDraft(name="甲乙丙科技(集团)股份有限公司武汉分公司"),
        CustomerDraft(name="丁公司", level="Z"),
        CustomerDraft(name="戊公司", email="nobody"),
        CustomerDraft(name="己公司", phone="12"),
        CustomerDraft(name="庚公司", registered_on=clock.today() + dt.timedelta(days=1)),
        CustomerDraft(name="辛" * 201),
        CustomerDraft(name="壬公司"),
    ]
    outcomes = commands.register_many(rep, drafts)
    fields = [outcome.refusal.field if outcome.refusal else None for outcome in outcomes]
    assert fields == [None, "name", None, "level", "email", "phone", "registered_on", "name", None]
    assert queries.customers(rep, "mine").count() == 3


def test_each_customer_of_a_set_gets_all_that_a_single_one_gets(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rep = world.actor("east_rep")
    names = [f"重庆{a}{b}{c}商行" for a in "甲乙丙" for b in "零一二三四五六七八九" for c in "零一二三四五六七八九"]
    drafts = [CustomerDraft(name=name, phone=f"139{i:08d}") for i, name in enumerate(names)]
    with django_assert_max_num_queries(40):
        outcomes = commands.register_many(rep, drafts)
    assert len(list(queries.customers(rep, "mine", "重庆"))) == 300
    for at in (0, 157, 299):
        row_id, name = outcomes[at].row_id or 0, names[at]
        assert [row.pk for row in queries.customers(rep, "mine", name)] == [row_id]
        assert [row.pk for row in queries.customers(rep, "mine", drafts[at].phone)] == [row_id]
        assert [item.sentence for item in timeline("customers.customer", row_id)] == [
            f"登记了客户「{drafts[at].name}」"
        ]
        assert [episode.person_id for episode in queries.episodes(rep, row_id)] == [rep.person_id]
    assert {row.sort_key[:9] for row in queries.customers(rep, "mine")} == {"chongqing"}
    again = commands.register_many(rep, drafts)
    assert [outcome.existing_id for outcome in again] == [outcome.row_id for outcome in outcomes]


def test_the_same_name_or_phone_is_refused_once_known(world: World) -> None:
    rep = world.actor("east_rep")
    first = commands.register(rep, CustomerDraft(name="杭州云栖网络有限公司", phone="0571-8800 1234"))
    with pytest.raises(Duplicate) as by_name:
        commands.register(rep, CustomerDraft(name="杭州云栖网络(有限责任公司)"))
    with pytest.raises(Duplicate) as by_phone:
        commands.register(rep, CustomerDraft(name="另一家", phone="057188001234"))
    assert (by_name.value.field, by_phone.value.field) == ("name", "phone")
    assert by_name.value.customer_id == first.pk


def test_a_duplicate_out_of_sight_is_refused_without_saying_more_than_a_hint_has_told(world: World) -> None:
    commands.register(world.actor("south_rep"), CustomerDraft(name="绝密客户有限公司", phone="13900139000"))
    rep = world.actor("east_rep")
    for is_told in (False, True):
        with pytest.raises(Duplicate) as refusal:
            commands.register(rep, CustomerDraft(name="别的名字", phone="13900139000"))
        assert refusal.value.customer_id is None
        assert ("钱外人" in str(refusal.value)) is is_told and "绝密" not in str(refusal.value)
        commands.hint(rep, "", "13900139000")


def test_registering_many_tells_nobody_how_many_are_whose(world: World) -> None:
    drafts = [CustomerDraft(name=f"绝密客户{n}") for n in range(3)]
    commands.register_many(world.actor("south_rep"), drafts)
    change_rule(world.actor("administrator"), "CustomerRules.hints_a_day", "1", clock.today())
    rep = world.actor("east_rep")
    for draft in drafts:
        commands.hint(rep, draft.name)
    refusals = [str(outcome.refusal) for outcome in commands.register_many(rep, drafts)]
    assert ["钱外人" in text for text in refusals] == [True, False, False]


def test_somebody_who_looked_may_register_in_spite_of_a_likely_duplicate(world: World) -> None:
    rep = world.actor("east_rep")
    first = commands.register(rep, CustomerDraft(name="新华书店"))
    second = commands.register(rep, CustomerDraft(name="新华书店", despite_duplicates=True))
    assert first.pk != second.pk


def test_two_people_may_share_a_name_but_not_a_phone(world: World) -> None:
    rep = world.actor("east_rep")
    commands.register(rep, CustomerDraft(name="王伟", is_person=True, phone="13700000001"))
    commands.register(rep, CustomerDraft(name="王伟", is_person=True, phone="13700000002"))
    with pytest.raises(Duplicate):
        commands.register(rep, CustomerDraft(name="王大伟", is_person=True, phone="13700000001"))


def test_within_one_set_a_repeated_customer_is_taken_once(world: World) -> None:
    outcomes = commands.register_many(world.actor("east_rep"), [CustomerDraft(name="甲乙丙")] * 3)
    assert [outcome.refusal is None for outcome in outcomes] == [True, False, False]


def test_a_rep_cannot_register_a_customer_for_a_colleague(world: World) -> None:
    with pytest.raises(RuleBroken) as refusal:
        commands.register(world.actor("east_rep"), CustomerDraft(name="甲", owner_id=world.id("east_peer")))
    assert refusal.value.field == "owner_id"


def test_a_manager_registers_for_his_team_but_not_for_another(world: World) -> None:
    manager = world.actor("east_manager")
    row = commands.register(manager, CustomerDraft(name="甲乙丙", owner_id=world.id("shanghai_rep")))
    assert row.owner_id == world.id("shanghai_rep")
    with pytest.raises(RuleBroken):
        commands.register(manager, CustomerDraft(name="丁戊己", owner_id=world.id("south_rep")))


def test_without_owner_the_system_puts_a_customer_into_the_imported_pool(world: World) -> None:
    row = commands.register(SYSTEM, CustomerDraft(name="甲乙丙"))
    assert row.pool is not None and row.pool.code == "imported"
    assert not queries.customers(world.actor("east_rep"), "all").exists()
    assert queries.customers(world.actor("administrator"), "pool").get() == row


def test_without_the_capability_nothing_is_registered(world: World) -> None:
    rep = world.actor("east_rep")
    with pytest.raises(NotAllowed):
        commands.register(replace(rep, capabilities=rep.capabilities - {REGISTER}), CustomerDraft(name="甲乙丙"))
    assert not queries.customers(rep).exists()


def test_a_null_byte_is_no_text(world: World) -> None:
    row = commands.register(world.actor("east_rep"), CustomerDraft(name="甲\x00乙丙", needs="\x00要\x00"))
    assert (row.name, row.needs) == ("甲乙丙", "要")


@rounds(1)
@pytest.mark.django_db(transaction=True)
def test_of_many_who_register_the_same_company_at_once_one_succeeds(rounds: int) -> None:
    world = make_world()
    for turn in range(rounds):
        names = [f"第{turn}之{n}机械有限公司" for n in range(5)]

        def try_to(number: int, names: list[str] = names) -> list[bool]:
            actor = world.actor(("east_rep", "east_peer", "south_rep")[number % 3])
            drafts = [CustomerDraft(name=name) for name in names]
            return [outcome.refusal is None for outcome in commands.register_many(actor, drafts)]

        answers = at_once(try_to)
        assert [sum(tried) for tried in zip(*answers, strict=True)] == [1] * len(names)
