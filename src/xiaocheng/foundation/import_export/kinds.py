"""What a column may hold, and how its cells become values: every kind reads the whole column before it decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.commands import add_option
from xiaocheng.foundation.fields.queries import choices as option_choices
from xiaocheng.foundation.fields.queries import former_names
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import people

from . import cells
from .cells import key_of as key_of  # modules that declare targets compare names by it
from .reading.workbook import Cell

Found = dict[str, list[tuple[Any, str]]]


class CellRefused(Exception):
    """A cell that its column cannot hold, with the sentence for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Column:
    """One column of one import: looks at all its cells first, then reads each."""

    def look(self, cell: Cell) -> None:
        """Take notice of a cell, before any is read."""

    def read(self, cell: Cell) -> Any:
        """The value of a cell, None for an empty one; CellRefused if it cannot be one."""
        raise NotImplementedError

    def notes(self) -> list[str]:
        """What the person should know about how this column was read."""
        return []


class Kind:
    """What a field holds; `column` begins the reading of one column."""

    def column(self, options: dict[str, Any]) -> Column:
        """A reader for one column."""
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Kind):
    """Words, on one line or several."""

    longest: int = 200
    lines: bool = False

    def column(self, options: dict[str, Any]) -> Column:
        """A reader that trims, narrows and measures."""
        return _TextColumn(self)


@dataclass
class _TextColumn(Column):
    kind: Text

    def read(self, cell: Cell) -> str | None:
        value = cells.long_text(cell) if self.kind.lines else cells.text(cell)
        if len(value) > self.kind.longest:
            raise CellRefused(
                _("有 %(length)d 个字,最多 %(longest)d 个。请缩短。")
                % {"length": len(value), "longest": self.kind.longest}
            )
        return value or None


@dataclass(frozen=True)
class Number(Kind):
    """A number or an amount; `places` are kept."""

    places: int = 4
    whole: bool = False
    negative: bool = False

    def column(self, options: dict[str, Any]) -> Column:
        """A reader that finds out whether the column writes 1,5 or 1.5."""
        return _NumberColumn(self)


class _NumberColumn(Column):
    def __init__(self, kind: Number) -> None:
        self.kind = kind
        self.seen: set[bool] = set()

    def look(self, cell: Cell) -> None:
        tells = cells.has_decimal_comma(cell)
        if tells is not None:
            self.seen.add(tells)

    def read(self, cell: Cell) -> Decimal | int | None:
        try:
            value = cells.number(cell, self.seen == {True})
        except cells.Unclear:
            raise CellRefused(_("「%(cell)s」不是数字。请改为如 1234.50 的数字。") % {"cell": _short(cell)}) from None
        if value is None:
            return None
        if value < 0 and not self.kind.negative:
            raise CellRefused(_("「%(cell)s」是负数,这里不能小于 0。") % {"cell": _short(cell)})
        if self.kind.whole:
            if value != value.to_integral_value():
                raise CellRefused(_("「%(cell)s」不是整数。") % {"cell": _short(cell)})
            return int(value)
        return value.quantize(Decimal(1).scaleb(-self.kind.places), rounding=ROUND_HALF_UP)

    def notes(self) -> list[str]:
        return [_("逗号按小数点读取(1,5 即 1.5)。")] if self.seen == {True} else []


@dataclass(frozen=True)
class Date(Kind):
    """A day."""

    def column(self, options: dict[str, Any]) -> Column:
        """A reader that finds out whether the column writes day or month first."""
        return _DateColumn(options.get("day_first"))


class _DateColumn(Column):
    def __init__(self, chosen: bool | None) -> None:
        self.chosen = chosen
        self.seen: set[bool] = set()
        self.unclear = 0

    def look(self, cell: Cell) -> None:
        tells = cells.is_day_first(cell)
        if tells is not None:
            self.seen.add(tells)

    def read(self, cell: Cell) -> dt.date | None:
        try:
            return cells.day(cell, self._day_first())
        except cells.Unclear as why:
            if why.args == ("order",):
                self.unclear += 1
                sentence = _(
                    "「%(cell)s」可以是两个日期(月/日 或 日/月)。请选择本文件的日期写法,或改为 2026-01-31 的格式。"
                )
            else:
                sentence = _("「%(cell)s」不是日期。请改为 2026-01-31 的格式。")
            raise CellRefused(sentence % {"cell": _short(cell)}) from None

    def _day_first(self) -> bool | None:
        if self.chosen is not None:
            return self.chosen
        return next(iter(self.seen)) if len(self.seen) == 1 else None

    def notes(self) -> list[str]:
        if self.seen and self._day_first() is not None:
            return [_("按 日/月/年 读取。") if self._day_first() else _("按 月/日/年 读取。")]
        return []


YES = {"是", "y", "yes", "true", "1", "有", "√", "✓", "对"}
NO = {"否", "n", "no", "false", "0", "无", "無", "×", "x", "不"}


@dataclass(frozen=True)
class YesNo(Kind):
    """Yes or no."""

    def column(self, options: dict[str, Any]) -> Column:
        """A reader of 是/否, yes/no, 1/0."""
        return _YesNoColumn()


class _YesNoColumn(Column):
    def read(self, cell: Cell) -> bool | None:
        word = cells.text(cell).casefold()
        if not word:
            return None
        if word in YES or word in NO:
            return word in YES
        raise CellRefused(_("「%(cell)s」应为 是 或 否。") % {"cell": _short(cell)})


@dataclass(frozen=True)
class Named(Kind):
    """Something that has a name: an option of a list, or a row of another table (person, customer, product).

    `find` looks names up, set by set: to each the (value, label) that it may mean. `candidates` lists all of them where
    they are few, so that a slip of the pen can be guessed. `make` adds a missing one and returns its value. `names`
    says what values are called that are not among the candidates. `list_key` is the option list that the values are of.
    """

    find: Callable[[Actor, Sequence[str]], Found]
    candidates: Callable[[Actor], list[tuple[Any, str]]] | None = None
    make: Callable[[Actor, str], Any] | None = None
    missing: Callable[[], str] = lambda: _("没有「%(cell)s」。请先建立它,或在「对应取值」中为它选择一个。")
    names: Callable[[Actor, Sequence[Any]], Mapping[Any, str]] | None = None
    list_key: str = ""

    def column(self, options: dict[str, Any]) -> Column:
        """A reader of the bare text; the checking looks the names up set by set."""
        return _TextColumn(Text(longest=300))


def listed(
    choices: Callable[[], list[tuple[Any, str]]],
    make: Callable[[Actor, str], Any] | None = None,
    former: Callable[[], list[tuple[Any, str]]] = list,
    list_key: str = "",
) -> Named:
    """One of a list of values, known by value or label, width, case, blanks and punctuation aside.

    `former` gives by what else a value is known: what was merged into it.
    """

    def find(actor: Actor, texts: Sequence[str]) -> Found:
        known: dict[str, tuple[Any, str]] = {}
        # A file may be in another language than its reader, whose own wins where two say the same.
        for language in (*dict(settings.LANGUAGES), translation.get_language()):
            with translation.override(language):
                labels = dict(choices())
                known = {key_of(word): (value, labels[value]) for value, word in former() if value in labels} | known
                for value, label in labels.items():
                    known[key_of(str(value))] = known[key_of(str(label))] = (value, str(label))
        return {text: [known[key_of(text)]] for text in texts if key_of(text) in known}

    def candidates(actor: Actor) -> list[tuple[Any, str]]:
        found = choices()
        return [*found, *((value, str(value)) for value, label in found if key_of(label) != key_of(str(value)))]

    return Named(find, candidates, make, list_key=list_key)


def option_of(list_key: str) -> Named:
    """An option of a company's list, also known by what was merged into it; one that is missing can be added."""

    def make(actor: Actor, name: str) -> str:
        known = [*option_choices(list_key), *former_names(list_key)]
        found = next((code for code, label in known if label == name), None)
        return found or add_option(actor, list_key, name).code

    return listed(lambda: list(option_choices(list_key)), make, lambda: former_names(list_key), list_key)


def _find_people(actor: Actor, texts: Sequence[str]) -> Found:
    known: Found = {}
    for pk, name, username in people(actor).values_list("pk", "name", "username"):
        for word in {key_of(name), key_of(username)}:
            known.setdefault(word, []).append((pk, name))
    return {text: known[key_of(text)] for text in texts if key_of(text) in known}


PERSON = Named(
    find=_find_people,
    candidates=lambda actor: list(people(actor).values_list("pk", "name")[:2000]),
    missing=lambda: _("没有名为「%(cell)s」的在职人员。请先导入人员,或在「对应取值」中选择一位。"),
)


def reads_as(kept: Any, said: Any) -> bool:
    """True for a text that, written into a file and read again, would be what was said: width and blanks aside."""
    return isinstance(kept, str) and said in {cells.text(kept), cells.long_text(kept)}


def _short(cell: Cell) -> str:
    shown = cells.text(cell)
    return shown if len(shown) <= 40 else shown[:39] + "…"
