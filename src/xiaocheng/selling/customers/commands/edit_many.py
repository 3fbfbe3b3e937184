"""Many customers or contacts are changed at once, each its own fields, with an outcome for each: by an import."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import kept_of
from xiaocheng.foundation.fields.once import Taken, settled
from xiaocheng.foundation.fields.queries import changed_keys, custom_values, plain_values, searched_keys
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.bulk import update_many
from xiaocheng.foundation.kernel.errors import NotFound, Refusal, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.phones import phone_key
from xiaocheng.foundation.org.queries import assignable
from xiaocheng.selling.customers.access import ASSIGN, EDIT
from xiaocheng.selling.customers.drafts import EDITABLE, Codes, columns_of, usable_codes, words_of
from xiaocheng.selling.customers.duplicates import Known
from xiaocheng.selling.customers.events import ContactEdited, CustomerEdited
from xiaocheng.selling.customers.keys import name_key
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.customers.options import CONTACT, CUSTOMER, LISTS
from xiaocheng.selling.customers.queries import reads_freely, require_contact, require_details
from xiaocheng.selling.customers.sleeping import contacted_at, is_asleep
from xiaocheng.selling.customers.tokens import index_again, index_contacts

from .contacts import EDITABLE as OF_CONTACTS
from .contacts import editable
from .ownership import hand_to

KEYS = ("name", "phone", "is_person")  # what a customer is found and known by


@dataclass(frozen=True)
class Edit:
    """What is to change in a row: columns that can be edited, "custom" with the company's own fields by key, and, for
    what has an owner, "owner"; for a customer "last_contact_on", too."""

    row_id: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Edited:
    """What became of an edit: by field, what stood there and what stands there now, as JSON keeps it; or why not."""

    row_id: int
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    refusal: Refusal | None = None


@settled
def edit_many(actor: Actor, edits: Sequence[Edit]) -> list[Edited]:
    """Change up to 2,000 customers, each once; who may not hand a customer on is refused another owner for it."""
    with transaction.atomic():
        mine = Customer.objects.visible_to(actor.in_own_right()).filter(pk__in=[edit.row_id for edit in edits])
        rows = {row.pk: row for row in mine.filter(erased_at=None).select_for_update(of=("self",)).order_by("pk")}
        actor.require(EDIT)
        clerk = _Clerk.ready(actor, edits)
        before = {pk: words_of(row) for pk, row in rows.items()}
        decided = [clerk.decide(rows.get(edit.row_id), edit) for edit in edits]
        changed = {done.row_id: rows[done.row_id] for done in decided if done.changes.keys() - {"owner"}}
        _save(list(changed.values()), clerk.columns)
        found_by = {*KEYS, *searched_keys(SYSTEM, CUSTOMER)}
        index_again([done.row_id for done in decided if done.changes.keys() & found_by])
        record(actor, *(CustomerEdited.between(pk, before[pk], words_of(row)) for pk, row in changed.items()))
        _hand_on(actor, rows, decided)
    return decided


def _save(rows: Sequence[Customer], columns: set[str]) -> None:
    for row in rows:
        row.edit_version += 1
    if rows:
        update_many(rows, "edit_version", *sorted(columns))


def _hand_on(actor: Actor, rows: Mapping[int, Customer], decided: Sequence[Edited]) -> None:
    parts: dict[int, list[Customer]] = defaultdict(list)
    for done in decided:
        if "owner" in done.changes:
            parts[done.changes["owner"][1]].append(rows[done.row_id])
    for owner_id, part in parts.items():
        hand_to(actor, part, "assignment", owner_id=owner_id)


@dataclass
class _Clerk:
    """What deciding about a set of edits needs to know, loaded once."""

    actor: Actor
    reads: Callable[[int | None], bool]
    codes: Codes
    known: Known
    owners: frozenset[int]
    single: Taken  # own fields that may not repeat
    columns: set[str] = field(default_factory=set)  # those that some row changes
    taken: set[str] = field(default_factory=set)

    @classmethod
    def ready(cls, actor: Actor, edits: Sequence[Edit]) -> _Clerk:
        names = [name_key(edit.values["name"]) for edit in edits if edit.values.get("name")]
        phones = [phone_key(edit.values["phone"]) for edit in edits if edit.values.get("phone")]
        owners = {edit.values["owner"] for edit in edits if edit.values.get("owner")}
        allowed = assignable(actor).filter(pk__in=owners) if owners and actor.can(ASSIGN) else None
        return cls(
            actor=actor,
            reads=reads_freely(actor),
            codes=usable_codes(),
            known=Known.among(actor, names, phones),
            owners=frozenset(allowed.values_list("pk", flat=True) if allowed is not None else ()),
            single=Taken.among(actor, CUSTOMER, (edit.values.get("custom") for edit in edits)),
        )

    def decide(self, row: Customer | None, edit: Edit) -> Edited:
        """Bring the row up to date, or say why not."""
        try:
            if row is None:
                raise NotFound
            if not self.reads(row.owner_id):
                require_details(self.actor, row)
            owner = self._owner(row, edit.values.get("owner"))
            changes = self._change(row, edit.values) | self._contacted(row, edit.values)
        except Refusal as refusal:
            return Edited(edit.row_id, refusal=refusal)
        return Edited(row.pk, changes | ({"owner": (row.owner_id, owner)} if owner else {}))

    def _owner(self, row: Customer, owner_id: int | None) -> int | None:
        if owner_id is None or owner_id == row.owner_id:
            return None
        if not self.actor.can(ASSIGN):
            raise RuleBroken(_("您不能更改客户的负责人。请不要导入这一列,或请主管导入。"), field="owner")
        if owner_id not in self.owners:
            raise RuleBroken(_("请选择您团队中的在职人员。"), field="owner")
        return owner_id

    def _contacted(self, row: Customer, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """The last contact that a file tells of, where none is known, wakes a sleeping time limit; None undoes that."""
        at, known = contacted_at(values.get("last_contact_on")), row.last_contact_at
        if "last_contact_on" not in values or (at is None) == (known is None):
            return {}
        if is_asleep(row) if at else row.clock_since == known:
            row.clock_since = at
        row.last_contact_at = at
        self.columns |= {"clock_since", "last_contact_at"}
        return {"last_contact_on": (_day(known), _day(at))}

    def _change(self, row: Customer, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        given = {name: values[name] for name in EDITABLE if name in values}
        if "is_person" in given and "name" not in given:
            given["name"] = row.name  # a person's name is sorted in another way
        given["is_person"] = given.get("is_person", row.is_person)
        columns = given | columns_of(given, self.codes, {name: getattr(row, name) for name in LISTS})
        custom = custom_values(self.actor, CUSTOMER, values.get("custom"), row.custom, is_import=True)
        self._refuse_duplicates(row, columns)
        self.single.refuse(custom, row.custom)
        changes = _changes(self.actor, CUSTOMER, row, columns, [name for name in EDITABLE if name in columns], custom)
        if changes:
            columns["custom"] = custom
            for name, value in columns.items():
                setattr(row, name, value)
            self.columns.update(columns)
        return changes

    def _refuse_duplicates(self, row: Customer, columns: Mapping[str, Any]) -> None:
        new = {
            name: columns[name]
            for name in ("name_key", "phone_key")
            if columns.get(name, "") not in {"", getattr(row, name)}
        }
        if not new:
            return
        name, phone = new.get("name_key", ""), new.get("phone_key", "")
        self.known.refuse(name, phone, columns["is_person"], but=row.pk)
        keys = {key for key in (phone, "" if columns["is_person"] else name) if key}
        if keys & self.taken:
            raise RuleBroken(_("与同一批中的另一位客户重复。"), field="phone" if phone in self.taken else "name")
        self.taken |= keys


def _changes(
    actor: Actor,
    table: str,
    row: Customer | Contact,
    columns: Mapping[str, Any],
    names: Sequence[str],
    custom: Mapping[str, Any],
) -> dict[str, tuple[Any, Any]]:
    changes = {
        name: (_plain(getattr(row, name)), _plain(columns[name]))
        for name in names
        if getattr(row, name) != columns[name]
    }
    own = changed_keys(row.custom, custom)
    before, after = (plain_values(actor, table, kept) if own else {} for kept in (row.custom, custom))
    return changes | {key: (before.get(key), after.get(key)) for key in own}


def _day(at: dt.datetime | None) -> str | None:
    return None if at is None else clock.day_of(at).isoformat()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


@settled
def edit_contacts(actor: Actor, edits: Sequence[Edit]) -> list[Edited]:
    """Change up to 2,000 contacts, each once, with an outcome for each."""
    with transaction.atomic():
        mine = Contact.objects.visible_to(actor).filter(pk__in=[edit.row_id for edit in edits])
        found = mine.select_related("customer").select_for_update(of=("self",)).order_by("pk")
        rows = {row.pk: row for row in found}
        actor.require(EDIT)
        reads = reads_freely(actor)
        before = {pk: kept_of(row, OF_CONTACTS) for pk, row in rows.items()}
        single = Taken.among(actor, CONTACT, (edit.values.get("custom") for edit in edits))
        decided = [_edit_contact(actor, reads, single, rows.get(edit.row_id), edit) for edit in edits]
        changed = [rows[done.row_id] for done in decided if done.changes]
        for row in changed:
            row.edit_version += 1
        if changed:
            update_many(changed, "edit_version", "phone_key", "custom", *OF_CONTACTS)
            index_contacts(changed)
        record(actor, *(ContactEdited.between(row, before[row.pk], kept_of(row, OF_CONTACTS)) for row in changed))
    return decided


def _edit_contact(
    actor: Actor, reads: Callable[[int | None], bool], single: Taken, row: Contact | None, edit: Edit
) -> Edited:
    try:
        if row is None:
            raise NotFound
        if row.erased_at is not None or not reads(row.customer.owner_id):
            require_contact(actor, row)
        given = editable(edit.values)
        custom = custom_values(actor, CONTACT, edit.values.get("custom"), row.custom, is_import=True)
        if not given.get("name", row.name):
            raise RuleBroken(_("请填写联系人姓名。"), field="name")
        changes = _changes(actor, CONTACT, row, given, list(given), custom)
        before = {name: getattr(row, name) for name in (*given, "phone_key", "custom")}
        for name, value in given.items():
            setattr(row, name, value)
        row.custom, row.phone_key = custom, phone_key(row.phone)
        try:
            check_columns(row, [*given])
            single.refuse(custom, before["custom"])
        except RuleBroken:
            vars(row).update(before)
            raise
    except Refusal as refusal:
        return Edited(edit.row_id, refusal=refusal)
    return Edited(row.pk, changes)
