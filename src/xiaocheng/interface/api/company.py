"""The company's working days and rules, and one's own tokens."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.rules import Rules, rule_fields, rules
from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_PEOPLE, MANAGE_RULES

from .auth import ApiRequest
from .schemas import Body, Id, shaped
from .schemas import Day as BoundedDay

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


class RuleValueOut(Answer):
    """A value that a rule was given: from when on, by whom and when."""

    value: str
    since: dt.date
    person_id: int | None
    recorded_at: dt.datetime


class DayChange(Body):
    """What the company decides about a day; null goes back to public holidays and weekends."""

    is_workday: bool | None
    name: str = ""


class NewToken(Body):
    """What a key is for."""

    name: str


class TokenOut(Answer):
    """A key to the API, without its secret."""

    id: int
    name: str
    hint: str
    created_at: dt.datetime
    last_used_on: dt.date | None


class NewTokenOut(TokenOut):
    """A key just made; its secret is told this once and not kept."""

    secret: str


@router.get("/calendar/{year}", response=list[Day])
def calendar(request: ApiRequest, year: Year) -> list[Day]:
    """Every day of a year: whether the company works, and the holiday's name."""
    return [Day(**vars(entry)) for entry in queries.calendar_year(request.actor, year)]


@router.put("/calendar/days/{day}", response=None)
def mark_calendar_day(request: ApiRequest, day: BoundedDay, body: DayChange) -> None:
    """Decide whether a day is a working day."""
    commands.mark_calendar_day(request.actor, day, body.is_workday, body.name)


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


@router.get("/rules/{key}/history", response=list[RuleValueOut])
def rule_history(request: ApiRequest, key: str) -> list[RuleValueOut]:
    """The values that a rule was given, those to come too, the latest first."""
    found = queries.rule_history(request.actor, key)
    return [
        RuleValueOut(value=_text(row.value), since=row.since, person_id=row.person_id, recorded_at=row.recorded_at)
        for row in found
    ]


@router.get("/tokens", response=list[TokenOut])
def tokens(request: ApiRequest, person_id: Id | None = None) -> list[TokenOut]:
    """One's own live tokens, or, for who keeps the people, another person's."""
    if person_id not in {None, request.actor.person_id}:
        request.actor.require(MANAGE_PEOPLE)
    return [shaped(TokenOut, row) for row in queries.tokens(request.actor, person_id)]


@router.post("/tokens", response=NewTokenOut)
def issue_token(request: ApiRequest, body: NewToken) -> NewTokenOut:
    """Make a key for oneself; with an Idempotency-Key it is refused, for its secret would be kept with the answer."""
    if "Idempotency-Key" in request.headers:
        raise RuleBroken(_("新建令牌时不能使用 Idempotency-Key:密钥只显示一次,不会保存。"))
    row, secret = commands.issue_token(request.actor, body.name)
    return shaped(NewTokenOut, row, secret=secret)


@router.delete("/tokens/{token_id}", response=None)
def revoke_token(request: ApiRequest, token_id: Id) -> None:
    """Take a token back; it opens nothing from now on."""
    commands.revoke_token(request.actor, token_id)


def _text(value: Any) -> str:
    """A rule's value as one types it."""
    return value.isoformat("minutes") if isinstance(value, dt.time) else str(value)
