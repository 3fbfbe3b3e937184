"""Conditions in words: what rows must fulfil, as a person chose it, as a database asks it, and as people say it.

A module declares the fields of its rows; which fields there are and what they mean is its business, not this file's.
A rule is all of some blocks, each any of some conditions; or any of some blocks, each all of some conditions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken, Sentence
from xiaocheng.foundation.kernel.periods import Period, period

CHOICE, TEXT, NUMBER, DAY, MOMENT, YES = "choice", "text", "number", "day", "moment", "yes"
SECRET = "secret"  # noqa: S105 # a text that not everybody may read: one may ask only whether it is there
ALL, ANY = "all", "any"
MOST = 20  # conditions of one rule
FARTHEST = 3660  # days
LONGEST_TEXT = 100
DAY_LONG = dt.timedelta(days=1)
PERIODS: dict[str, Sentence] = {
    "day": _("今天"),
    "week": _("本周"),
    "month": _("本月"),
    "last_month": _("上月"),
    "quarter": _("本季度"),
    "year": _("今年"),
}

Where = Callable[[str, object], Q]


def column(path: str) -> Where:
    """Ask a column of the rows: `column("level")("in", ["A"])` is Q(level__in=["A"])."""
    return lambda lookup, value: Q(**{f"{path}__{lookup}": value})


@dataclass(frozen=True)
class Field:
    """Something about a row that conditions may ask for.

    `where` turns a lookup of Django (in, gte, lte, lt, isnull, icontains, exact) and a value into a condition.
    `phrases` says a test otherwise than usual: {"older": _("%(value)s 天没有联系")}.
    """

    key: str
    name: Sentence
    kind: str
    where: Where
    choices: Callable[[], Sequence[tuple[str, str]]] = tuple
    phrases: Mapping[str, Sentence] = field(default_factory=dict)


Fields = Mapping[str, Field]


@dataclass(frozen=True)
class Test:
    """One way to ask for a field: `words` names it in a form, `phrase` says it with its value."""

    key: str
    words: Sentence
    phrase: Sentence
    takes: str  # what its value is: choices, text, number, days, period, date, nothing


_EMPTY = Test("empty", _("未填"), _("%(field)s未填"), "nothing")
_FILLED = Test("filled", _("已填"), _("%(field)s已填"), "nothing")
_TIMES = (
    Test("older", _("超过…天"), _("%(field)s已有 %(value)s 天或从未有过"), "days"),
    Test("within", _("在最近…天内"), _("%(field)s在最近 %(value)s 天内"), "days"),
    Test("next", _("在未来…天内"), _("%(field)s在未来 %(value)s 天内"), "days"),
    Test("during", _("在本期"), _("%(field)s在%(value)s"), "period"),
    Test("since", _("不早于"), _("%(field)s不早于 %(value)s"), "date"),
    Test("before", _("早于"), _("%(field)s早于 %(value)s"), "date"),
    _EMPTY,
    _FILLED,
)
TESTS: dict[str, tuple[Test, ...]] = {
    CHOICE: (
        Test("is", _("是"), _("%(field)s是 %(value)s"), "choices"),
        Test("is_not", _("不是"), _("%(field)s不是 %(value)s"), "choices"),
        _EMPTY,
        _FILLED,
    ),
    TEXT: (
        Test("has", _("包含"), _("%(field)s包含「%(value)s」"), "text"),
        Test("has_not", _("不包含"), _("%(field)s不包含「%(value)s」"), "text"),
        _EMPTY,
        _FILLED,
    ),
    SECRET: (_EMPTY, _FILLED),
    NUMBER: (
        Test("at_least", _("不少于"), _("%(field)s不少于 %(value)s"), "number"),
        Test("at_most", _("不多于"), _("%(field)s不多于 %(value)s"), "number"),
    ),
    DAY: _TIMES,
    MOMENT: _TIMES,
    YES: (
        Test("yes", _("是"), _("是%(field)s"), "nothing"),
        Test("no", _("不是"), _("不是%(field)s"), "nothing"),
    ),
}


@dataclass(frozen=True)
class Condition:
    """A field, a test and what it is compared with: texts, as a form sends them."""

    field: str
    test: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """`match` says whether all or any of the blocks must hold; inside a block it is the other way round."""

    match: str
    blocks: tuple[tuple[Condition, ...], ...]

    @classmethod
    def stored(cls, data: Mapping[str, Any]) -> Rule:
        """As it was kept by `kept`."""
        blocks = (tuple(Condition(f, t, tuple(v)) for f, t, v in block) for block in data["blocks"])
        return cls(data["match"], tuple(blocks))

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {"match": self.match, "blocks": [[[c.field, c.test, [*c.values]] for c in b] for b in self.blocks]}


def test_of(fields: Fields, condition: Condition) -> Test | None:
    """The test that a condition names, if its field knows it."""
    known = fields.get(condition.field)
    tests = TESTS[known.kind] if known else ()
    return next((test for test in tests if test.key == condition.test), None)


def checked(rule: Rule, fields: Fields) -> Rule:
    """The rule with tidy values; RuleBroken says which condition is wrong."""
    blocks = tuple(tuple(_checked(c, fields) for c in block) for block in rule.blocks if block)
    count = sum(map(len, blocks))
    if rule.match not in {ALL, ANY} or not count:
        raise RuleBroken(_("请至少设一个条件。"))
    if count > MOST:
        raise RuleBroken(_("最多 %(count)s 个条件。") % {"count": MOST})
    return Rule(rule.match, blocks)


def _checked(condition: Condition, fields: Fields) -> Condition:
    test = test_of(fields, condition)
    if test is None:
        raise RuleBroken(_("请从列出的条件中选择。"))
    about = fields[condition.field]
    values = tuple(dict.fromkeys(value.strip() for value in condition.values if value.strip()))
    try:
        return Condition(about.key, test.key, _READ[test.takes](about, values))
    except (ValueError, InvalidOperation):
        raise RuleBroken(
            _("条件「%(field)s %(test)s」的值不对,请重新填写。") % {"field": about.name, "test": test.words}
        ) from None


def _choices(about: Field, values: tuple[str, ...]) -> tuple[str, ...]:
    """Codes; a name in the reader's language counts as its code."""
    known = dict(about.choices())
    codes = {name: code for code, name in known.items()}
    found = tuple(value if value in known else codes[value] for value in values if value in known or value in codes)
    if not found or len(found) < len(values):
        raise ValueError(values)
    return found


def _one(values: tuple[str, ...]) -> str:
    if len(values) != 1 or len(values[0]) > LONGEST_TEXT:
        raise ValueError(values)
    return values[0]


def _number(values: tuple[str, ...]) -> Decimal:
    number = Decimal(_one(values))
    if not number.is_finite() or abs(number) >= 10**14:
        raise ValueError(values)
    return number


def _days(values: tuple[str, ...]) -> int:
    days = int(_one(values))
    if not 1 <= days <= FARTHEST:
        raise ValueError(days)
    return days


def _a_period(values: tuple[str, ...]) -> str:
    if (value := _one(values)) not in PERIODS:
        raise ValueError(value)
    return value


_READ: dict[str, Callable[[Field, tuple[str, ...]], tuple[str, ...]]] = {
    "choices": _choices,
    "text": lambda about, values: (_one(values),),
    "number": lambda about, values: (format(_number(values).normalize(), "f"),),
    "days": lambda about, values: (str(_days(values)),),
    "period": lambda about, values: (_a_period(values),),
    "date": lambda about, values: (dt.date.fromisoformat(_one(values)).isoformat(),),
    "nothing": lambda about, values: (),
}


def condition_of(rule: Rule, fields: Fields, today: dt.date) -> Q:
    """The rule as a filter, with relative days counted from a day; a field that is gone lets nothing through."""
    outer, inner = (and_, or_) if rule.match == ALL else (or_, and_)
    blocks = [reduce(inner, [_asked(c, fields, today) for c in block]) for block in rule.blocks]
    return reduce(outer, blocks)


def _asked(condition: Condition, fields: Fields, today: dt.date) -> Q:
    if test_of(fields, condition) is None:
        return Q(pk__in=[])
    about = fields[condition.field]
    value = condition.values[0] if condition.values else ""
    if about.kind in {DAY, MOMENT} and condition.test not in {"empty", "filled"}:
        return _in_time(about, condition.test, value, today)
    return _ASK[condition.test](about, condition.values)


def _blank(about: Field) -> Q:
    return about.where("exact", "") if about.kind in {TEXT, CHOICE, SECRET} else about.where("isnull", True)


_ASK: dict[str, Callable[[Field, tuple[str, ...]], Q]] = {
    "is": lambda about, values: about.where("in", list(values)),
    "is_not": lambda about, values: ~about.where("in", list(values)),
    "has": lambda about, values: about.where("icontains", values[0]),
    "has_not": lambda about, values: ~about.where("icontains", values[0]),
    "empty": lambda about, values: _blank(about),
    "filled": lambda about, values: ~_blank(about),
    "at_least": lambda about, values: about.where("gte", Decimal(values[0])),
    "at_most": lambda about, values: about.where("lte", Decimal(values[0])),
    "yes": lambda about, values: about.where("in", [True]),
    "no": lambda about, values: about.where("in", [False]),
}


def _in_time(about: Field, test: str, value: str, today: dt.date) -> Q:
    """Whole days of the company: "older than 30 days" and "within 30 days" leave no day between them."""

    def at(day: dt.date) -> object:
        return clock.instant(day) if about.kind == MOMENT else day

    if test == "older":
        return about.where("lt", at(today - (int(value) - 1) * DAY_LONG)) | about.where("isnull", True)
    if test == "since":
        return about.where("gte", at(dt.date.fromisoformat(value)))
    if test == "before":
        return about.where("lt", at(dt.date.fromisoformat(value)))
    run = _run(test, value, today)
    return about.where("gte", at(run.first)) & about.where("lt", at(run.last + DAY_LONG))


def _run(test: str, value: str, today: dt.date) -> Period:
    """The days that a test names."""
    if test == "within":
        return Period(today - (int(value) - 1) * DAY_LONG, today)
    if test == "next":
        return Period(today, today + (int(value) - 1) * DAY_LONG)
    return period("month", today).before() if value == "last_month" else period(value, today)


def words_of(rule: Rule, fields: Fields) -> str:
    """The rule as people say it: "级别是 A 级 且 30 天没有联系"."""
    outer, inner = (gettext(" 且 "), gettext(" 或 ")) if rule.match == ALL else (gettext(" 或 "), gettext(" 且 "))
    said = [(inner.join(_said(c, fields) for c in block), len(block)) for block in rule.blocks]
    if len(said) == 1:
        return said[0][0]
    return outer.join(gettext("(%(words)s)") % {"words": words} if count > 1 else words for words, count in said)


def _said(condition: Condition, fields: Fields) -> str:
    test = test_of(fields, condition)
    if test is None:
        return gettext("一个已不存在或您看不到的字段")
    about = fields[condition.field]
    phrase = str(about.phrases.get(test.key, test.phrase))
    return phrase % {"field": about.name, "value": _value_words(about, test, condition.values)}


def _value_words(about: Field, test: Test, values: tuple[str, ...]) -> str:
    if test.takes == "choices":
        names = dict(about.choices())
        return gettext(" 或 ").join(names.get(value, value) for value in values)
    if test.takes == "period":
        return str(PERIODS[values[0]])
    return values[0] if values else ""
