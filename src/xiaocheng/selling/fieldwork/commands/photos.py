"""Photos of a visit."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.files.queries import SHOWN_IN_PAGE, Attachment, content_type_of
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.selling.fieldwork.photographs import KIND, photographs

from .visits import own_visit


def add_photo(actor: Actor, visit_id: int, name: str, content: bytes) -> Attachment:
    """Keep a photo that whoever made the visit took there. Sent twice, the same photo is kept once."""
    with transaction.atomic():
        own_visit(actor, visit_id)
        same = photographs(actor, visit_id).filter(digest=hashlib.sha256(content).hexdigest()).first()
        if same is not None:
            return same
        if content_type_of(content) not in SHOWN_IN_PAGE:
            raise RuleBroken(_("请上传照片(JPEG、PNG、GIF 或 WebP)。"), field="photo")
        return attach(actor, KIND, visit_id, name, content)
