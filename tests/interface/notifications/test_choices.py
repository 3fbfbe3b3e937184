"""People choose by topic whether they are told by e-mail, have hours in which none comes, and a summary at dawn."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from tests.selling.fieldwork.conftest import DAY, at, customer_ids, morning, plan
from tests.world import World
from xiaocheng.foundation.channels.commands import send_due
from xiaocheng.foundation.channels.models import OutboxMessage
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.org.commands import change_rule, edit_person
from xiaocheng.interface.notifications.choosing import TOPICS, not_before, topic_of
from xiaocheng.interface.notifications.commands import Wish, choose, send_digests, tell
from xiaocheng.interface.notifications.models import NotificationChoice
from xiaocheng.interface.notifications.queries import notes, own_choice
from xiaocheng.interface.notifications.tidings import TIDINGS
from xiaocheng.selling.fieldwork.commands import submit_plan
from xiaocheng.selling.fieldwork.queries import VisitPlan
from xiaocheng.selling.tasks.commands import note

__all__ = ["customer_ids", "morning", "plan"]


@pytest.fixture
def by_email(world: World) -> World:
    change_rule(SYSTEM, "NotificationRules.by_email", "1", DAY)
    for key in ("east_rep", "east_manager"):
        row = world.person(key)
        same = {"username": row.username, "name": row.name, "role_id": row.role_id}
        edit_person(SYSTEM, row.pk, row.edit_version, **same, email=f"{key}@example.com")
    return world


def test_every_event_that_is_told_has_a_topic() -> None:
    assert {topic_of(kind) for kind in TIDINGS} == set(TOPICS)


def test_a_topic_that_was_put_off_is_not_told(by_email: World, plan: VisitPlan) -> None:
    manager = by_email.actor("east_manager")
    choose(manager, Wish({"daily": "off"}))
    submit_plan(by_email.actor("east_rep"), plan.pk)
    tell(SYSTEM)
    assert not notes(manager)
    assert not OutboxMessage.objects.exists()


def test_a_topic_may_come_in_the_product_alone(by_email: World, plan: VisitPlan) -> None:
    manager = by_email.actor("east_manager")
    choose(manager, Wish({"daily": "app"}))
    submit_plan(by_email.actor("east_rep"), plan.pk)
    tell(SYSTEM)
    assert len(notes(manager)) == 1
    assert not OutboxMessage.objects.exists()


def test_an_email_waits_for_the_end_of_quiet_hours(by_email: World, plan: VisitPlan) -> None:
    choose(by_email.actor("east_manager"), Wish(quiet_from=dt.time(21), quiet_until=dt.time(8, 45)))
    submit_plan(by_email.actor("east_rep"), plan.pk)  # shortly after eight
    tell(SYSTEM)
    message = OutboxMessage.objects.get()
    assert message.due_at == clock.instant(DAY, dt.time(8, 45))
    assert send_due(SYSTEM) == 0
    with at("08:45"):
        assert send_due(SYSTEM) == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("begins", "ends", "now", "goes"),
    [
        ((21, 0), (7, 0), (2, 22, 0), (3, 7, 0)),
        ((21, 0), (7, 0), (2, 21, 0), (3, 7, 0)),
        ((21, 0), (7, 0), (2, 6, 59), (2, 7, 0)),
        ((21, 0), (7, 0), (2, 7, 0), (2, 7, 0)),
        ((12, 0), (13, 30), (2, 12, 15), (2, 13, 30)),
        ((12, 0), (13, 30), (2, 11, 59), (2, 11, 59)),
    ],
)
def test_quiet_hours_may_run_over_midnight(
    world: World, begins: tuple[int, int], ends: tuple[int, int], now: tuple[int, int, int], goes: tuple[int, int, int]
) -> None:
    choice = NotificationChoice(quiet_from=dt.time(*begins), quiet_until=dt.time(*ends))
    moment = clock.instant(dt.date(2026, 3, now[0]), dt.time(*now[1:]))
    assert not_before(choice, moment) == clock.instant(dt.date(2026, 3, goes[0]), dt.time(*goes[1:]))


@pytest.mark.parametrize(
    "wish",
    [
        Wish(quiet_from=dt.time(21)),
        Wish(quiet_from=dt.time(21), quiet_until=dt.time(21)),
        Wish({"weather": "off"}),
        Wish({"daily": "pigeon"}),
    ],
)
def test_half_a_wish_is_refused_and_leaves_nothing(world: World, wish: Wish) -> None:
    with pytest.raises(RuleBroken):
        choose(world.actor("east_rep"), wish)
    assert own_choice(world.actor("east_rep")).pk is None


def test_the_morning_tells_a_rep_of_visits_and_tasks_and_the_supervisor_of_signatures(
    by_email: World, plan: VisitPlan
) -> None:
    rep = by_email.actor("east_rep")
    note(rep, title="寄样品", due_on=DAY)
    submit_plan(rep, plan.pk)
    assert send_digests(SYSTEM, DAY) == 2
    told = {row.address: row.body for row in OutboxMessage.objects.all()}
    assert "今天的拜访" in told["east_rep@example.com"]
    assert "到期的待办 1 项:寄样品" in told["east_rep@example.com"]
    assert "等您签核的拜访计划 1 项:张三" in told["east_manager@example.com"]
    send_digests(SYSTEM, DAY)
    assert OutboxMessage.objects.count() == 2


def test_nobody_is_written_to_on_a_rest_day_or_against_his_wish(by_email: World, plan: VisitPlan) -> None:
    assert send_digests(SYSTEM, dt.date(2026, 3, 1)) == 0  # a Sunday
    choose(by_email.actor("east_rep"), Wish(wants_digest=False))
    send_digests(SYSTEM, DAY)
    assert not OutboxMessage.objects.filter(address="east_rep@example.com").exists()


def test_one_chooses_on_a_page_and_is_told_what_is_wrong(world: World) -> None:
    client = world.client("east_rep")
    page = "/notifications/choices/"
    sent = dict.fromkeys(TOPICS, "app") | {"quiet_from": "21:00", "quiet_until": ""}
    refused = client.post(page, sent)
    assert refused.status_code == 422
    assert "两个时刻" in refused.content.decode()
    assert client.post(page, sent | {"quiet_until": "07:00", "customers": "off"}).status_code == 302
    row = own_choice(world.actor("east_rep"))
    assert (row.way("customers"), row.way("daily"), row.quiet_until) == ("off", "app", dt.time(7))
    assert not row.wants_digest
    assert 'value="21:00"' in client.get(page).content.decode()


def test_programs_choose_too_and_give_times_of_the_companys_day(world: World) -> None:
    client, page = world.client("east_rep"), "/api/v1/me/notifications"
    refused = client.put(
        page, {"ways": {}, "quiet_from": "21:00Z", "quiet_until": "07:00Z"}, content_type="application/json"
    )
    assert refused.status_code == 422
    kept = client.put(
        page, {"ways": {}, "quiet_from": "21:00", "quiet_until": "07:00"}, content_type="application/json"
    )
    assert kept.status_code == 200
    assert client.get(page).json() == kept.json()
    assert kept.json()["quiet_until"] == "07:00:00"
