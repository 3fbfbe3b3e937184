"""Shapes of what goes out and comes in about imports."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Schema as Answer
from pydantic import Field, StrictInt, StrictStr

from .schemas import Body, Id

Place = Annotated[int, Field(ge=0, le=10_000)]


class FieldOut(Answer):
    """One thing that a row may tell."""

    key: str
    name: str
    required: bool


class TargetOut(Answer):
    """What the rows of a file may be; by the fields `keys` rows can be recognised that are there."""

    key: str
    name: str
    fields: list[FieldOut]
    keys: list[str]


class ImportOut(Answer):
    """One table of an uploaded file on its way in; `counts` are the new, changed, same and refused rows."""

    id: int
    file_name: str
    sheet: int
    sheet_name: str
    target: str
    state: Literal["read", "checking", "checked", "running", "done", "failed", "undoing", "undone"]
    row_count: int
    counts: dict[str, int]
    created_at: dt.datetime
    finished_at: dt.datetime | None


class SheetOut(Answer):
    """A table of the file."""

    name: str
    rows: int


class OfferOut(Answer):
    """Something that a text may mean."""

    value: Any
    label: str


class TextMeaningOut(Answer):
    """A text that is not simply a name: how often it stands there, what it is taken for and what is near."""

    text: str
    count: int
    how: str
    value: Any
    label: str
    offers: list[OfferOut]


class FieldTextsOut(Answer):
    """The texts of one field that need a look; `more` is the number of those not listed."""

    field: str
    may_make: bool
    more: int
    texts: list[TextMeaningOut]


class BeforeAfter(Answer):
    """What stands in a field, and what would."""

    before: str
    after: str


class ProblemOut(Answer):
    """The same problem in many rows: how many, and the first of them."""

    column: str
    sentence: str
    count: int
    rows: list[int]


class RowOut(Answer):
    """What would become of a row (new, changed, same, refused; empty where that is not known yet), by field what it
    says, and by field what would change."""

    number: int
    fate: str
    values: dict[str, str]
    changes: dict[str, BeforeAfter]
    problems: list[str]


class RowsOut(Answer):
    """Some rows of a checked table; `after` asks for the next ones."""

    rows: list[RowOut]
    after: int | None


class ImportPageOut(ImportOut):
    """An import with how it is understood, how far it is and what is wrong; a file is deleted after some weeks."""

    is_busy: bool
    done: int
    total: int
    failure: str
    may_undo: bool
    columns: dict[str, int]
    mode: str
    key: str
    header: list[str]
    sample: list[list[str]]
    sheets: list[SheetOut]
    texts: list[FieldTextsOut]
    setup: dict[str, Any] | None
    bad_rows: int
    problems: list[ProblemOut]


class TableIn(Body):
    """Which sheet, from 0, and what its rows are."""

    sheet: Place
    target: str


class OtherTableIn(Body):
    """Which sheet, from 0."""

    sheet: Place


class ReadingIn(Body):
    """How the file is to be read instead: empty and null leave it to the guess."""

    encoding: Literal["", "utf-8", "gb18030", "big5hkscs", "utf-16", "cp1252"] = ""
    header_row: Annotated[int, Field(ge=1, le=10_000)] | None = None


class ColumnsIn(Body):
    """Field to column, from 0; `day_first` says how 3/4/2026 is meant, null leaves it to the guess.

    With `mode` update or both, rows that are there are changed, recognised by the field `key`; empty cells change
    nothing.
    """

    columns: dict[str, Place | None]
    day_first: bool | None = None
    mode: Literal["new", "update", "both"] = "new"
    key: str = ""


class TextOfFile(Body):
    """What one text means: a value offered for it, null for an empty cell, or that it is to be made."""

    field: str
    text: str
    value: StrictInt | StrictStr | None = None
    make: bool = False


class TextsIn(Body):
    """What texts mean."""

    texts: Annotated[list[TextOfFile], Field(max_length=5_000)]


class StageOfFile(Body):
    """A stage of the file: its kind in a new process, or the code of a stage of the process chosen."""

    text: str
    kind: Literal["open", "won", "lost", "after"] = "open"
    code: str = ""


class StagesIn(Body):
    """The process in use, or the name of a new one; all stages of the file; in which one a deal begins."""

    version_id: Id | None = None
    name: Annotated[str, Field(max_length=60)] = ""
    stages: list[StageOfFile]
    opened_in: str


class CheckIn(Body):
    """Whether the rows are also written and taken back, to see what would come of it."""

    dry: bool = False


class RunIn(Body):
    """Whether rows with problems are left out."""

    skip_problems: bool = False
