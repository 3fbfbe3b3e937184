"""The company's working days and rules, and one's own tokens."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.rules import Rules, rule_fields, rules
from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_RULES

from .auth import ApiRequest
from .schemas import Body, Id

router = Router(tags=["company"])
Year = Annotated[int, Field(ge=2000, le=2100)]


class Day(Answer):
    """One day of the company's calendar."""

    day: dt.date
    is_workday: bool
    name: str


class RuleOut(Answer):
    """A value that the company may change, as it stands today."""

    key: str
    name: str
    help: str
    value: str
    default: str
    choices: list[str] | None


class RuleChange(Body):
    """Another value from a day on."""

    value: str
    since: dt.date


class TokenOut(Answer):
    """A key to the API, without its secret."""

    id: int
    name: str
    hint: str
    created_at: dt.datetime
    last_used_on: dt.date | None


@router.get("/calendar/{year}", response=list[Day])
def calendar(request: ApiRequest, year: Year) -> list[Day]:
    """Every day of a year: whether the company works, and the holiday's name."""
    return [Day(**vars(entry)) for entry in queries.calendar_year(request.actor, year)]


@router.get("/rules", response=list[RuleOut])
def all_rules(request: ApiRequest) -> list[RuleOut]:
    """The rules that the company may change, as they stand today."""
    request.actor.require(MANAGE_RULES)
    today = clock.today()
    return [
        RuleOut(
            key=item.key,
            name=str(item.name),
            help=str(item.help),
            value=_text(getattr(rules(kind, today), item.key.partition(".")[2])),
            default=_text(item.default),
            choices=[_text(choice) for choice in item.choices] if item.choices else None,
        )
        for kind in Rules.registry.values()
        for item in rule_fields(kind)
    ]


@router.put("/rules/{key}", response=None)
def change_rule(request: ApiRequest, key: str, body: RuleChange) -> None:
    """Give a rule another value from a day on."""
    commands.change_rule(request.actor, key, body.value, body.since)


@router.get("/tokens", response=list[TokenOut])
def tokens(request: ApiRequest) -> list[TokenOut]:
    """One's own live tokens."""
    return [
        TokenOut(id=row.pk, name=row.name, hint=row.hint, created_at=row.created_at, last_used_on=row.last_used_on)
        for row in queries.tokens(request.actor)
    ]


@router.delete("/tokens/{token_id}", response=None)
def revoke_token(request: ApiRequest, token_id: Id) -> None:
    """Take a token back; it opens nothing from now on."""
    commands.revoke_token(request.actor, token_id)


def _text(value: Any) -> str:
    """A rule's value as one types it."""
    return value.isoformat("minutes") if isinstance(value, dt.time) else str(value)
