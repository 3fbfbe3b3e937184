"""Transition tables: which verb leads from which state to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .errors import RuleBroken, Sentence


@dataclass(frozen=True)
class Transitions:
    """`moves[verb][state] = next state`; `names` says states and verbs to people."""

    moves: Mapping[str, Mapping[str, str]]
    names: Mapping[str, Sentence]

    def after(self, state: str, verb: str) -> str:
        """The state that the verb leads to; RuleBroken when it is not possible from here."""
        reachable = self.moves[verb]
        if state not in reachable:
            raise RuleBroken(
                _("现在的状态是「%(state)s」,不能%(verb)s。")
                % {"state": self.names.get(state, state), "verb": self.names.get(verb, verb)}
            )
        return reachable[state]

    def possible(self, state: str) -> list[str]:
        """The verbs that are possible from a state, in the order of declaration."""
        return [verb for verb, reachable in self.moves.items() if state in reachable]
