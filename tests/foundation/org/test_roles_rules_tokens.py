"""Roles, rules of the company and keys to the API."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command

from tests.world import World
from xiaocheng.foundation.kernel import actor as kernel_actor
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.clock import ClockRules
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.models import JournalEntry, RuleValue
from xiaocheng.foundation.kernel.periods import PeriodRules
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.commands import (
    add_role,
    change_rule,
    edit_role,
    issue_token,
    offer_new_capabilities,
    revoke_token,
)
from xiaocheng.foundation.org.models import ApiToken, Role
from xiaocheng.foundation.org.queries import person_of_token, tokens

# --- roles


def test_a_role_of_the_companys_own(world: World) -> None:
    role = add_role(
        world.actor("administrator"), "大客户经理", allowed=["org.see_team"], duties="维护大客户", skills=["谈判"],
        signing_limit=Decimal("50000"),
    )  # fmt: skip
    assert (role.capabilities, role.skills, role.signing_limit) == (["org.see_team"], ["谈判"], Decimal(50000))
    assert add_role(world.actor("administrator"), "只读访客").capabilities == []


def test_a_capability_taken_from_a_role_is_gone_with_the_next_click(world: World) -> None:
    manager = world.role("manager")
    left = [key for key in manager.capabilities if key != "org.see_team"]
    edit_role(world.actor("administrator"), manager.pk, 1, name=manager.name, allowed=left)
    assert "org.see_team" not in world.actor("east_manager").capabilities
    entry = JournalEntry.objects.get(kind="org.RoleSaved")
    assert (entry.data["added"], entry.data["removed"]) == ([], ["org.see_team"])
    assert timeline("org.role", manager.pk)[0].sentence == "修改角色「经理/主管」"


@pytest.fixture
def new_version(monkeypatch: pytest.MonkeyPatch) -> str:
    """A version that brings a capability for managers."""
    monkeypatch.setattr(kernel_actor, "_capabilities", dict(kernel_actor._capabilities))
    return kernel_actor.capability("org.fly", "飞行", "manager")


def test_a_new_version_gives_a_new_capability_to_the_roles_that_it_is_meant_for(
    world: World, new_version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = add_role(SYSTEM, "大客户经理", allowed=["org.see_team"])
    Role.objects.filter(pk=own.pk).update(offered=world.role("manager").offered)
    call_command("migrate", verbosity=0)
    assert "角色「经理/主管」获得了新版本的权限。" in capsys.readouterr().out
    assert new_version in world.actor("east_manager").capabilities
    assert new_version not in world.actor("east_rep").capabilities
    assert Role.objects.get(pk=own.pk).capabilities == ["org.see_team"]
    entry = JournalEntry.objects.filter(kind="org.RoleSaved", person_id=None).latest("pk")
    assert (entry.data["added"], entry.data["removed"]) == ([new_version], [])


def test_what_the_company_took_away_stays_away(world: World, new_version: str) -> None:
    manager = world.role("manager")
    left = [key for key in manager.capabilities if key != "org.see_team"]
    edit_role(world.actor("administrator"), manager.pk, 1, name=manager.name, allowed=left)
    assert [role.code for role in offer_new_capabilities(SYSTEM)] == ["manager"]
    assert world.role("manager").capabilities == sorted([*left, new_version])
    role = world.role("manager")
    edit_role(world.actor("administrator"), role.pk, role.edit_version, name=role.name, allowed=left)
    assert offer_new_capabilities(SYSTEM) == []
    assert world.role("manager").capabilities == left


def test_roles_of_before_this_rule_gain_nothing_at_first(world: World, new_version: str) -> None:
    Role.objects.update(offered=None)
    assert offer_new_capabilities(SYSTEM) == []
    assert new_version in world.role("manager").offered


def test_an_open_form_of_a_role_that_gained_something_is_a_conflict(world: World, new_version: str) -> None:
    offer_new_capabilities(SYSTEM)
    with pytest.raises(EditConflict):
        edit_role(SYSTEM, world.role("manager").pk, 1, name="主管", allowed=[])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "业务员"}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"name": "新角色", "allowed": ["org.fly"]}, "allowed"),
        ({"name": "新角色", "signing_limit": Decimal(-1)}, "signing_limit"),
        ({"name": "新角色", "signing_limit": Decimal("1e20")}, "signing_limit"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(world: World, values: dict[str, object], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        add_role(SYSTEM, **values)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_nobody_locks_the_company_out(world: World) -> None:
    role = world.role("administrator")
    with pytest.raises(RuleBroken):
        edit_role(world.actor("administrator"), role.pk, 1, name=role.name, allowed=["org.see_team"])
    assert "org.manage_people" in world.role("administrator").capabilities


def test_only_the_administrator_changes_roles(world: World) -> None:
    with pytest.raises(NotAllowed):
        add_role(world.actor("director"), "新角色")
    with pytest.raises(NotAllowed):
        edit_role(world.actor("director"), world.role_ids["rep"], 1, name="业务员", allowed=[])


# --- rules


def test_a_rule_changes_from_a_day_on_and_the_journal_says_so(world: World) -> None:
    admin = world.actor("administrator")
    change_rule(admin, "PeriodRules.fiscal_start_month", "4", dt.date(2026, 4, 1))
    assert rules(PeriodRules, dt.date(2026, 3, 31)).fiscal_start_month == 1
    assert rules(PeriodRules, dt.date(2026, 4, 1)).fiscal_start_month == 4
    entry = JournalEntry.objects.get(kind="org.RuleChanged")
    assert (entry.person_id, entry.data["value"], entry.data["since"]) == (admin.person_id, "4", "2026-04-01")


def test_a_choice_is_written_down_by_its_name(world: World) -> None:
    change_rule(SYSTEM, "CalendarRules.holidays", "none", dt.date(2026, 4, 1))
    assert JournalEntry.objects.get(kind="org.RuleChanged").data["value"] == "只按周末"


def test_a_wrong_value_an_unknown_rule_and_a_closed_period_are_refused(world: World) -> None:
    for key, text in (("ClockRules.time_zone", "Mars/Olympus"), ("PeriodRules.fiscal_start_month", "13")):
        with pytest.raises(RuleBroken):
            change_rule(SYSTEM, key, text, dt.date(2026, 1, 1))
    for key in ("ClockRules.colour", "NoRules.x", "", "kernel"):
        with pytest.raises(NotFound):
            change_rule(SYSTEM, key, "1", dt.date(2026, 1, 1))
    change_rule(SYSTEM, "PeriodRules.closed_through", "2026-01-31", dt.date(2026, 1, 1))
    with pytest.raises(RuleBroken) as refused:
        change_rule(SYSTEM, "ClockRules.time_zone", "Asia/Taipei", dt.date(2026, 1, 31))
    assert refused.value.field == "since"
    assert RuleValue.objects.count() == 1
    assert rules(ClockRules, dt.date.max).time_zone == "Asia/Shanghai"


def test_only_who_may_changes_rules(world: World) -> None:
    with pytest.raises(NotAllowed):
        change_rule(world.actor("director"), "PeriodRules.fiscal_start_month", "4", dt.date(2026, 4, 1))


# --- tokens


def test_a_token_opens_for_its_person_and_its_secret_is_not_kept(world: World) -> None:
    token, secret = issue_token(world.actor("east_rep"), "手机快捷指令")
    assert person_of_token(secret) == world.person("east_rep")
    row = ApiToken.objects.get()
    assert secret not in {row.digest, row.name}
    assert secret.startswith(row.hint)
    assert len(secret) > 40
    assert list(tokens(world.actor("east_rep"))) == [token]


@pytest.mark.parametrize("secret", ["", "xc_", "xc_" + "a" * 43, "张三", "x" * 100_000])
def test_a_wrong_token_opens_nothing(world: World, secret: str) -> None:
    issue_token(world.actor("east_rep"), "脚本")
    assert person_of_token(secret) is None


def test_the_day_of_use_is_noted_once_a_day(world: World, django_assert_num_queries: object) -> None:
    assert callable(django_assert_num_queries)
    _, secret = issue_token(world.actor("east_rep"), "脚本")
    with time_machine.travel(dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC), tick=False):
        person_of_token(secret)
        assert ApiToken.objects.get().last_used_on == dt.date(2026, 3, 10)
        with django_assert_num_queries(1):
            person_of_token(secret)


def test_a_revoked_token_is_dead_and_only_ones_own_is_revoked(world: World) -> None:
    token, secret = issue_token(world.actor("east_rep"), "脚本")
    for key in ("east_peer", "east_manager", "director"):
        with pytest.raises(NotFound):
            revoke_token(world.actor(key), token.pk)
    revoke_token(world.actor("administrator"), token.pk)
    assert person_of_token(secret) is None
    with pytest.raises(RuleBroken):
        revoke_token(world.actor("east_rep"), token.pk)
    assert not tokens(world.actor("east_rep"))


def test_a_token_has_a_name_and_nobody_has_many(world: World) -> None:
    me = world.actor("east_rep")
    with pytest.raises(RuleBroken):
        issue_token(me, " ")
    with pytest.raises(RuleBroken), pytest.MonkeyPatch.context() as patch:
        patch.setattr("xiaocheng.foundation.org.commands.tokens.MOST_TOKENS", 2)
        for number in range(3):
            issue_token(me, f"脚本 {number}")
    with pytest.raises(NotFound):
        issue_token(SYSTEM, "系统")
