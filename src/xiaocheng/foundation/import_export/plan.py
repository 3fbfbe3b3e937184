"""What the check says would become of each row: kept in a file beside the upload, for the preview."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from .models import ImportJob
from .targets import Done


@dataclass(frozen=True)
class Planned:
    """What would become of a row, and what would change in it: by field, before and after."""

    number: int
    fate: str
    changes: Mapping[str, Sequence[Any]] = field(default_factory=dict)


class Plan:
    """The fates of the rows of a job, a line of JSON each, those of a set in the order of the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.out: TextIO | None = None
        self.waiting: dict[int, tuple[str, Mapping[str, Sequence[Any]]]] = {}

    @classmethod
    def of(cls, job: ImportJob) -> Plan:
        """The plan of a job; several jobs share the folder of an upload."""
        return cls(job.path / f"plan-{job.pk}.jsonl")

    @contextmanager
    def opened(self) -> Iterator[Plan]:
        """Begin it anew, to be written."""
        with self.path.open("w", encoding="utf-8") as self.out:
            yield self

    def note(self, numbers: Sequence[int], outcomes: Sequence[Done]) -> None:
        """What would become of rows."""
        self.waiting |= {number: (done.fate, done.changes) for number, done in zip(numbers, outcomes, strict=True)}

    def note_refused(self, numbers: Collection[int]) -> None:
        """Rows with problems; this ends a set, whose rows are written."""
        self.waiting |= {number: ("refused", {}) for number in numbers}
        if self.out is not None:
            self.out.writelines(
                json.dumps([number, *said], ensure_ascii=False) + "\n" for number, said in sorted(self.waiting.items())
            )
        self.waiting = {}

    def rows(self, only: str = "", after: int = 0) -> Iterator[Planned]:
        """The rows after a number, if so wanted those of one fate."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                found = Planned(*json.loads(line))
                if found.number > after and (not only or found.fate == only):
                    yield found
