"""Ways to look at a record's files."""

from __future__ import annotations

from typing import IO

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.scope import ScopedModel

from .models import Attachment as Attachment
from .sniffing import SHOWN_IN_PAGE as SHOWN_IN_PAGE
from .sniffing import content_type_of as content_type_of


def attachments(actor: Actor, kind: str, row_id: int) -> QuerySet[Attachment]:
    """The files of a record that the actor sees, the newest first."""
    open_record(actor, kind, row_id)
    return Attachment.objects.filter(kind=kind, row_id=row_id).select_related("added_by").order_by("-pk")


def attachment(actor: Actor, attachment_id: int) -> Attachment:
    """One file of a record that the actor sees."""
    row = Attachment.objects.filter(pk=attachment_id).first()
    if row is None:
        raise NotFound
    open_record(actor, row.kind, row.row_id)
    return row


def content_of(row: Attachment) -> IO[bytes]:
    """The content of a file that the caller was allowed to see."""
    return default_storage.open(path_of(row.digest))


def open_record(actor: Actor, kind: str, row_id: int) -> ScopedModel:
    """The record that files of a kind belong to, if the actor may read them."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        raise NotFound from None
    if not issubclass(model, ScopedModel) or kind != model._meta.label_lower:
        raise NotFound
    row: ScopedModel = model.objects.one(actor, row_id)
    if row.hides_files_from(actor):
        raise NotFound
    return row


def path_of(digest: str) -> str:
    """Where the content of a digest lies in the store."""
    return f"{digest[:2]}/{digest}"
