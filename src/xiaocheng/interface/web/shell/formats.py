"""Numbers, amounts, days and moments as people of each language read them; used by templates, columns and charts."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.journal import TimelineItem
from xiaocheng.foundation.kernel.lunar import lunar_words, next_of
from xiaocheng.foundation.kernel.money import MoneyRules
from xiaocheng.foundation.kernel.rules import rules

Number = Decimal | int | float
NOTHING = "–"
UNSAFE = re.compile("[&<>\"']")
WAN, YI = Decimal(10_000), Decimal(100_000_000)


def escaped(text: object) -> SafeString:
    """The text for HTML; what is safe already stays as it is."""
    if isinstance(text, SafeString):
        return text
    words = str(text)
    return SafeString(html.escape(words) if UNSAFE.search(words) else words)


def money(amount: Number | None) -> str:
    """An amount in short, as people say it: 8,600 元, 12.5 万元, 1.2 亿元; in English ¥125K, ¥1.25M."""
    return NOTHING if amount is None else _in_short(amount, currency_sign(), get_language())


@lru_cache(maxsize=4096)
def _in_short(amount: Number, sign: str, language: str | None) -> str:
    """The amount in the language that is on, which is named only to tell what is kept apart."""
    value = Decimal(str(amount))
    if in_english():
        return f"{_sign(value)}{sign}{_short_english(abs(value))}"
    return f"{_short_chinese(value)}{_('元')}"


def exact_money(amount: Number | None) -> str:
    """An amount as a document prints it: 12,345.00."""
    return NOTHING if amount is None else f"{Decimal(str(amount)):,.2f}"


def number(value: Number | None, digits: int = 0) -> str:
    """A number with thousands separated; decimals only as many as asked."""
    return NOTHING if value is None else f"{_rounded(value, digits):,}"


def quantity(value: Decimal | None) -> str:
    """A quantity with the decimals that it has: 1,200 or 0.5."""
    return NOTHING if value is None else f"{value.normalize():,f}"


def count(value: Number | None) -> str:
    """How many: whole, or with up to two decimals where only parts of something count."""
    return NOTHING if value is None else quantity(Decimal(_rounded(Decimal(str(value)), 2)))


def percent(ratio: Number | None, digits: int = 1) -> str:
    """A ratio as a percentage: 0.6315 is 63.2%."""
    return NOTHING if ratio is None else f"{_rounded(Decimal(str(ratio)) * 100, digits)}%"


def signed(value: Number | None, digits: int = 1) -> str:
    """A difference with its sign: +3.2, -10.2."""
    if value is None:
        return NOTHING
    shown = _rounded(value, digits)
    return f"{'+' if shown > 0 else ''}{shown:,}"


def day(value: dt.date | None) -> str:
    """A day, the year only when it is another year: 11-22, 2025-11-22."""
    if value is None:
        return NOTHING
    return value.strftime("%m-%d") if value.year == clock.today().year else value.isoformat()


def weekday(value: dt.date) -> str:
    """A day with its weekday, as a heading: 11月22日 周日; in English Sun, November 22."""
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    date, name = formats.date_format(value, _("n月j日")), names[value.weekday()]
    return f"{name}, {date}" if in_english() else f"{date} {name}"


def moment(value: dt.datetime | None) -> str:
    """An instant in the company's zone: 11-22 09:05."""
    if value is None:
        return NOTHING
    local = value.astimezone(timezone.get_current_timezone())
    return f"{day(local.date())} {local:%H:%M}"


def lunar_birthday(kept: str) -> str:
    """A birthday by the lunar calendar, kept as "08-15", with the date on which it comes next."""
    comes, words = next_of(kept, clock.today()), lunar_words(kept)
    return _("%(lunar)s(下次:%(date)s)") % {"lunar": words, "date": day(comes)} if comes else words


def relative_day(value: dt.date | dt.datetime | None) -> str:
    """A day as seen from today: 今天, 昨天, 3 天前, 后天; beyond two weeks the day itself."""
    if value is None:
        return NOTHING
    that = clock.day_of(value) if isinstance(value, dt.datetime) else value
    return _as_seen_from(clock.today(), that, get_language())


@lru_cache(maxsize=4096)
def _as_seen_from(today: dt.date, that: dt.date, language: str | None) -> str:
    """The words for a day in the language that is on, which is named only to tell what is kept apart."""
    away = (that - today).days
    words = {0: _("今天"), -1: _("昨天"), 1: _("明天"), -2: _("前天"), 2: _("后天")}
    if away in words:
        return words[away]
    if abs(away) > 14:
        return day(that)
    if away < 0:
        return ngettext("%d 天前", "%d 天前", -away) % -away
    return ngettext("%d 天后", "%d 天后", away) % away


def sentences(*said: Sentence) -> str:
    """Sentences one after the other: with a space between them where the language has one."""
    return (" " if in_english() else "").join(str(sentence) for sentence in said)


def currency_sign() -> str:
    """The sign of the company's currency: ¥."""
    return {"CNY": "¥", "TWD": "NT$", "HKD": "HK$", "USD": "$"}.get(rules(MoneyRules, dt.date.max).currency, "")


def in_english() -> bool:
    """True when the page is in English."""
    return (get_language() or "").startswith("en")


def _sign(value: Decimal) -> str:
    return "-" if value < 0 else ""


def _short_english(value: Decimal) -> str:
    for size, letter in ((Decimal(1_000_000_000), "B"), (Decimal(1_000_000), "M")):
        if value >= size:
            return f"{_trimmed(value / size)}{letter}"
    return f"{_rounded(value, 0):,}"


def _short_chinese(value: Decimal) -> str:
    if abs(value) >= YI:
        return f"{_trimmed(value / YI)} {_('亿')}"
    if abs(value) >= WAN:
        return f"{_trimmed(value / WAN)} {_('万')}"
    return f"{_trimmed(value)} "


def _trimmed(value: Decimal) -> str:
    return f"{_rounded(value, 2):,}".rstrip("0").rstrip(".")


def _rounded(value: Number, digits: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def doer(item: TimelineItem, names: Mapping[int, str]) -> str:
    """Who did what a journal entry tells, and for whom he stood in."""
    name = names.get(item.person_id or 0, _("系统"))
    if item.on_behalf_of_id is None:
        return name
    return _("%(name)s(代 %(other)s)") % {"name": name, "other": names.get(item.on_behalf_of_id, "")}
