"""Twice the same request, once the effect: a key from the form or header, kept with its answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from . import clock
from .actor import Actor
from .errors import RuleBroken, StillRunning
from .models import IdempotencyKey


def fingerprint(*parts: object) -> str:
    """A digest of what the request says, so that a key cannot be used for two different requests."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def once(actor: Actor, key: str, print_of_request: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do the work and keep its answer in one transaction, or give the answer that the same key was given before.

    422 when the key came with another request before; 409 when the first one still runs after a while of waiting.
    """
    if actor.person_id is None or not key:
        return work()
    begun = False
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(
                person_id=actor.person_id, key=key[:64], fingerprint=print_of_request, at=clock.now()
            )
            begun = True
            row.answer = work()
            row.save(update_fields=["answer"])
            return row.answer
    except OperationalError as fault:
        if begun or not _waited_too_long(fault):
            raise
        raise StillRunning from fault
    except IntegrityError:
        before = IdempotencyKey.objects.filter(person_id=actor.person_id, key=key[:64]).first()
        if before is None:
            raise  # another constraint than ours
    if before.fingerprint != print_of_request:
        raise RuleBroken(_("这个请求编号已用于另一项内容。请刷新页面后重试。"))
    if before.answer is None:
        raise StillRunning
    answer: dict[str, Any] = before.answer
    return answer


def _waited_too_long(fault: OperationalError) -> bool:
    """True for the end of waiting: PostgreSQL waits for whoever inserted the same key, SQLite for any other writer."""
    return getattr(fault.__cause__, "sqlstate", "") == "55P03" or "database is locked" in str(fault)
