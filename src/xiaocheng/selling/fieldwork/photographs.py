"""The photos of a visit are those of its files that are pictures."""

from __future__ import annotations

from django.db.models import QuerySet

from xiaocheng.foundation.files.queries import SHOWN_IN_PAGE, Attachment, attachments
from xiaocheng.foundation.kernel.actor import Actor

KIND = "fieldwork.visit"


def photographs(actor: Actor, visit_id: int) -> QuerySet[Attachment]:
    """The photos of a visit that the actor may see, the newest first."""
    return attachments(actor, KIND, visit_id).filter(content_type__in=SHOWN_IN_PAGE)
