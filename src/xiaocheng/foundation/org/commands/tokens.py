"""Keys to the API."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.events import TokenIssued, TokenRevoked
from xiaocheng.foundation.org.models import ApiToken
from xiaocheng.foundation.org.queries import token_digest

MOST_TOKENS = 20


@transaction.atomic
def issue_token(actor: Actor, name: str) -> tuple[ApiToken, str]:
    """Make a key for oneself; the second value is the secret, which is shown this once and not kept."""
    if actor.person_id is None:
        raise NotFound
    if not name.strip():
        raise RuleBroken(_("请给令牌起个名字,例如用在哪里。"), field="name")
    if ApiToken.objects.filter(person_id=actor.person_id, revoked_at=None).count() >= MOST_TOKENS:
        raise RuleBroken(_("每人最多 %(count)s 个令牌,请先撤销不用的。") % {"count": MOST_TOKENS})
    secret = f"xc_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        person_id=actor.person_id,
        name=name.strip(),
        digest=token_digest(secret),
        hint=secret[:8],
        created_at=clock.now(),
    )
    check_columns(token, {"name"})
    token.save(force_insert=True)
    record(actor, TokenIssued(person_id=actor.person_id, token_id=token.pk, name=token.name))
    return token, secret


@transaction.atomic
def revoke_token(actor: Actor, token_id: int) -> ApiToken:
    """Take a key back: one's own, or anybody's by an administrator."""
    tokens = ApiToken.objects.filter(pk=token_id)
    if not actor.can(MANAGE_PEOPLE):
        tokens = tokens.filter(person_id=actor.person_id or 0)
    token = tokens.first()
    if token is None:
        raise NotFound
    if token.revoked_at is not None:
        raise RuleBroken(_("这个令牌已经撤销。"))
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    record(actor, TokenRevoked(person_id=token.person_id, token_id=token.pk, name=token.name))
    return token
