"""A verb leads from a state to a state, or is refused in words."""

from __future__ import annotations

import pytest

from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.states import Transitions

DOOR = Transitions(
    moves={"open": {"closed": "open"}, "close": {"open": "closed"}, "break": {"open": "broken", "closed": "broken"}},
    names={"closed": "关着", "open": "开着"},
)


def test_a_verb_leads_on() -> None:
    assert DOOR.after("closed", "open") == "open"
    assert DOOR.after("open", "close") == "closed"


def test_what_is_not_possible_is_refused_in_words() -> None:
    with pytest.raises(RuleBroken, match="「关着」"):
        DOOR.after("closed", "close")


def test_the_possible_verbs_come_in_the_order_of_declaration() -> None:
    assert DOOR.possible("open") == ["close", "break"]
    assert DOOR.possible("broken") == []
