"""Whoever is about to register a customer that he does not see asks its owner, who says what becomes of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import disable_person
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.models import Notification
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer, OwnerQuestion

pytestmark = pytest.mark.django_db
NAME, TYPED = "上海远景机械有限公司", "远景机械(上海)"


@pytest.fixture
def known(world: World) -> Customer:
    """A customer of 张三, of which 钱外人 is told when he types its phone."""
    return commands.register(world.actor("east_rep"), CustomerDraft(name=NAME, phone="021-55556666"))


def ask(world: World, key: str = "south_rep", text: str = "他找到我,要 3 台") -> OwnerQuestion:
    """Type its phone, be told, ask."""
    actor = world.actor(key)
    assert [it.customer_id for it in commands.hint(actor, TYPED, "021 5555 6666").customers] == [None]
    [question] = commands.ask_owners(actor, TYPED, "021 5555 6666", text)
    return question


def test_the_owner_is_asked_and_told_and_the_asker_learns_nothing_but_the_answer(world: World, known: Customer) -> None:
    owner, asker = world.actor("east_rep"), world.actor("south_rep")
    question = ask(world)
    assert (question.owner_id, question.typed) == (world.id("east_rep"), f"{TYPED} · 021 5555 6666")
    tell(SYSTEM)
    assert NAME in said(owner, notes(owner)[0]) and "向您询问" in said(owner, notes(owner)[0])
    assert [row.pk for row in queries.questions(owner, "waiting")] == [question.pk]
    assert queries.questions(world.actor("east_peer")).count() == 0
    [item] = commands.hint(asker, TYPED, "02155556666").customers
    assert item.question == question and not item.may_be_asked_about
    with pytest.raises(RuleBroken, match="已经询问过"):
        commands.ask_owners(asker, TYPED, "021 5555 6666")
    commands.answer_question(owner, question.pk, "own", "上周刚签了试用")
    tell(SYSTEM)
    note = notes(asker)[0]
    assert "答复了" in said(asker, note) and NAME not in str(Notification.rows.get(pk=note.pk).data)
    assert queries.question(asker, question.pk).answer == "上周刚签了试用"
    assert queries.customers_in_sight(asker, [question]) == {}
    with pytest.raises(NotFound):
        queries.customer(asker, known.pk)
    assert "答复了同事的询问:由负责人继续跟进" in [entry.sentence for entry in timeline("customers.customer", known.pk)]
    with pytest.raises(RuleBroken, match="现在的状态"):
        commands.answer_question(owner, question.pk, "assist")


def test_a_name_much_alike_out_of_sight_is_told_of_and_asked_about_another_is_not(
    world: World, known: Customer
) -> None:
    asker = world.actor("south_rep")
    for typed, told in (("上海远景机械设备有限公司", 1), ("上海源景机械", 1), ("上海远望机械", 0), ("上海远景", 0)):
        assert len(commands.hint(asker, typed).customers) == told, typed
    assert commands.ask_owners(asker, "上海远景机械设备有限公司")[0].customer_id == known.pk
    assert commands.hint(world.actor("east_rep"), "上海远景机械设备有限公司").customers[0].customer_id == known.pk


def test_only_what_a_hint_told_of_today_is_asked_about(world: World, known: Customer) -> None:
    asker = world.actor("south_rep")
    with pytest.raises(RuleBroken, match="没有可以询问"):
        commands.ask_owners(asker, TYPED, "021 5555 6666")
    commands.hint(asker, TYPED, "02155556666")
    with pytest.raises(RuleBroken, match="没有可以询问"):
        commands.ask_owners(asker, "别家公司", "")
    with pytest.raises(RuleBroken, match="太长"):
        commands.ask_owners(asker, TYPED, "02155556666", "长" * 501)
    with pytest.raises(RuleBroken, match="没有可以询问"):
        commands.ask_owners(world.actor("east_manager"), TYPED, "02155556666")  # who sees it asks nobody
    assert commands.ask_owners(asker, TYPED, "02155556666")


@pytest.mark.parametrize("outcome", ["assist", "shared", "given"])
def test_the_answer_is_carried_out(world: World, known: Customer, outcome: str) -> None:
    question = ask(world)
    who = world.actor("east_manager" if outcome == "given" else "east_rep")
    if outcome == "shared":
        for share in (None, Decimal(100)):
            with pytest.raises(RuleBroken) as refusal:
                commands.answer_question(who, question.pk, outcome, share=share)
            assert refusal.value.field == "share"
    commands.answer_question(who, question.pk, outcome, share=Decimal(40) if outcome == "shared" else None)
    asker = world.actor("south_rep")  # what is open to him now
    assert queries.question(asker, question.pk).state == outcome
    row = queries.customer(asker, known.pk)
    assert row.owner_id == world.id("south_rep" if outcome == "given" else "east_rep")
    team = [(it.person_id, it.role, it.share) for it in queries.team(SYSTEM, row).members]
    assert (
        team
        == {
            "assist": [(world.id("south_rep"), "assistant", None)],
            "shared": [(world.id("south_rep"), "co_owner", Decimal(40))],
            "given": [],
        }[outcome]
    )


def test_only_the_owner_and_those_above_him_answer(world: World, known: Customer) -> None:
    question = ask(world)
    for key in ("south_manager", "south_rep"):
        with pytest.raises(RuleBroken, match="由客户的负责人"):
            commands.answer_question(world.actor(key), question.pk, "own")
    with pytest.raises(NotFound):
        commands.answer_question(world.actor("east_peer"), question.pk, "own")
    with pytest.raises(NotAllowed):
        commands.answer_question(world.actor("east_rep"), question.pk, "given")
    with pytest.raises(RuleBroken, match="选项"):
        commands.answer_question(world.actor("east_rep"), question.pk, "moot")
    with pytest.raises(RuleBroken, match="提出的人撤回"):
        commands.withdraw_question(world.actor("east_rep"), question.pk)
    stale = queries.question(world.actor("south_rep"), question.pk)
    assert commands.answer_question(world.actor("east_manager"), question.pk, "other").state == "other"
    with pytest.raises(RuleBroken):
        commands.withdraw_question(world.actor("south_rep"), stale.pk)


def test_whoever_gets_the_customer_is_asked_and_nobody_once_it_is_nobodys(world: World, known: Customer) -> None:
    question, manager = ask(world), world.actor("east_manager")
    commands.assign(manager, [known.pk], world.id("east_peer"))
    peer = world.actor("east_peer")
    assert [row.pk for row in queries.questions(peer, "waiting")] == [question.pk]
    commands.release(peer, known.pk, "no_need")
    assert queries.question(world.actor("south_rep"), question.pk).state == "moot"
    tell(SYSTEM)
    asker = world.actor("south_rep")
    assert "已经了结" in said(asker, notes(asker)[0])


def test_a_question_ends_when_the_asker_leaves_or_gets_the_customer(world: World, known: Customer) -> None:
    question = ask(world)
    commands.assign(world.actor("administrator"), [known.pk], world.id("south_rep"))
    assert queries.question(SYSTEM, question.pk).state == "moot"
    commands.assign(world.actor("administrator"), [known.pk], world.id("east_rep"))
    again = ask(world)
    disable_person(SYSTEM, world.id("south_rep"))
    assert queries.question(SYSTEM, again.pk).state == "moot"


def test_a_merge_ends_the_question_and_takes_its_story_along(world: World, known: Customer) -> None:
    question, administrator = ask(world), world.actor("administrator")
    other = commands.register(world.actor("east_rep"), CustomerDraft(name="远景重工", phone="021-77778888"))
    merged = commands.merge(administrator, other.pk, known.pk)
    row = queries.question(SYSTEM, question.pk)
    assert (row.state, row.customer_id) == ("moot", other.pk)
    commands.undo_merge(administrator, merged.merge_id)
    assert queries.question(SYSTEM, question.pk).customer_id == known.pk


def test_nothing_that_was_typed_about_an_erased_person_is_left(world: World) -> None:
    row = commands.register(world.actor("east_rep"), CustomerDraft(name="孙某某", phone="13812345678", is_person=True))
    asker = world.actor("south_rep")
    commands.hint(asker, "孙某某", "13812345678")
    [question] = commands.ask_owners(asker, "孙某某", "13812345678", "孙先生来电")
    commands.erase(world.actor("administrator"), [row.pk], "本人要求")
    left = queries.question(SYSTEM, question.pk)
    assert (left.typed, left.text, left.state) == ("", "", "moot")


def test_the_form_asks_from_its_hint_and_keeps_what_was_typed(world: World, known: Customer) -> None:
    client: Client = world.client("south_rep")
    hint = client.get("/customers/likely/", {"name": TYPED, "phone": "021 5555 6666"}).content.decode()
    assert 'name="asked_phone" value="021 5555 6666"' in hint and NAME not in hint
    sent = {"asked_name": TYPED, "asked_phone": "021 5555 6666", "asked_text": "要 3 台", "name": TYPED}
    answer = client.post("/questions/ask/", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "已询问" in answer.content.decode()
    hint = client.get("/customers/likely/", {"name": TYPED, "phone": "021 5555 6666"}).content.decode()
    assert "待答复" in hint and "asked_phone" not in hint
    again = client.post("/questions/ask/", sent, headers={"HX-Request": "true"})
    assert again.status_code == 422 and OwnerQuestion.rows.count() == 1
    [question] = OwnerQuestion.rows.all()
    page = client.get(f"/questions/{question.pk}/").content.decode()
    assert TYPED in page and NAME not in page
    owner = world.client("east_rep")
    assert "要 3 台" in owner.get("/today/").content.decode()
    page = owner.get(f"/questions/{question.pk}/").content.decode()
    assert f'href="/customers/{known.pk}/"' in page
    form = owner.get(f"/questions/{question.pk}/answer/").content.decode()
    assert 'value="shared"' in form and 'value="given"' not in form
    done = owner.post(f"/questions/{question.pk}/answer/", {"outcome": "assist", "answer": "一起来"})
    assert done.status_code == 302
    assert f'href="/customers/{known.pk}/"' in client.get(f"/questions/{question.pk}/").content.decode()


def test_programs_ask_and_answer_and_are_told_no_more(world: World, known: Customer) -> None:
    asker, owner = world.client("south_rep"), world.client("east_rep")
    [likely] = asker.get("/api/v1/customers/likely", {"phone": "02155556666"}).json()
    assert (likely["customer_id"], likely["question_id"]) == (None, None)
    [asked] = asker.post(
        "/api/v1/questions", {"phone": "02155556666", "text": "?"}, content_type="application/json"
    ).json()
    assert asked["customer_id"] is None and asked["state"] == "open"
    assert owner.get(f"/api/v1/questions/{asked['id']}").json()["customer_id"] == known.pk
    url = f"/api/v1/questions/{asked['id']}/answer"
    done = owner.post(url, {"outcome": "other", "answer": "不是一家"}, content_type="application/json")
    assert done.json()["state"] == "other"
    assert [row["answer"] for row in asker.get("/api/v1/questions", {"view": "mine"}).json()] == ["不是一家"]
