"""What can be taken in: each module declares its targets in imports.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Refusal, Sentence

from .kinds import Kind

SET = 2000  # rows of one transaction: others wait meanwhile
NEW, UPDATE, BOTH = "new", "update", "both"
MODES: dict[str, Sentence] = {
    NEW: _("只新增,已有的不改动"),
    UPDATE: _("只更新已有的"),
    BOTH: _("更新已有的,并新增其余的"),
}
Row = Mapping[str, Any]  # values by field key; None where the cell is empty or the column not mapped


def never(_value: Any) -> Hashable:
    """Nothing to be compared: any number of rows may tell the same."""
    return None


@dataclass(frozen=True)
class Field:
    """One thing that a row may tell; `synonyms` are headings by which its column is recognised.

    Where no two rows may tell the same, `single` gives what is compared; None for nothing.
    """

    key: str
    name: Sentence
    kind: Kind
    required: bool = False
    synonyms: tuple[str, ...] = ()
    help: Sentence = ""
    single: Callable[[Any], Hashable] = never


@dataclass(frozen=True)
class Done:
    """What became of one row: a new row, the same as one that is there, a changed one, or refused and why.

    `besides` are rows of the same table that had to be made for its sake. `changes` holds, by field, what stood there
    and what stands there now, as JSON keeps it. `parts` are rows of other targets, by key, made with it.
    """

    row_id: int | None = None
    is_new: bool = False
    refusal: Refusal | None = None
    besides: tuple[int, ...] = ()
    changes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    parts: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def fate(self) -> str:
        """What became of it, in one word."""
        if self.refusal is not None:
            return "refused"
        return "new" if self.is_new else "changed" if self.changes or self.parts else "same"

    @property
    def made(self) -> list[int]:
        """The ids of the rows that were not there before."""
        return [*self.besides, *([self.row_id] if self.is_new and self.row_id is not None else [])]


@dataclass(frozen=True)
class Key:
    """A field by which rows are recognised that are there.

    `of` is what identifies a row, None or "" where it tells nothing; `needs` are fields that it must tell, too. With
    `must_exist` a value that is not found is a mistake, not a new row.
    """

    field: str
    of: Callable[[Row], Hashable]
    needs: tuple[str, ...] = ()
    must_exist: bool = False


Found = Mapping[Hashable, Sequence[int]]  # what identifies a row -> the rows that are there, as far as the actor sees


@dataclass(frozen=True)
class Update:
    """How rows that are there are changed: recognised by one of the keys, found for a set of rows, and changed.

    `find(actor, key, said)` looks up what rows tell in the key; `change` gets up to 2,000 pairs of id and row with the
    options, inside a transaction; cells that are empty are not in the row. Whoever has the `capability` may change rows
    though he may not bring in new ones; "" is that of the target. `note` says what else a change asks for.
    """

    keys: tuple[Key, ...]
    find: Callable[[Actor, str, Sequence[Hashable]], Found]
    change: Callable[[Actor, Sequence[tuple[int, Row]], Mapping[str, Any]], Sequence[Done]]
    capability: str = ""
    note: Sentence = ""

    def key(self, name: Any) -> Key | None:
        """The key of a name."""
        return next((key for key in self.keys if key.field == name), None)


@dataclass(frozen=True)
class Setup:
    """Something that an import needs once, before its rows: what is proposed, and how it is made sure of.

    `propose(actor, rows)` returns JSON for the person to confirm; `ensure(actor, proposal)` makes it (again: without
    effect) and returns what `check` and `write` find under options["setup"].
    """

    propose: Callable[[Actor, Sequence[Row]], dict[str, Any]]
    ensure: Callable[[Actor, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Undo:
    """How rows that an import made are taken back, as long as nobody has changed or used them.

    `told` names the events that the import itself records about such a row, `parts` the foreign keys of rows that are
    made with it: anything else stands in the way. `take_back` removes up to 2,000 rows inside a transaction. `note`
    tells what else it does or leaves. `restore` gets changed rows with their changes, gives back what still stands as
    the import left it, and returns how many it gave back something.
    """

    model: str  # "customers.customer"
    told: tuple[str, ...]
    take_back: Callable[[Actor, Sequence[int]], None]
    parts: tuple[str, ...] = ()
    note: Sentence = ""
    restore: Callable[[Actor, Sequence[tuple[int, Mapping[str, Sequence[Any]]]]], int] | None = None


@dataclass(frozen=True)
class Warned:
    """Something about rows that can be taken in which the person should know before: how many they are, in words.

    `count(actor, rows, done)` gets what became of each row where the check wrote them to try, else None for each;
    `sentence` holds %(count)s.
    """

    count: Callable[[Actor, Sequence[Row], Sequence[Done | None]], int]
    sentence: Sentence


@dataclass(frozen=True)
class Target:
    """A kind of rows that can be taken in.

    `write` gets up to 2,000 checked rows inside a transaction and returns what became of each; it finds again what it
    has taken in before, so the same file twice adds nothing. `identity` is what makes a row the same as another of its
    file. A row that `may_repeat` tells more about the same one.
    `check` decides about a set of rows without writing, `warned` counts those to be warned of. `rest` is the text
    field that keeps the columns that are no field. `after` names targets whose rows this one refers to. Without `undo`
    an import cannot be taken back. With `is_customised` the fields that the company added to the table of `subject`
    come after its own. With `update` rows that are there can be changed, if the person wants it. Rows that tell the
    same in the field `together` are one thing: they must follow each other, and come in all or none.
    """

    key: str
    name: Sentence
    subject: str  # kind of the rows for links, "customers.customer"
    capability: str
    fields: tuple[Field, ...]
    identity: Callable[[Row], Hashable]
    write: Callable[[Actor, Sequence[Row], Mapping[str, Any]], list[Done]]
    check: Callable[[Actor, Sequence[Row], Mapping[str, Any]], list[Refusal | None]] | None = None
    may_repeat: Callable[[Row], bool] | None = None
    setup: Setup | None = None
    rest: str = ""
    after: tuple[str, ...] = ()
    undo: Undo | None = None
    is_customised: bool = False
    update: Update | None = None
    warned: Warned | None = None
    together: str = ""

    def modes(self, actor: Actor) -> dict[str, Sentence]:
        """What the actor may do with such rows: bring in new ones, change those that are there, both or nothing."""
        brings = actor.can(self.capability)
        changes = self.update is not None and actor.can(self.update.capability or self.capability)
        may = {NEW: brings, UPDATE: changes, BOTH: brings and changes}
        return {mode: name for mode, name in MODES.items() if may[mode]}

    @property
    def table(self) -> str:
        """The kind of the rows themselves, which a link may show as part of another one."""
        return self.undo.model if self.undo else self.subject

    def key_of(self, options: Mapping[str, Any]) -> Key | None:
        """The key by which rows are recognised; None where only new ones are wanted."""
        is_wanted = self.update is not None and options.get("mode", NEW) != NEW
        return self.update.key(options.get("key")) if self.update and is_wanted else None

    def is_required(self, item: Field, options: Mapping[str, Any]) -> bool:
        """True for what each row must tell: where rows are only changed, what they are recognised by."""
        key = self.key_of(options)
        if key is None or options["mode"] != UPDATE:
            return item.required
        return item.key in {key.field, *key.needs}

    def field(self, key: str) -> Field | None:
        """The field of a key."""
        return next((item for item in self.fields if item.key == key), None)


OWN = re.compile(r"f\d+")  # the key of a field that the company added
_targets: dict[str, Target] = {}


def declare(target: Target) -> Target:
    """Register a target; called in a module's imports.py."""
    _targets[target.key] = target
    return target


def targets() -> list[Target]:
    """Every target, those that others refer to first."""
    ordered: list[Target] = []
    waiting = {key: target(key) or item for key, item in _targets.items()}
    while waiting:
        free = [item for item in waiting.values() if not waiting.keys() & set(item.after)]
        ordered += free or list(waiting.values())
        for item in free or list(waiting.values()):
            del waiting[item.key]
    return ordered


def target(key: str) -> Target | None:
    """The target of a key, with the fields that the company added."""
    from .own_fields import with_own_fields  # which knows what a target is

    found = _targets.get(key)
    return with_own_fields(found) if found else None


def own_values(row: Row) -> dict[str, Any]:
    """What a row tells in the company's own fields, by key; empty cells are left out."""
    told = {key: value for key, value in row.items() if value is not None and key[0] == "f"}
    return {key: value for key, value in told.items() if OWN.fullmatch(key)} if told else told


def still_holding(changes: Mapping[str, Sequence[Any]], now: Mapping[str, Any]) -> dict[str, Any]:
    """What an undo gives back: what stood there before, in the fields that still hold what the import wrote."""
    return {name: before for name, (before, after) in changes.items() if now.get(name) == after}
