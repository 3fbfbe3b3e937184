"""What a person types about a customer, made ready for the table: pure functions, one row at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import CharField, TextField
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import kept, kept_of
from xiaocheng.foundation.fields.queries import choices, resolved
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.lunar import lunar_day
from xiaocheng.foundation.kernel.phones import phone_digits, phone_key
from xiaocheng.foundation.kernel.text import name_sort_key, sort_key

from .keys import name_key
from .models import Customer
from .models.customers import END, KINDS, POTENTIALS, PROSPECT, STAGES
from .options import LISTS

CODES = ("level", "source", "channel", "region", "industry")
PROFILE = ("characteristics", "needs", "habits", "purchasing_power", "background")
TEXTS = ("phone", "email", "wechat", "website", "address", *CODES, *PROFILE)
RATED = ("potential", "yearly_demand")
EDITABLE = ("name", "is_person", "stage", "kind", *TEXTS, *RATED, "birthday", "lunar_birthday", "next_contact_on")
LONGEST = {
    f.name: f.max_length or 0
    for f in Customer._meta.fields
    if isinstance(f, (CharField, TextField)) and f.name in {"name", *TEXTS}
}
FEWEST_DIGITS, MOST_DIGITS = 5, 40
MOST_DEMAND = 10**13
Codes = Mapping[str, Collection[str]]


@dataclass(frozen=True, kw_only=True)
class CustomerDraft:
    """A customer to register. Without owner and pool it is the registering person's own.

    `registered_on` is the day it became known, `last_contact_on` when somebody was last in touch, where a file tells.
    `despite_duplicates`: the person has looked at the likely duplicates and says that it is another one. `custom` are
    the company's own fields by key; None: they were not asked for.
    """

    name: str
    phone: str = ""
    is_person: bool = False
    kind: str = END
    stage: str = PROSPECT
    level: str = ""
    source: str = ""
    channel: str = ""
    region: str = ""
    industry: str = ""
    potential: str = ""
    yearly_demand: Decimal | int | None = None
    email: str = ""
    wechat: str = ""
    birthday: dt.date | None = None
    lunar_birthday: str = ""
    website: str = ""
    address: str = ""
    characteristics: str = ""
    needs: str = ""
    habits: str = ""
    purchasing_power: str = ""
    background: str = ""
    owner_id: int | None = None
    pool_id: int | None = None
    next_contact_on: dt.date | None = None
    last_contact_on: dt.date | None = None
    registered_on: dt.date | None = None
    despite_duplicates: bool = False
    custom: Mapping[str, Any] | None = None


def usable_codes() -> Codes:
    """The option codes in use, by column."""
    return {column: {code for code, _name in choices(key)} for column, key in LISTS.items()}


def columns_of(values: Mapping[str, Any], codes: Codes, kept: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The columns for typed values of the profile, checked, with the keys made from them; RuleBroken names the field.

    `kept` holds the codes that the row has: a code out of use may stay.
    """
    columns: dict[str, Any] = {
        name: _typed(name, values[name]) if values[name] else "" for name in TEXTS if name in values
    }
    if "name" in values:
        columns |= _name_columns(values["name"], bool(values.get("is_person")))
    if "phone" in columns:
        columns["phone_key"] = _phone_key(columns["phone"])
    columns |= {name: resolved(LISTS[name], columns[name]) for name in codes if columns.get(name)}
    _check_codes(columns, codes, kept or {})
    if columns.get("email"):
        _check_email(columns["email"])
    if "lunar_birthday" in values:
        columns["lunar_birthday"] = lunar_birthday(values["lunar_birthday"] or "")
    if "yearly_demand" in values:
        columns["yearly_demand"] = _demand(values["yearly_demand"])
    for name, known in (("stage", STAGES), ("kind", KINDS), ("potential", {"", *POTENTIALS})):
        if name in values and values[name] not in known:
            raise RuleBroken(_("请从列出的选项中选择。"), field=name)
    return columns


def _typed(name: str, text: str) -> str:
    typed = text.replace("\x00", "").strip()
    if len(typed) > LONGEST[name]:
        raise RuleBroken(_("太长了,最多 %(count)s 个字。") % {"count": LONGEST[name]}, field=name)
    return typed


def lunar_birthday(typed: str) -> str:
    """A lunar birthday as people write it, as it is kept."""
    try:
        return lunar_day(typed)
    except ValueError:
        raise RuleBroken(_("请写农历的月和日,例如:八月十五、8-15。"), field="lunar_birthday") from None


def _demand(typed: Decimal | int | None) -> int | None:
    """An estimate, in whole units of money."""
    if typed is None:
        return None
    if not 1 <= typed <= MOST_DEMAND:
        raise RuleBroken(_("请填写大于 0 的金额。"), field="yearly_demand")
    return round(typed)


def _name_columns(typed: str, is_person: bool) -> dict[str, str]:
    name = " ".join(_typed("name", typed).split())
    if not name:
        raise RuleBroken(_("请填写客户名称。"), field="name")
    return {
        "name": name,
        "name_key": name_key(name),
        "sort_key": name_sort_key(name) if is_person else sort_key(name),
    }


def _phone_key(phone: str) -> str:
    if not phone:
        return ""
    if not FEWEST_DIGITS <= len(phone_digits(phone)) <= MOST_DIGITS:
        raise RuleBroken(_("电话号码不完整,至少 %(count)s 位数字。") % {"count": FEWEST_DIGITS}, field="phone")
    return phone_key(phone)


def _check_codes(columns: Mapping[str, str], codes: Codes, kept: Mapping[str, str]) -> None:
    for name, usable in codes.items():
        if (code := columns.get(name)) and code not in usable and code != kept.get(name):
            raise RuleBroken(_("请从列出的选项中选择。"), field=name)


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise RuleBroken(_("邮箱格式不对,例如 name@example.com。"), field="email") from None


def words_of(row: Customer) -> dict[str, str]:
    """What the row holds in the fields that can be edited, as the journal keeps it."""
    last = clock.day_of(row.last_contact_at) if row.last_contact_at else None
    return kept_of(row, EDITABLE) | {"last_contact_at": kept(last)}
