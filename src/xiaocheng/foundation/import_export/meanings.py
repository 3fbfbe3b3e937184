"""What the texts in a column mean: found by name, guessed, to be made, or left open for the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.models import JobProgress

from .access import IMPORT
from .checking import distinct_texts
from .guesses import guess_values
from .kinds import Named
from .models import CHECKING, RUNNING, UNDOING, ImportJob
from .own_fields import for_actor
from .reading.reader import Sheet, sheets_in
from .targets import Field, Target
from .targets import target as target_of

MOST_TEXTS = 20_000
MOST_OPEN = 100
MAKE = "make"  # {"make": name}: add what is missing before the first row


@dataclass(frozen=True)
class Meaning:
    """One text of a column: how often it stands there, what it means, and how sure that is."""

    text: str
    count: int
    value: Any = None
    label: str = ""
    how: str = "open"  # found, guessed, made, chosen, empty, open


@dataclass(frozen=True)
class FieldMeanings:
    """The texts of one column that need a look, what they may mean, and how many need none."""

    field: Field
    texts: list[Meaning]
    candidates: list[tuple[Any, str]]
    found: int
    more: int  # open texts beyond those listed
    may_make: bool


def sheet_of(job: ImportJob) -> Sheet:
    """The table that a job takes in."""
    return sheets_in(job.path)[job.sheet]


def is_busy(actor: Actor, job: ImportJob) -> bool:
    """True while the worker is at it, or will be; False when it gave up."""
    if job.state not in {CHECKING, RUNNING, UNDOING}:
        return False
    return not JobProgress.objects.filter(pk=job.progress or 0, state="failed").exists()


def target_for(actor: Actor, job: ImportJob) -> Target:
    """What the rows of a job are, for an actor who may take such rows in, or at least change those that are there."""
    target = target_of(job.target)
    if target is None:
        raise RuleBroken(_("请先选择这些行是什么数据。"), field="target")
    require(actor, target)
    return for_actor(actor, target)


def require(actor: Actor, target: Target) -> None:
    """Refuse an actor who may neither take such rows in nor change those that are there."""
    actor.require(IMPORT)
    if not target.modes(actor):
        raise NotAllowed(target.capability)


def meanings(actor: Actor, job: ImportJob) -> list[FieldMeanings]:
    """The columns in which some text is not simply the name of something, with what each text probably means."""
    target, sheet = target_of(job.target), sheet_of(job)
    if target is None:
        return []
    target = for_actor(actor, target)
    named = {
        item: job.columns[item.key]
        for item in target.fields
        if item.key in job.columns and isinstance(item.kind, Named)
    }
    counts = distinct_texts(sheet, named.values(), MOST_TEXTS)
    looked_at = [_of_field(actor, item, counts[at], job.values.get(item.key, {})) for item, at in named.items()]
    return [found for found in looked_at if found.texts or found.more]


def _of_field(actor: Actor, item: Field, counts: Mapping[str, int], chosen: Mapping[str, Any]) -> FieldMeanings:
    kind = item.kind
    assert isinstance(kind, Named)  # noqa: S101 - the caller has chosen such fields
    found = kind.find(actor, list(counts))
    unknown = [text for text in counts if len(found.get(text, ())) != 1 or text in chosen]
    candidates = kind.candidates(actor) if kind.candidates and unknown else []
    guesses = guess_values(unknown[:MOST_OPEN], candidates)
    labels = dict(reversed(candidates))  # the first label of a value is its name
    texts = []
    for text in unknown[:MOST_OPEN]:
        guess = guesses.get(text)
        if text in chosen and not (guess and guess.value == chosen[text]):
            texts.append(_chosen(text, counts[text], chosen[text], labels))
        elif guess:
            texts.append(Meaning(text, counts[text], guess.value, labels[guess.value], "guessed"))
        elif kind.make is not None:
            texts.append(Meaning(text, counts[text], {MAKE: text}, text, "made"))
        else:
            texts.append(Meaning(text, counts[text]))
    more = len(unknown) - len(texts)
    return FieldMeanings(item, texts, candidates, len(counts) - len(unknown), more, kind.make is not None)


def _chosen(text: str, count: int, value: Any, labels: Mapping[Any, str]) -> Meaning:
    if value is None:
        return Meaning(text, count, how="empty")
    if isinstance(value, dict):
        return Meaning(text, count, value, value[MAKE], "made")
    return Meaning(text, count, value, labels.get(value, ""), "chosen")


def guessed_values(found: list[FieldMeanings]) -> dict[str, dict[str, Any]]:
    """The guesses as the values of a job, as if a person had confirmed them all."""
    return {
        item.field.key: {meaning.text: meaning.value for meaning in item.texts if meaning.how != "open"}
        for item in found
    }


def made_sure(actor: Actor, job: ImportJob, target: Target) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Make what is missing, in the caller's transaction; returns the meanings with their values, and the options."""
    values: dict[str, dict[str, Any]] = {}
    for key, texts in job.values.items():
        item = target.field(key)
        kind = item.kind if item else None
        values[key] = {
            text: kind.make(actor, value[MAKE])
            if isinstance(value, dict) and isinstance(kind, Named) and kind.make
            else value
            for text, value in texts.items()
        }
    options = dict(job.options)
    if target.setup is not None and "setup" in options:
        options["setup"] = target.setup.ensure(actor, options["setup"])
    return values, options
