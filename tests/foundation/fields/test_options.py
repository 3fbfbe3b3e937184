"""Option lists: standard values overlaid by the company's own."""

from __future__ import annotations

import pytest
from django.utils import translation

from tests.world import World
from xiaocheng.foundation.fields import commands, queries
from xiaocheng.foundation.fields.commands import OptionDraft
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken

LEVEL = "customers.level"


def test_a_list_starts_with_the_values_its_module_declares(world: World) -> None:
    assert queries.choices(LEVEL) == [("A", "A 级"), ("B", "B 级"), ("C", "C 级"), ("D", "D 级")]


def test_a_company_adds_rewords_and_retires_values(world: World) -> None:
    office = world.actor("administrator")
    added = commands.add_option(office, LEVEL, "战略客户", name_en="Strategic")
    commands.edit_option(office, LEVEL, "A", 0, OptionDraft(name="重点", name_hant="重點"))
    commands.edit_option(office, LEVEL, "D", 0, OptionDraft(name="D 级", is_active=False))
    assert queries.choices(LEVEL) == [("A", "重点"), ("B", "B 级"), ("C", "C 级"), (added.code, "战略客户")]
    assert queries.names(LEVEL)["D"] == "D 级"
    assert queries.usable(LEVEL, ["A", "D", "X"]) == {"A"}
    with translation.override("en"):
        assert queries.names(LEVEL)[added.code] == "Strategic"
    with translation.override("zh-hant"):
        assert queries.names(LEVEL)["A"] == "重點"


def test_two_values_do_not_share_a_name(world: World) -> None:
    with pytest.raises(RuleBroken):
        commands.add_option(world.actor("administrator"), LEVEL, "A 级")


def test_an_edit_that_somebody_else_overtook_is_refused(world: World) -> None:
    office = world.actor("administrator")
    commands.edit_option(office, LEVEL, "A", 0, OptionDraft(name="甲"))
    with pytest.raises(EditConflict):
        commands.edit_option(office, LEVEL, "A", 0, OptionDraft(name="乙"))


def test_only_the_administrator_changes_lists_and_only_those_that_exist(world: World) -> None:
    with pytest.raises(NotAllowed):
        commands.add_option(world.actor("director"), LEVEL, "x")
    with pytest.raises(NotFound):
        commands.add_option(world.actor("administrator"), "no.such", "x")


def test_a_value_moves_up_in_its_list_and_keeps_its_names_in_every_language(world: World) -> None:
    office = world.actor("administrator")
    with translation.override("en"):
        commands.raise_option(office, LEVEL, "C")
        assert queries.choices(LEVEL)[1] == ("C", "Level C")
    assert [code for code, _name in queries.choices(LEVEL)] == ["A", "C", "B", "D"]
    assert queries.names(LEVEL)["C"] == "C 级"
    commands.edit_option(office, LEVEL, "C", 0, OptionDraft(name="丙"))
    added = commands.add_option(office, LEVEL, "战略客户").code
    commands.raise_option(office, LEVEL, added)
    commands.raise_option(office, LEVEL, "A")  # the first stays
    assert [name for _code, name in queries.choices(LEVEL)] == ["A 级", "丙", "B 级", "战略客户", "D 级"]
    with pytest.raises(NotFound):
        commands.raise_option(office, LEVEL, "X")
    with pytest.raises(NotAllowed):
        commands.raise_option(world.actor("director"), LEVEL, "B")


def test_a_value_has_a_colour_and_one_of_a_list_is_where_new_records_begin(world: World) -> None:
    office = world.actor("administrator")
    assert (queries.tone_of(LEVEL, "A"), queries.tone_of(LEVEL, "C"), queries.default_of(LEVEL)) == (
        "amber",
        "grey",
        "",
    )
    commands.edit_option(office, LEVEL, "C", 0, OptionDraft(name="C 级", tone="red", is_default=True))
    assert (queries.tone_of(LEVEL, "C"), queries.default_of(LEVEL)) == ("red", "C")
    commands.edit_option(office, LEVEL, "B", 0, OptionDraft(name="B 级", is_default=True))
    assert (queries.tone_of(LEVEL, "B"), queries.default_of(LEVEL)) == ("blue", "B")
    with translation.override("en"):
        assert queries.names(LEVEL)["C"] == "Level C"  # nobody reworded it
    with pytest.raises(RuleBroken):
        commands.edit_option(office, LEVEL, "D", 0, OptionDraft(name="D 级", is_active=False, is_default=True))
    with pytest.raises(RuleBroken):
        commands.edit_option(office, LEVEL, "D", 0, OptionDraft(name="D 级", tone="puce"))
