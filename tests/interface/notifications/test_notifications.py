from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import translation

from tests.selling.fieldwork.conftest import DAY, at, customer_ids, morning, plan
from tests.world import World
from xiaocheng.foundation.channels.commands import send_due
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import change_rule, disable_person, edit_person
from xiaocheng.foundation.org.jobs import look_for_holidays
from xiaocheng.foundation.org.queries import last_year_with_table
from xiaocheng.interface.notifications.commands import forget, mark_all_read, mark_read, something_new, tell
from xiaocheng.interface.notifications.models import Cursor, Notification
from xiaocheng.interface.notifications.queries import notes, said, unread
from xiaocheng.selling.customers.commands import assign, lapse_overdue, release
from xiaocheng.selling.fieldwork.commands import return_plan, sign_plan, submit_plan
from xiaocheng.selling.fieldwork.queries import VisitPlan

__all__ = ["customer_ids", "morning", "plan"]


def sentences(world: World, key: str) -> list[str]:
    return [said(world.actor(key), note).partition("请")[0].rstrip(",，") for note in notes(world.actor(key))]


def test_the_supervisor_is_told_of_a_plan_and_the_rep_of_the_verdict(world: World, plan: VisitPlan) -> None:
    version = submit_plan(world.actor("east_rep"), plan.pk).version
    assert tell(SYSTEM) == 1
    return_plan(world.actor("east_manager"), plan.pk, version, "先去丙食品")
    assert tell(SYSTEM) == 1
    assert sentences(world, "east_manager") == ["张三 提交了 2026-03-02 的拜访计划"]
    assert sentences(world, "east_rep") == ["李华东 退回了您 2026-03-02 的拜访计划"]
    assert sentences(world, "director") == []


def test_reading_the_journal_again_tells_nobody_twice(world: World, plan: VisitPlan) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    assert [tell(SYSTEM), tell(SYSTEM)] == [1, 0]
    with clock.as_of(clock.now() + dt.timedelta(minutes=10)):
        assert tell(SYSTEM) == 0
        assert Cursor.objects.get().entry_id > 0
        assert not something_new(SYSTEM)


def test_the_worker_reads_past_what_tells_nobody_once(world: World) -> None:
    JournalEntry.objects.create(at=clock.now(), kind="customers.Registered")
    assert something_new(SYSTEM)
    with clock.as_of(clock.now() + dt.timedelta(minutes=10)):
        assert tell(SYSTEM) == 0
        assert not something_new(SYSTEM)


def test_an_entry_that_appears_late_with_a_lower_number_is_still_told(world: World, plan: VisitPlan) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    early = JournalEntry.objects.get(kind="fieldwork.PlanSubmitted")
    values = {f.attname: getattr(early, f.attname) for f in early._meta.fields}
    early.delete()
    sign = JournalEntry.objects.create(
        at=clock.now(), kind="fieldwork.PlanSigned", data=values["data"], person_id=world.id("east_manager")
    )
    assert tell(SYSTEM) == 1, sign.pk
    JournalEntry.objects.create(**values)
    assert tell(SYSTEM) == 1


def test_old_history_is_no_news(world: World, plan: VisitPlan) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    with clock.as_of(clock.now() + dt.timedelta(days=4)):
        assert tell(SYSTEM) == 0


def test_many_customers_given_at_once_are_one_note(world: World, customer_ids: dict[str, int]) -> None:
    mine = [customer_ids[name] for name in ("甲木业", "乙机械", "丙食品")]
    assign(world.actor("east_manager"), mine, world.id("east_peer"))
    assert tell(SYSTEM) == 2
    assert sentences(world, "east_peer") == ["李华东 把客户「甲木业」等 3 家交给了您"]
    assert sentences(world, "east_rep") == ["李华东 把您的客户「甲木业」等 3 家分配给了别人"]
    assert tell(SYSTEM) == 0


def test_whose_customer_it_was_is_told_why_it_is_his_no_more(world: World, customer_ids: dict[str, int]) -> None:
    manager, rep = world.actor("east_manager"), world.actor("east_rep")
    mine = [customer_ids[name] for name in ("甲木业", "乙机械", "丙食品")]

    def heard(key: str = "east_rep") -> str:
        tell(SYSTEM)
        return sentences(world, key)[0]

    assign(manager, mine[:1], world.id("east_peer"))
    assert heard() == "李华东 把您的客户「甲木业」分配给了 赵六"
    note = notes(rep).first()
    client = world.client("east_rep")
    assert note is not None and client.get(f"/notifications/{note.pk}/").headers["Location"] == "/notifications/"
    release(manager, mine[1], "no_need")
    assert heard() == "李华东 把您的客户「乙机械」退回了公海「公海」"
    before = len(sentences(world, "east_rep"))
    release(rep, mine[2], "no_need")
    tell(SYSTEM)
    assert len(sentences(world, "east_rep")) == before, "he did it himself"
    assign(manager, mine, world.id("east_rep"))
    change_rule(SYSTEM, "FirstContactRules.then", "pool", since=clock.today())
    with clock.as_of(clock.now() + dt.timedelta(days=60)):
        lapse_overdue(SYSTEM)
        assert heard() == "您的客户「甲木业」等 3 家逾期失效"


def test_whoever_has_left_is_told_of_nothing(world: World, customer_ids: dict[str, int]) -> None:
    assign(world.actor("east_manager"), [customer_ids["甲木业"]], world.id("east_peer"))
    disable_person(world.actor("administrator"), world.id("east_rep"), world.id("east_peer"))
    tell(SYSTEM)
    told = Notification.objects.visible_to(SYSTEM).filter(kind="customers.OwnerChanged")
    assert set(told.values_list("person", flat=True)) == {world.id("east_peer")}


def test_a_note_is_read_once_and_only_by_whom_it_is_for(world: World, plan: VisitPlan) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    tell(SYSTEM)
    note = notes(world.actor("east_manager")).get()
    assert unread(world.actor("east_manager")) == 1
    with pytest.raises(NotFound):
        mark_read(world.actor("south_manager"), note.pk)
    mark_read(world.actor("director"), note.pk)
    assert unread(world.actor("east_manager")) == 1, "who merely sees the person has not read it for him"
    mark_read(world.actor("east_manager"), note.pk)
    assert unread(world.actor("east_manager")) == 0


def test_everything_is_read_with_one_tap(world: World, plan: VisitPlan) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    tell(SYSTEM)
    assert [mark_all_read(world.actor("east_manager")), mark_all_read(world.actor("east_manager"))] == [1, 0]


def test_the_sentence_is_in_the_readers_language_when_it_is_read(world: World, plan: VisitPlan) -> None:
    sign_plan(world.actor("east_manager"), plan.pk, submit_plan(world.actor("east_rep"), plan.pk).version)
    tell(SYSTEM)
    note = notes(world.actor("east_rep")).get()
    with translation.override("en"):
        assert "2026-03-02" in said(world.actor("east_rep"), note)
    assert note.data["who"] == "李华东"


def test_it_also_goes_by_e_mail_if_the_company_wants_so(world: World, plan: VisitPlan) -> None:
    manager = world.person("east_manager")
    edit_person(
        world.actor("administrator"),
        manager.pk,
        manager.edit_version,
        username=manager.username,
        name=manager.name,
        role_id=manager.role_id,
        email="li@example.com",
    )
    change_rule(world.actor("administrator"), "NotificationRules.by_email", "1", DAY)
    submit_plan(world.actor("east_rep"), plan.pk)
    tell(SYSTEM)
    tell(SYSTEM)
    assert send_due(SYSTEM) == 1
    assert "张三 提交了 2026-03-02 的拜访计划" in mail.outbox[0].subject


def test_old_notes_are_forgotten(world: World, plan: VisitPlan) -> None:
    submit_plan(world.actor("east_rep"), plan.pk)
    tell(SYSTEM)
    with at("08:00", DAY + dt.timedelta(days=89)):
        assert forget(SYSTEM) == 0
    with at("08:01", DAY + dt.timedelta(days=90)):
        assert forget(SYSTEM) == 1


def test_administrators_are_told_once_that_next_years_holidays_are_missing(world: World) -> None:
    year = last_year_with_table()
    for n in (1, 2):
        with clock.as_of(clock.instant(dt.date(year, 11, n), dt.time(8))):
            look_for_holidays(clock.now())
            tell(SYSTEM)
    [told] = sentences(world, "administrator")
    assert told.startswith(f"{year + 1} 年的法定放假安排还没有")
    assert sentences(world, "east_manager") == sentences(world, "east_rep") == []
    [note] = notes(world.actor("administrator"))
    answer = world.client("administrator").get(f"/notifications/{note.pk}/")
    assert answer.headers["Location"] == f"/company/calendar/?year={year + 1}"
