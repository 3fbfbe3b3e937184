"""What a company's own field may hold, and how it is kept: JSON that both databases compare and sort alike.

Numbers are kept as whole ten-thousandths (a whole number as it is), a day as ISO text, yes and no as 1 and 0, an option
as its code. A field without a value has no key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.errors import RuleBroken

from .tables import DATE, DECIMAL, EMAIL, LONG_TEXT, MONEY, ONE, PHONE, SEVERAL, TEXT, URL, WHOLE, YES_NO

EMPTY: tuple[Any, ...] = (None, "", [], ())
LONGEST = {TEXT: 200, LONG_TEXT: 4000, PHONE: 40, EMAIL: 254, URL: 300}
SCALE = 10_000
MOST = 10**14  # below it, in ten-thousandths, every whole number of 64 bits
NUMBERS = {WHOLE, DECIMAL, MONEY, YES_NO}  # what is kept as a whole number
_web = URLValidator(schemes=["http", "https"])


def stored(kind: str, value: Any, codes: Iterable[str] = ()) -> Any:
    """A typed value as it is kept, None for an empty one; ValueError carries the sentence for the person."""
    if isinstance(value, str):
        value = value.replace("\x00", "").strip()
    return None if value in EMPTY else _MAKERS[kind](value, codes) if kind in _MAKERS else _text(kind, value)


def typed(kind: str, kept: Any) -> Any:
    """A kept value as Python has it: a Decimal, a day, a truth value, a list of codes; None for no value."""
    if kept is None:
        return None
    if kind in {DECIMAL, MONEY}:
        return Decimal(kept) / SCALE
    if kind == DATE:
        return dt.date.fromisoformat(kept)
    return bool(kept) if kind == YES_NO else kept


def _text(kind: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_("应为文字。"))
    text = value if kind == LONG_TEXT else " ".join(value.split())
    if len(text) > LONGEST[kind]:
        raise ValueError(_("太长了,最多 %(count)s 个字。") % {"count": LONGEST[kind]})
    return text


def _phone(value: Any, _codes: Iterable[str]) -> str:
    text = _text(PHONE, value)
    if sum(c.isdigit() for c in text) < 5:
        raise ValueError(_("电话号码不完整,至少 %(count)s 位数字。") % {"count": 5})
    return text


def _email(value: Any, _codes: Iterable[str]) -> str:
    text = _text(EMAIL, value)
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(_("邮箱格式不对,例如 name@example.com。")) from None
    return text


def _url(value: Any, _codes: Iterable[str]) -> str:
    """A web address; nothing but http and https, as the page makes a link of it."""
    text = _text(URL, value)
    text = text if "://" in text else f"https://{text}"
    try:
        _web(text)
    except ValidationError:
        raise ValueError(_("网址格式不对,例如 https://www.example.com。")) from None
    return text


def _number(value: Any) -> Decimal:
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value).replace(",", ""))
        if isinstance(value, bool) or not found.is_finite() or abs(found) >= MOST:
            raise InvalidOperation
    except InvalidOperation:
        raise ValueError(_("「%(value)s」不是数字,或者太大。") % {"value": str(value)[:40]}) from None
    return found


def _whole(value: Any, _codes: Iterable[str]) -> int:
    found = _number(value)
    if found != found.to_integral_value():
        raise ValueError(_("应为整数。"))
    return int(found)


def _decimal(value: Any, _codes: Iterable[str]) -> int:
    scaled = _number(value) * SCALE
    if scaled != scaled.to_integral_value():
        raise ValueError(_("最多四位小数。"))
    return int(scaled)


def _day(value: Any, _codes: Iterable[str]) -> str:
    try:
        found = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(_("日期应写成 2026-01-31。")) from None
    return f"{found:%Y-%m-%d}" if found.year >= 1000 else f"{found.year:04d}-{found:%m-%d}"


def _yes_no(value: Any, _codes: Iterable[str]) -> int:
    if value not in {True, False, "true", "false", "1", "0"}:
        raise ValueError(_("应为 是 或 否。"))
    return int(value in {True, "true", "1"})


def _one(value: Any, codes: Iterable[str]) -> str:
    if value not in set(codes):
        raise ValueError(_("请从列出的选项中选择。"))
    return str(value)


def _several(value: Any, codes: Iterable[str]) -> list[str]:
    chosen = {value} if isinstance(value, str) else {*value} if isinstance(value, (list, tuple, set)) else {None}
    ordered = [code for code in codes if code in chosen]
    if len(ordered) < len(chosen):
        raise ValueError(_("请从列出的选项中选择。"))
    return ordered


_MAKERS: dict[str, Callable[[Any, Iterable[str]], Any]] = {
    PHONE: _phone,
    EMAIL: _email,
    URL: _url,
    WHOLE: _whole,
    DECIMAL: _decimal,
    MONEY: _decimal,
    DATE: _day,
    YES_NO: _yes_no,
    ONE: _one,
    SEVERAL: _several,
}


def refused(key: str, name: str, why: ValueError) -> RuleBroken:
    """The refusal of a value, by the name of its field."""
    return RuleBroken(f"{name}:{why}", field=key)
