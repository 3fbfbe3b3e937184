"""Many opportunities are changed at once, each its own details, with an outcome for each: by an import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.once import Taken, settled
from xiaocheng.foundation.fields.queries import changed_keys, custom_values, plain_values, searched_keys
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.bulk import update_many
from xiaocheng.foundation.kernel.errors import NotFound, Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.queries import assignable
from xiaocheng.selling.customers.commands import Edit, Edited
from xiaocheng.selling.customers.queries import names_of
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.pipeline.details import COLUMNS, RELATIONS, Known, check, differing, edited, plain
from xiaocheng.selling.pipeline.index import index
from xiaocheng.selling.pipeline.models import Opportunity
from xiaocheng.selling.pipeline.options import OPPORTUNITY

from .editing import give


@settled
def edit_many(actor: Actor, edits: Sequence[Edit]) -> list[Edited]:
    """Change up to 2,000 opportunities, each once, by the rules of editing one; "owner" hands them over."""
    with transaction.atomic():
        mine = Opportunity.objects.visible_to(actor).filter(pk__in=[edit.row_id for edit in edits])
        rows = {row.pk: row for row in mine.select_for_update(of=("self",)).order_by("pk")}
        actor.require(WORK)
        before = {pk: row.customer_id for pk, row in rows.items()}
        clerk = _Clerk.ready(actor, rows, edits)
        decided = [clerk.decide(rows.get(edit.row_id), edit.values, edit.row_id) for edit in edits]
        changed = {
            done.row_id: [*done.changes.keys() - {"owner"}] for done in decided if done.changes.keys() - {"owner"}
        }
        _save([rows[pk] for pk in changed], clerk.columns)
        found_by = {"name", "customer", *searched_keys(SYSTEM, OPPORTUNITY)}
        _index(actor, [rows[pk] for pk, names in changed.items() if found_by.intersection(names)])
        record(actor, *(edited(rows[pk], sorted(names), before[pk]) for pk, names in changed.items()))
        _hand_over(actor, rows, decided, clerk.owners)
    return decided


def _save(rows: Sequence[Opportunity], columns: set[str]) -> None:
    for row in rows:
        row.edit_version += 1
    update_many(rows, "edit_version", *sorted(columns))


def _index(actor: Actor, rows: Sequence[Opportunity]) -> None:
    names = names_of(actor, [row.customer_id for row in rows])
    index((row.pk, row.name, row.number, names.get(row.customer_id or 0, ""), row.custom) for row in rows)


def _hand_over(
    actor: Actor, rows: Mapping[int, Opportunity], decided: Sequence[Edited], names: Mapping[int, str]
) -> None:
    parts: dict[int, list[Opportunity]] = defaultdict(list)
    for done in decided:
        if "owner" in done.changes:
            parts[done.changes["owner"][1]].append(rows[done.row_id])
    for owner_id, part in parts.items():
        give(actor, part, owner_id, names[owner_id])


@dataclass
class _Clerk:
    """What deciding about a set of edits needs to know, loaded once."""

    actor: Actor
    known: Known
    owners: Mapping[int, str]
    single: Taken  # own fields that may not repeat
    columns: set[str] = field(default_factory=set)  # those that some row changes

    @classmethod
    def ready(cls, actor: Actor, rows: Mapping[int, Opportunity], edits: Sequence[Edit]) -> _Clerk:
        owners = {edit.values["owner"] for edit in edits if edit.values.get("owner")}
        pairs = [(rows[edit.row_id], _columns(edit.values)) for edit in edits if edit.row_id in rows]
        people = assignable(actor).filter(pk__in=owners).values_list("pk", "name") if owners else ()
        return cls(
            actor=actor,
            known=Known.about(actor, [(row, differing(row, new)) for row, new in pairs]),
            owners=dict(people),
            single=Taken.among(actor, OPPORTUNITY, (edit.values.get("custom") for edit in edits)),
        )

    def decide(self, row: Opportunity | None, values: Mapping[str, Any], row_id: int) -> Edited:
        """Bring the row up to date, or say why not."""
        try:
            if row is None:
                raise NotFound
            owner = self._owner(row, values.get("owner"))
            changes = self._change(row, values)
        except Refusal as refusal:
            refusal.field = RELATIONS.get(refusal.field or "", refusal.field)
            return Edited(row_id, refusal=refusal)
        return Edited(row_id, changes | ({"owner": (row.owner_id, owner)} if owner else {}))

    def _owner(self, row: Opportunity, owner_id: int | None) -> int | None:
        if owner_id is None or owner_id == row.owner_id:
            return None
        if owner_id not in self.owners:
            raise RuleBroken(_("只能交给您看得到的在职人员。"), field="owner")
        return owner_id

    def _change(self, row: Opportunity, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        custom = custom_values(self.actor, OPPORTUNITY, values.get("custom"), row.custom, is_import=True)
        changed = differing(row, _columns(values))
        check(row, changed, self.known)
        self.single.refuse(custom, row.custom)
        changes = {
            name: (plain(getattr(row, column)), plain(changed[column]))
            for name, column in COLUMNS.items()
            if column in changed
        }
        if own := changed_keys(row.custom, custom):
            before, after = (plain_values(self.actor, OPPORTUNITY, kept) for kept in (row.custom, custom))
            changes |= {key: (before.get(key), after.get(key)) for key in own}
        if changes:
            self._fill(row, changed | {"custom": custom})
        return changes

    def _fill(self, row: Opportunity, new: Mapping[str, Any]) -> None:
        """The new values, unless the columns cannot hold them."""
        before = {name: getattr(row, name) for name in new}
        try:
            for name, value in new.items():
                setattr(row, name, value)
            row.check_values()
        except RuleBroken:
            for name, value in before.items():
                setattr(row, name, value)
            raise
        self.columns |= {name.removesuffix("_id") for name in new}


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {column: values[name] for name, column in COLUMNS.items() if name in values}
