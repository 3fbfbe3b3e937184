"""Rules, calendar, duty roster and journal on the administrator's pages."""

from __future__ import annotations

import datetime as dt
from unicodedata import normalize

import pytest
from django.db import transaction
from django.test import Client

from tests.interface.web.admin.test_people import refused, send, text
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.kernel.periods import PeriodRules
from xiaocheng.foundation.kernel.rules import Rules, rule_fields, rules
from xiaocheng.foundation.org.commands import set_preferences
from xiaocheng.foundation.org.models import DutySite
from xiaocheng.foundation.org.queries import is_workday, on_duty
from xiaocheng.interface.web.admin.rules import module_of
from xiaocheng.selling.fieldwork.events import PlanSigned

DAY = dt.timedelta(days=1)


@pytest.fixture
def admin(world: World) -> Client:
    return world.client("administrator")


# --- rules


def test_every_declared_rule_is_on_the_page_of_its_module_and_has_a_form(world: World, admin: Client) -> None:
    pages: dict[str, str] = {}
    for kind in Rules.registry.values():
        for item in rule_fields(kind):
            module = module_of(kind)
            if module not in pages:
                pages[module] = text(admin, f"/company/rules/?tab={module}")
            assert str(item.name) in pages[module]
            assert str(item.name) in text(admin, f"/company/rules/{item.key}/")


def test_sending_a_rules_form_as_it_stands_is_always_accepted(world: World, admin: Client) -> None:
    for kind in Rules.registry.values():
        for item in rule_fields(kind):
            form = admin.get(f"/company/rules/{item.key}/").context["form"]
            send(admin, f"/company/rules/{item.key}/", value=form["value"].value(), since=clock.today().isoformat())
    for kind in Rules.registry.values():
        assert rules(kind, clock.today()) == kind()


def test_a_rule_changes_from_its_day_and_keeps_its_history(world: World, admin: Client) -> None:
    path, today = "/company/rules/PeriodRules.fiscal_start_month/", clock.today()
    later = today + 30 * DAY
    where = send(admin, path, value="4", since=later.isoformat())
    assert where == "/company/rules/?tab=kernel"
    assert rules(PeriodRules, today).fiscal_start_month == 1
    assert rules(PeriodRules, later).fiscal_start_month == 4
    assert f"自 {later} 起" in text(admin, "/company/rules/?tab=kernel")
    history = text(admin, path)
    assert "管小敏" in history
    assert later.isoformat() in history


def test_a_wrong_value_is_refused_at_its_field(world: World, admin: Client) -> None:
    today = clock.today().isoformat()
    assert "id_value_error" in refused(admin, "/company/rules/ClockRules.time_zone/", value="Mars", since=today)
    assert "id_since_error" in refused(admin, "/company/rules/ClockRules.time_zone/", value="Asia/Taipei", since="x")
    again = refused(admin, "/company/rules/ClockRules.time_zone/", value="Mars", since=today)
    assert "默认值" not in again, "htmx puts this in the place of the form alone"
    for key in ("ClockRules.x", "Nothing.y", "Rules.registry", "ClockRules"):
        assert admin.get(f"/company/rules/{key}/").status_code == 404


# --- calendar


def test_the_year_shows_holidays_and_every_day_leads_to_its_form_for_who_may(world: World, admin: Client) -> None:
    page = text(admin, "/company/calendar/?year=2026")
    assert "国庆节" in page
    assert page.count('href="/company/calendar/2026-') == 365
    assert 'href="/company/calendar/2026-' not in text(world.client("east_rep"), "/company/calendar/?year=2026")
    for odd in ("x", "1", "99999", ""):
        assert f"{clock.today().year} 年工作日历" in text(admin, f"/company/calendar/?year={odd}")


def test_a_day_is_decided_and_given_back(world: World, admin: Client) -> None:
    day = dt.date(2026, 3, 10)
    where = send(admin, "/company/calendar/2026-03-10/", decision="rest", name="司庆")
    assert where == "/company/calendar/?year=2026"
    assert not is_workday(day)
    assert "司庆" in text(admin, "/company/calendar/?year=2026")
    assert "司庆" in text(admin, "/company/calendar/2026-03-10/")
    send(admin, "/company/calendar/2026-03-10/", decision="table", name="")
    assert is_workday(day)
    for odd in ("2026-13-01", "tomorrow", "1999-12-31", "20260310x"):
        assert admin.get(f"/company/calendar/{odd}/").status_code == 404


# --- duty


def test_an_empty_roster_says_what_to_do_to_who_may_do_it(world: World, admin: Client) -> None:
    assert "新建值班点" in text(admin, "/company/duty/")
    assert "新建值班点" not in text(world.client("east_rep"), "/company/duty/")


def test_the_roster_is_filled_and_read_by_everybody(world: World, admin: Client) -> None:
    send(admin, "/company/duty/sites/new/", name="一号展厅", kind="site", department=world.department_ids["east"])
    site, today = DutySite.objects.get(), clock.today()
    people = [world.id("east_peer"), world.id("east_rep")]
    send(
        admin, "/company/duty/set/", site=site.pk, first=today.isoformat(), last=(today + DAY).isoformat(),
        people=people, mode="together",
    )  # fmt: skip
    assert on_duty(site.pk, today) == people
    assert "赵六、张三" in text(world.client("south_rep"), "/company/duty/")
    for odd in ("x", "9999-12-31", "0001-01-01"):
        text(admin, f"/company/duty/?from={odd}")
    yesterday = (today - DAY).isoformat()
    assert "id_first_error" in refused(
        admin, "/company/duty/set/", site=site.pk, first=yesterday, last=yesterday, people=people, mode="turn"
    )


def test_a_site_is_closed_and_stays_within_reach(world: World, admin: Client) -> None:
    send(admin, "/company/duty/sites/new/", name="热线", kind="hotline", department=world.department_ids["east"])
    site = DutySite.objects.get()
    path = f"/company/duty/sites/{site.pk}/"
    send(admin, path, name="热线", kind="hotline", department=world.department_ids["east"], _version=1)
    assert not DutySite.objects.get().is_active
    assert "id_name_error" in refused(admin, path, name="", kind="hotline", department=1, _version=2)


# --- journal


def test_the_journal_is_filtered_by_person_module_and_day(world: World, admin: Client) -> None:
    send(admin, "/company/calendar/2026-03-10/", decision="rest", name="司庆")
    today = clock.today().isoformat()
    path = f"/company/journal/?person={world.id('administrator')}&module=org&since={today}&until={today}"
    page = text(admin, path)
    assert "司庆" in page
    assert "管小敏" in page
    assert "添加人员 张三" not in page
    assert "添加人员 张三" in text(admin, "/company/journal/")
    assert "司庆" not in text(admin, "/company/journal/?module=customers")
    assert "司庆" not in text(admin, "/company/journal/?until=2020-01-01")


@pytest.mark.parametrize(
    ("language", "shown"),
    [("zh-hans", "王华南(代 李华东)"), ("zh-hant", "王华南(代 李华东)"), ("en", "王华南 (for 李华东)")],
)
def test_what_a_deputy_did_says_for_whom(world: World, admin: Client, language: str, shown: str) -> None:
    set_preferences(world.actor("administrator"), language=language, theme="light")
    deputy = world.actor("south_manager").standing_in_for(world.id("east_manager"))
    with transaction.atomic():
        record(deputy, PlanSigned(plan_id=1, person_id=world.id("east_rep"), day=clock.today(), version=1))
    entry = JournalEntry.objects.get(kind=PlanSigned.kind())
    for page in ("journal/", f"journal/{entry.pk}/", f"people/{world.id('east_rep')}/?tab=story"):
        assert shown in normalize("NFKC", text(admin, f"/company/{page}")), page


def test_an_entry_shows_all_that_it_kept(world: World, admin: Client) -> None:
    entry = JournalEntry.objects.filter(kind="org.PersonAdded", personal__name="张三").get()
    page = text(admin, f"/company/journal/{entry.pk}/")
    for shown in ("添加人员 张三", "org.PersonAdded", "department_id", "org.person"):
        assert shown in page
    assert admin.get("/company/journal/999999/").status_code == 404


# --- who may


@pytest.mark.parametrize("key", ["director", "east_manager", "east_rep"])
@pytest.mark.parametrize(
    "path",
    [
        "people/",
        "people/new/",
        "departments/",
        "roles/",
        "roles/new/",
        "rules/",
        "rules/ClockRules.time_zone/",
        "journal/",
    ],
)
def test_the_administrators_pages_are_his(world: World, key: str, path: str) -> None:
    client = world.client(key)
    assert client.get(f"/company/{path}").status_code == 403
    assert client.post(f"/company/{path}", {}).status_code in {403, 405}
