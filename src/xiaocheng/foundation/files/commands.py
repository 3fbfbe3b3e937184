"""Ways to change a record's files."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import partial
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules

from .access import ATTACH
from .events import FileAttached, FileRemoved
from .models import Attachment
from .queries import open_record, path_of
from .rules import FileRules
from .sniffing import content_type_of

MB = 1024 * 1024


def attach(actor: Actor, kind: str, row_id: int, name: str, content: bytes) -> Attachment:
    """Attach a file to a record that the actor sees."""
    with transaction.atomic():
        open_record(actor, kind, row_id)
        actor.require(ATTACH)
        content_type = _accepted_type(content)
        row = Attachment.objects.create(
            kind=kind,
            row_id=row_id,
            name=_plain_name(name),
            size=len(content),
            content_type=content_type,
            digest=_stored(content),
            added_by_id=actor.person_id,
            added_at=clock.now(),
        )
        record(actor, FileAttached(record_kind=kind, record_id=row_id, attachment_id=row.pk, name=row.name))
    return row


def remove(actor: Actor, attachment_id: int) -> None:
    """Take a file away from its record; by whoever attached it, or by somebody who has him in sight."""
    with transaction.atomic():
        row = Attachment.objects.select_for_update().filter(pk=attachment_id).first()
        if row is None:
            raise NotFound
        open_record(actor, row.kind, row.row_id)
        actor.require(ATTACH)
        if not actor.sight.sees_person(row.added_by_id):
            raise NotAllowed(ATTACH)
        row.delete()
        record(
            actor, FileRemoved(record_kind=row.kind, record_id=row.row_id, attachment_id=attachment_id, name=row.name)
        )
        if not Attachment.objects.filter(digest=row.digest).exists():
            transaction.on_commit(lambda: default_storage.delete(path_of(row.digest)))


def discard(actor: Actor, kind: str, row_ids: Collection[int]) -> None:
    """Take away all files of records and leave no name of them: called by the command that erases personal data."""
    rows = Attachment.objects.filter(kind=kind, row_id__in=row_ids)
    digests = set(rows.values_list("digest", flat=True))
    rows.delete()
    kept = set(Attachment.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest in digests - kept:
        transaction.on_commit(partial(default_storage.delete, path_of(digest)))


def hand_on(actor: Actor, kind: str, from_id: int, to_id: int, only: Collection[int] | None = None) -> tuple[int, ...]:
    """Give the files of one record, or some of them, to another of its kind; called by the command that merges them."""
    rows = Attachment.objects.filter(kind=kind, row_id=from_id)
    ids = tuple((rows if only is None else rows.filter(pk__in=only)).values_list("pk", flat=True))
    Attachment.objects.filter(pk__in=ids).update(row_id=to_id)
    return ids


def remove_everything(actor: Actor) -> None:
    """Take every file away, content and all: for a database that is being emptied."""
    actor.require_system()
    with transaction.atomic():
        for digest in set(Attachment.objects.values_list("digest", flat=True)):
            transaction.on_commit(partial(default_storage.delete, path_of(digest)))
        Attachment.objects.all().delete()


def _accepted_type(content: bytes) -> str:
    largest = rules(FileRules, clock.today()).largest_mb
    if not content:
        raise RuleBroken(_("文件是空的。"), field="file")
    if len(content) > largest * MB:
        raise RuleBroken(_("文件超过 %(largest)s MB 的上限,请压缩后再上传。") % {"largest": largest}, field="file")
    content_type = content_type_of(content)
    if content_type is None:
        raise RuleBroken(_("只接受图片、PDF、Office 文档、压缩包和纯文本。"), field="file")
    return content_type


def _plain_name(name: str) -> str:
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[-200:] or "file"


def _stored(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    if not default_storage.exists(path_of(digest)):
        default_storage.save(path_of(digest), ContentFile(content))
    return digest
