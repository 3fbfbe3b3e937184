"""Colleagues write to each other about a customer."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.events import NoteEdited, NoteRemoved, NoteWritten
from xiaocheng.selling.customers.models import Customer, CustomerNote
from xiaocheng.selling.customers.models.notes import LONGEST_WORDS
from xiaocheng.selling.customers.queries import listeners
from xiaocheng.selling.customers.writing import written


def write_note(actor: Actor, customer_id: int, text: str, tell: Collection[int] = ()) -> CustomerNote:
    """Write about a customer for whoever reads its story, and have some of them told."""
    with transaction.atomic():
        row: Customer = Customer.objects.locked(actor.in_own_right(), customer_id)
        actor.require(SEE)
        author, _department = actor.credited()
        said, told = _said(text), frozenset(tell)
        if told and not told <= {one.person.pk for one in listeners(actor, row)}:
            raise RuleBroken(_("只能提醒能看到这位客户的同事。"), field="tell")
        note = CustomerNote(customer=row, author_id=author, text=said, written_at=clock.now())
        CustomerNote.objects.add(note)
        if not CustomerNote.objects.shows(actor, note):  # of a customer in a pool nobody reads what he wrote
            raise NotFound
        record(actor, NoteWritten(customer_id=row.pk, note_id=note.pk, told=tuple(sorted(told))))
    return note


def edit_note(actor: Actor, note_id: int, version: int, text: str) -> CustomerNote:
    """Write one's own note otherwise; that it was changed is shown."""
    with transaction.atomic():
        note: CustomerNote = CustomerNote.objects.locked(actor, note_id)
        actor.require(SEE)
        if note.author_id != actor.person_id:
            raise RuleBroken(_("留言只能由写的人修改。"))
        save_edit(note, version, text=_said(text), changed_at=clock.now())
        record(actor, NoteEdited(customer_id=note.customer_id, note_id=note.pk))
    return note


def remove_note(actor: Actor, note_id: int) -> None:
    """Take a note away: one's own, or that of somebody whom the actor has in sight."""
    with transaction.atomic():
        note: CustomerNote = CustomerNote.objects.locked(actor, note_id)
        actor.require(SEE)
        if not actor.sight.sees_person(note.author_id):
            raise RuleBroken(_("留言由写的人或其上级删除。"))
        customer_id = note.customer_id
        note.delete()
        record(actor, NoteRemoved(customer_id=customer_id, note_id=note_id))


def _said(text: str) -> str:
    said = written(text, "text", LONGEST_WORDS)
    if not said:
        raise RuleBroken(_("请写留言的内容。"), field="text")
    return said
