"""Keys to the API."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.models import ApiToken, Person


def token_digest(secret: str) -> str:
    """What is kept of a token's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person_of_token(secret: str) -> Person | None:
    """The active person whose token this is; notes the day of use."""
    token = (
        ApiToken.objects.filter(digest=token_digest(secret), revoked_at=None, person__is_active=True)
        .select_related("person__role")
        .first()
    )
    if token is None:
        return None
    today = clock.today()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token.person


def tokens(actor: Actor, person_id: int | None = None) -> QuerySet[ApiToken]:
    """The live tokens of the actor, or of a person whom he administers."""
    whose = person_id or actor.person_id or 0
    return ApiToken.objects.filter(person_id=whose, revoked_at=None).order_by("-created_at")
