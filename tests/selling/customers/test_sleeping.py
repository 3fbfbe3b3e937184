"""Whoever is taken over from elsewhere: the last contact of the file counts, else the time limit sleeps until told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command

from tests.world import World
from xiaocheng.foundation.import_export import commands as imports
from xiaocheng.foundation.import_export.guesses import guess_columns
from xiaocheng.foundation.import_export.models import ImportJob
from xiaocheng.foundation.import_export.targets import target
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.interface.notifications import commands as notifications
from xiaocheng.interface.notifications import queries as notes
from xiaocheng.interface.web.shell import formats
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import Contacted, CustomerDraft
from xiaocheng.selling.customers.models import Customer

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
DAY = dt.timedelta(days=1)
Travel = Callable[[dt.datetime], None]
FILE = """客户名称,负责人,级别,客户状态,最后联系时间
甲公司,张三,,,2026-02-27
乙公司,张三,,,2026-02-22
丙公司,张三,,,2026-02-22
丁公司,赵六,A,,2026-02-26
戊公司,赵六,,,
己公司,赵六,,成交客户,2025-01-01
庚公司,,,,2025-01-01
辛公司,赵六,,,2026-03-03
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


@pytest.fixture
def at() -> Iterator[Travel]:
    """Put the clock on an instant."""
    with time_machine.travel(FIRST, tick=False) as traveller:
        yield traveller.move_to


def midnight(days: int) -> dt.datetime:
    """00:00 of the day so many days after the first."""
    return FIRST.replace(hour=0) + days * DAY


def day(days: int) -> dt.date:
    """The day so many days after the first."""
    return FIRST.date() + days * DAY


def checked(actor: Actor, text: str, **way: str) -> ImportJob:
    job = imports.upload(actor, "客户.csv", lambda path: path.write_text(text, encoding="utf-8") and None)
    job = imports.map_columns(actor, job.pk, job.columns, **way)
    return imports.check(actor, job.pk, lambda rows: None)


def run(actor: Actor, job: ImportJob) -> ImportJob:
    imports.ask_run(actor, job.pk, skip_problems=True)
    return imports.run(actor, job.pk, lambda rows: None)


def named(name: str) -> Customer:
    return Customer.objects.visible_to(SYSTEM).get(name=name)


def limits(*names: str) -> list[dt.date | None]:
    rows = [named(name) for name in names]
    found = [queries.limit_of(row.clock_since, row.level, row.extended_to) for row in rows]
    return [it and it.on for it in found]


def test_the_last_contact_of_a_file_counts_and_who_would_lapse_is_told_before(world: World, at: Travel) -> None:
    for heading in ("最近跟进时间", "最後聯絡時間", "最近聯絡", "Last Contact"):
        assert guess_columns(target("customers"), ["客户名称", heading])["last_contact_on"] == 1  # type: ignore[arg-type]
    actor = world.actor("administrator")
    change_rule(SYSTEM, "FirstContactRules.by_level", "A=2", since=FIRST.date())
    job = checked(actor, FILE)
    assert any("有 3 位客户" in note and "今晚零点" in note for note in job.notes), job.notes
    assert job.problems.get().sentence == "最近联系不能晚于今天。"
    job = run(actor, job)
    assert job.counts["new"] == 7
    assert limits("甲公司", "乙公司", "丁公司", "戊公司", "己公司", "庚公司") == [
        day(5),
        day(1),
        day(-1),
        None,
        None,
        None,
    ]
    assert named("庚公司").pool_id and named("己公司").last_contact_at == dt.datetime(2025, 1, 1, tzinfo=FIRST.tzinfo)
    at(midnight(1))
    assert commands.lapse_overdue(SYSTEM) == 3
    at(midnight(90))
    commands.note_contacts(SYSTEM, [Contacted(named("己公司").pk, world.id("east_peer"), midnight(90))])
    assert limits("己公司") == [None], "what was sold elsewhere before has no time limit"


def test_an_update_tells_a_contact_only_where_none_is_known_and_goes_back(world: World, at: Travel) -> None:
    actor = world.actor("administrator")
    run(actor, checked(actor, "客户名称,负责人\n甲公司,张三\n乙公司,张三\n"))
    met = named("乙公司")
    commands.note_contacts(SYSTEM, [Contacted(met.pk, world.id("east_rep"), FIRST)])
    told = "客户名称,最近联系\n甲公司,2026-02-20\n乙公司,2026-02-20\n"
    job = checked(actor, told, mode="update", key="name")
    assert (job.counts["changed"], job.counts["same"]) == (1, 1)
    assert any("有 1 位客户" in note for note in job.notes)
    job = run(actor, job)
    assert limits("甲公司", "乙公司") == [day(1), day(8)]
    imports.ask_undo(actor, job.pk)
    call_command("work", once=True)
    row = named("甲公司")
    assert (row.clock_since, row.last_contact_at, named("乙公司").last_contact_at) == (None, None, FIRST)


def test_the_administrator_says_from_when_it_counts_and_sees_before_who_would_lapse(world: World, at: Travel) -> None:
    admin = world.actor("administrator")
    change_rule(SYSTEM, "FirstContactRules.by_level", "A=2", since=FIRST.date())
    drafts = [CustomerDraft(name=f"{n}号", owner_id=world.id("east_rep"), level="A" * (n == 0)) for n in range(3)]
    drafts += [CustomerDraft(name="邻", owner_id=world.id("south_rep")), CustomerDraft(name="老", stage="customer")]
    commands.register_many(admin, drafts, cause="import")
    commands.register(admin, CustomerDraft(name="醒"))
    begin = day(14)
    found = queries.sleeping(admin, begin)
    assert (found.count, found.days, found.begins_on) == (4, [day(17), day(22)], None)
    mine = next(line for line in found.lines if line.person_id == world.id("east_rep"))
    assert (mine.count, dict(mine.lapses)) == (3, {day(17): 1, day(22): 2})
    assert [line.count for line in found.lines if line.person_id is None] == [3, 1]

    with pytest.raises(NotAllowed):
        commands.start_clocks(world.actor("director"), begin)
    with pytest.raises(RuleBroken):
        commands.start_clocks(admin, day(-1))
    assert [commands.start_clocks(admin, begin) for _ in range(2)] == [4, 4]
    entry = JournalEntry.objects.get(kind="customers.ClocksStarted")
    assert entry.data["by_owner"] == {str(world.id("east_rep")): 3, str(world.id("south_rep")): 1}
    notifications.tell(SYSTEM)
    [note] = notes.notes(world.actor("east_rep"))
    assert notes.said(world.actor("east_rep"), note).startswith("您名下 3 位客户的首问时限将自 2026-03-16 起")
    commands.start_clocks(admin, day(15))
    assert queries.sleeping(admin).begins_on == day(15), "it may be moved as long as it has not come"
    assert commands.withdraw_start(admin) == 4
    with pytest.raises(RuleBroken):
        commands.withdraw_start(admin)
    commands.start_clocks(admin, begin)

    commands.note_contacts(SYSTEM, [Contacted(named("1号").pk, world.id("east_rep"), midnight(0))])
    assert (commands.begin_clocks(SYSTEM), queries.start_is_due()) == (0, False)
    at(midnight(14))
    for act in (commands.withdraw_start, lambda actor: commands.start_clocks(actor, day(20))):
        with pytest.raises(RuleBroken):
            act(admin)
    assert queries.start_is_due()
    assert [commands.begin_clocks(SYSTEM) for _ in range(2)] == [3, 0]
    assert JournalEntry.objects.get(kind="customers.ClocksBegun").data["count"] == 3
    assert limits("0号", "1号", "2号", "老") == [day(17), day(8), day(22), None]
    assert commands.lapse_overdue(SYSTEM) == 2, "the one that was contacted, and the one that did not sleep"
    at(midnight(22))
    assert commands.lapse_overdue(SYSTEM) == 3
    assert queries.sleeping(admin).count == 0


def test_whoever_was_known_for_years_has_time_from_when_he_was_taken_over(world: World, at: Travel) -> None:
    admin = world.actor("administrator")
    draft = CustomerDraft(name="甲", owner_id=world.id("east_rep"), registered_on=day(-900))
    commands.register_many(admin, [draft, CustomerDraft(name="乙")], cause="import")
    commands.start_clocks(admin, day(14))
    at(midnight(15))
    commands.register_many(admin, [replace(draft, name="丙")], cause="import")
    assert commands.begin_clocks(SYSTEM) == 3
    assert limits("甲", "丙") == [day(22), day(23)]


def test_a_start_is_seen_and_given_in_the_browser_and_by_a_program(world: World, at: Travel) -> None:
    admin = world.actor("administrator")
    commands.register_many(admin, [CustomerDraft(name="甲", owner_id=world.id("east_rep"))], cause="import")
    client = world.client("administrator")
    page = client.get("/customers/asleep/?on=2026-03-10").content.decode()
    assert "张三" in page and formats.day(day(16)) in page and "/customers/asleep/start/?on=2026-03-10" in page
    assert client.post("/customers/asleep/start/?on=2026-03-10").status_code == 302
    assert "已定于" in client.get("/customers/asleep/").content.decode()
    answer = client.get("/api/v1/customers/asleep?on=2026-03-10").json()
    assert (answer["begins_on"], answer["lapses"]) == ("2026-03-10", [{"on": "2026-03-18", "count": 1}])
    ajax = {"content_type": "application/json"}
    assert client.post("/api/v1/customers/asleep/withdraw", **ajax).json() == {"count": 1}
    assert client.post("/api/v1/customers/asleep/start", {"on": "2026-03-02"}, **ajax).json() == {"count": 1}
    assert client.post("/customers/asleep/withdraw/").status_code == 422
    call_command("work", once=True)
    assert limits("甲") == [day(8)]
