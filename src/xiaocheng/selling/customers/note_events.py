"""What happened to notes about customers; announced as part of `events`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about


class NoteWritten(Event):
    """Somebody wrote about a customer, and had those people `told`."""

    customer_id: int = about("customers.customer")
    note_id: int = about("customers.customernote")
    told: tuple[int, ...]
    says = _("留言")


class NoteEdited(Event):
    """The author wrote it otherwise."""

    customer_id: int = about("customers.customer")
    note_id: int = about("customers.customernote")
    says = _("修改了留言")


class NoteRemoved(Event):
    """A note is gone, with its words."""

    customer_id: int = about("customers.customer")
    note_id: int = about("customers.customernote")
    says = _("删除了留言")
