"""The steps of a stage: what is done in it, what proves each of them, and which ones leaving it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.crypto import get_random_string

from xiaocheng.foundation.kernel.errors import Sentence

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # those that nobody mistakes for one another


@dataclass(frozen=True)
class StageStep:
    """One step. Its key stays through all editions; without a kind of evidence people tick it themselves."""

    text: Sentence
    evidence: str = ""
    is_required: bool = False
    key: str = ""


def as_steps(kept: Iterable[Mapping[str, Any]]) -> list[StageStep]:
    """The steps as a stage keeps them."""
    return [StageStep(**step) for step in kept]


def as_kept(steps: Iterable[StageStep]) -> list[dict[str, Any]]:
    """Steps as a stage keeps them, the words plain."""
    return [asdict(replace(step, text=str(step.text).strip())) for step in steps]


def with_keys(steps: Iterable[StageStep], former: Sequence[StageStep]) -> list[StageStep]:
    """Each step with its key: the one it came with, else that of the former step of the same text, else a new one."""
    wanted = list(steps)
    given = {step.key for step in wanted}
    known = {step.text: step.key for step in former if step.key not in given}
    return [step if step.key else replace(step, key=known.pop(step.text, "") or new_key()) for step in wanted]


def new_key() -> str:
    """A key that no step has."""
    return get_random_string(8, LETTERS)


def required(steps: Iterable[StageStep]) -> list[StageStep]:
    """Those without which nobody leaves the stage."""
    return [step for step in steps if step.is_required]
