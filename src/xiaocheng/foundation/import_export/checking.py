"""From the cells of a table to rows that a target can take in, or problems that a person can mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor

from . import cells
from .kinds import CellRefused, Column, Named, Text
from .mending import is_own
from .reading.reader import Sheet
from .reading.workbook import Cell
from .targets import SET, Field, Target, never

Values = Mapping[str, Mapping[str, Any]]  # field key -> what a text means, None for "leave empty"


@dataclass(frozen=True)
class Problem:
    """What is wrong in one row, and with which field."""

    row: int
    field: str
    sentence: str


@dataclass
class Checked:
    """A set of rows: the good ones with their numbers, and the problems of the others; `read` counts both."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0


class Checker:
    """Reads one table for one target: columns, meanings of values and options as the person confirmed them."""

    def __init__(
        self,
        actor: Actor,
        target: Target,
        sheet: Sheet,
        columns: Mapping[str, int],
        values: Values,
        options: Mapping[str, Any],
    ) -> None:
        self.actor = actor
        self.target = target
        self.sheet = sheet
        self.fields = [
            (item, columns[item.key], item.kind.column(dict(options))) for item in target.fields if item.key in columns
        ]
        self.options = options
        self.key = target.key_of(options)
        kept = target.field(target.rest) if self.key is None else None  # what is there is not to be written over
        self.rest = [
            (at, name)
            for at, name in enumerate(sheet.header)
            if name and at not in columns.values() and kept and not is_own(name)
        ]
        self.rest_longest = kept.kind.longest if kept and isinstance(kept.kind, Text) else 0
        self.prepare(values, options)
        self.group = columns.get(target.together)  # the column of what belongs together
        self.scattered: set[str] = set()
        self.seen: dict[Hashable, int] = {}
        self.single = [item for item, _at, _column in self.fields if item.single is not never]
        self.told: dict[tuple[str, Hashable], tuple[int, Hashable]] = {}  # field and value -> first row, and whose

    def prepare(self, values: Values, options: Mapping[str, Any]) -> None:
        """Take over what values mean and what the import needs, as they are in this transaction."""
        self.options = options
        self.lookups = {
            item.key: _Lookup(self.actor, item.kind, values.get(item.key, {}))
            for item, _at, _column in self.fields
            if isinstance(item.kind, Named)
        }

    def look(self) -> None:
        """Let every column that decides by the whole take notice of all its cells."""
        looking = [(at, column) for _item, at, column in self.fields if type(column).look is not Column.look]
        for _number, row in self.sheet.rows() if looking else ():
            for at, column in looking:
                cell = row[at]
                if cell is not None:
                    column.look(cell)
        self._look_for_scattered()

    def _look_for_scattered(self) -> None:
        """Note what belongs together and does not stand together: a part of it would come in by itself."""
        ended: set[str] = set()
        last = ""
        for _number, row in self.sheet.rows() if self.group is not None else ():
            text = self._group_of(row)
            if text and text != last and text in ended:
                self.scattered.add(text)
            ended.add(last)
            last = text

    def _group_of(self, row: list[Cell]) -> str:
        return "" if self.group is None else cells.text(row[self.group])

    def notes(self) -> list[str]:
        """How the columns were read, where that was a decision."""
        return [f"{item.name}: {note}" for item, _at, column in self.fields for note in column.notes()]

    def batches(self, start: int = 0) -> Iterator[list[tuple[int, list[Cell]]]]:
        """The table from a row index on, in sets of 2,000 rows and of what belongs together with the last."""
        rows = islice(self.sheet.rows(), start, None)
        after: list[tuple[int, list[Cell]]] = []
        while batch := after + list(islice(rows, SET - len(after))):
            after = []
            last = self._group_of(batch[-1][1])
            for item in rows if last else ():
                if self._group_of(item[1]) != last:
                    after = [item]
                    break
                batch.append(item)
            yield batch

    def plain_rows(self) -> list[dict[str, Any]]:
        """All rows as far as their cells can be read, names not looked up: to look at a table as a whole."""
        ignored: list[Problem] = []
        read = (self._read(number, row, ignored) for number, row in self.sheet.rows())
        return [values for values in read if values is not None]

    def shown(self, row: list[Cell], labels: Mapping[str, Mapping[str, str]]) -> list[str]:
        """The cells of a row as they are read, field by field; a cell that cannot be read stands as it is.

        `labels` names what a text means where it is not what it says.
        """
        words = []
        for item, at, column in self.fields:
            try:
                value = column.read(row[at])
            except CellRefused:
                value = cells.text(row[at])
            said = f"{value.normalize():f}" if isinstance(value, Decimal) else "" if value is None else str(value)
            words.append(labels.get(item.key, {}).get(said, said))
        return words

    def check(self, batch: list[tuple[int, list[Cell]]]) -> Checked:
        """One set of rows: cells, meanings, rows that repeat others, then what the target says."""
        found = self.understand(batch)
        self._refuse_repeated(found)
        self._refuse_same_values(found)
        self._ask_target(found)
        self._refuse_companions(found, batch)
        return found

    def _refuse_companions(self, found: Checked, batch: list[tuple[int, list[Cell]]]) -> None:
        """Rows that belong together with a refused one, or that do not stand together."""
        groups = {number: self._group_of(row) for number, row in batch} if self.group is not None else {}
        broken = {groups[problem.row]: problem.row for problem in found.problems if groups.get(problem.row)}
        good = []
        for number, values in found.rows:
            group = groups.get(number, "")
            if group in self.scattered:
                sentence = _("「%(group)s」的各行没有排在一起。请按它排序后重新上传。") % {"group": group}
            elif group in broken:
                sentence = _("与第 %(row)d 行同属「%(group)s」,那一行有问题。") % {"row": broken[group], "group": group}
            else:
                good.append((number, values))
                continue
            found.problems.append(Problem(number, self.target.together, sentence))
        found.rows = good

    def understand(self, batch: list[tuple[int, list[Cell]]]) -> Checked:
        """One set of rows, cells read and names looked up; enough for rows that were checked before."""
        found = Checked(read=len(batch))
        for number, row in batch:
            values = self._read(number, row, found.problems)
            if values is not None:
                found.rows.append((number, values))
        for item, _at, _column in self.fields:
            if item.key in self.lookups:
                self._look_up(item, found)
        return found

    def _read(self, number: int, row: list[Cell], problems: list[Problem]) -> dict[str, Any] | None:
        before = len(problems)
        if number in self.sheet.uneven:
            problems.append(Problem(number, "", self._uneven(number)))
            return None
        values: dict[str, Any] = {}
        for item, at, column in self.fields:
            try:
                values[item.key] = self._value(number, item, column, row[at])
            except CellRefused as refused:
                problems.append(Problem(number, item.key, refused.sentence))
        if self.rest:
            values[self.target.rest] = self._with_rest(values.get(self.target.rest), row)
        return values if len(problems) == before else None

    def _value(self, number: int, item: Field, column: Column, cell: Cell) -> Any:
        if self.sheet.garbled_rows and isinstance(cell, str) and "\ufffd" in cell and number in self.sheet.garbled_rows:
            raise CellRefused(_("有无法识别的文字。请在原文件中改正后重新上传。"))
        value = column.read(cell)
        if value is None and self.target.is_required(item, self.options):
            raise CellRefused(_("不能为空。请填写%(name)s。") % {"name": item.name})
        return value

    def _with_rest(self, said: str | None, row: list[Cell]) -> str | None:
        """What a row says in columns that are no field, line by line below what the field itself says."""
        lines = [f"{heading}: {words}" for at, heading in self.rest if (words := cells.text(row[at]))]
        return "\n".join([*([said] if said else []), *lines])[: self.rest_longest] or None

    def _uneven(self, number: int) -> str:
        count, width = self.sheet.uneven[number], len([name for name in self.sheet.header if name])
        if count > width:
            return _("这一行有 %(count)d 格,表头只有 %(width)d 格。请检查是否有分隔符没有放在引号内。") % {
                "count": count,
                "width": width,
            }
        return _("这一行只有 %(count)d 格,表头有 %(width)d 格。请检查这一行是否被截断。") % {
            "count": count,
            "width": width,
        }

    def _look_up(self, item: Field, found: Checked) -> None:
        """Give the texts of a column their meaning, all at once."""
        lookup = self.lookups[item.key]
        lookup.load({values[item.key] for _number, values in found.rows if values[item.key] is not None})
        good = []
        for number, values in found.rows:
            try:
                values[item.key] = lookup.meaning(values[item.key])
                if values[item.key] is None and self.target.is_required(item, self.options):
                    raise CellRefused(_("不能为空。请填写%(name)s。") % {"name": item.name})
                good.append((number, values))
            except CellRefused as refused:
                found.problems.append(Problem(number, item.key, refused.sentence))
        found.rows = good

    def _refuse_repeated(self, found: Checked) -> None:
        """Rows that are the same as an earlier row of the table."""
        good = []
        for number, values in found.rows:
            identity = self._identity(defaultdict(lambda: None, values))
            first = number if identity is None else self.seen.setdefault(identity, number)
            if first == number or (self.target.may_repeat is not None and self.target.may_repeat(values)):
                good.append((number, values))
            else:
                sentence = _("与第 %(row)d 行重复。请删去其中一行。") % {"row": first}
                found.problems.append(Problem(number, "", sentence))
        found.rows = good

    def _refuse_same_values(self, found: Checked) -> None:
        """Rows that tell what another row of the table tells already, in a field where no two may hold the same."""
        good = []
        for number, values in found.rows:
            identity = self._identity(defaultdict(lambda: None, values))
            told = [(item, item.single(values[item.key])) for item in self.single]
            firsts = [
                (item, *self.told.setdefault((item.key, value), (number, identity)))
                for item, value in told
                if value is not None
            ]
            again = next(((item, row) for item, row, whose in firsts if whose != identity), None)
            if again is None:
                good.append((number, values))
            else:
                sentence = _("「%(field)s」不能重复,与第 %(row)d 行相同。") % {"field": again[0].name, "row": again[1]}
                found.problems.append(Problem(number, again[0].key, sentence))
        found.rows = good

    def _identity(self, row: Mapping[str, Any]) -> Hashable:
        """What makes a row the same as another of its file: the key that it is recognised by, or its target's."""
        found = self.key.of(row) if self.key is not None else None
        return (self.key.field, found) if self.key is not None and found else self.target.identity(row)

    def _ask_target(self, found: Checked) -> None:
        if self.target.check is None or not found.rows:
            return
        verdicts = self.target.check(self.actor, [values for _number, values in found.rows], self.options)
        good = []
        for (number, values), refusal in zip(found.rows, verdicts, strict=True):
            if refusal is None:
                good.append((number, values))
            else:
                found.problems.append(Problem(number, refusal.field or "", str(refusal)))
        found.rows = good


class _Lookup:
    """What the texts of one column mean; looked up once each."""

    def __init__(self, actor: Actor, kind: Named, chosen: Mapping[str, Any]) -> None:
        self.actor = actor
        self.kind = kind
        self.known: dict[str, list[tuple[Any, str]]] = {
            text: [] if value is None else [(value, text)] for text, value in chosen.items()
        }
        self.left_empty = {text for text, value in chosen.items() if value is None}

    def load(self, texts: set[str]) -> None:
        """Look up those of the texts that are new."""
        unknown = sorted(texts - self.known.keys())
        if unknown:
            found = self.kind.find(self.actor, unknown)
            self.known.update({text: found.get(text, []) for text in unknown})

    def meaning(self, text: str | None) -> Any:
        """The value that a text means; CellRefused when there is none, or several."""
        if text is None or text in self.left_empty:
            return None
        found = self.known[text]
        if len(found) == 1:
            return found[0][0]
        if not found:
            raise CellRefused(self.kind.missing() % {"cell": text})
        raise CellRefused(
            _("「%(cell)s」有 %(count)d 个同名的,无法确定是哪一个。") % {"cell": text, "count": len(found)}
        )


def distinct_texts(sheet: Sheet, columns: Collection[int], most: int) -> dict[int, dict[str, int]]:
    """By column its different texts with how often they stand there, the most frequent first, at most so many."""
    counts: dict[int, dict[str, int]] = {at: {} for at in columns}
    for _number, row in sheet.rows():
        for at, known in counts.items():
            text = cells.text(row[at])
            if text and (text in known or len(known) < most):
                known[text] = known.get(text, 0) + 1
    return {at: dict(sorted(known.items(), key=lambda item: -item[1])) for at, known in counts.items()}
