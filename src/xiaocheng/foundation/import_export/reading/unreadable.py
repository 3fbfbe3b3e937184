"""Why a file cannot be read, as a code; the parent process makes the sentence."""

from __future__ import annotations


class Unreadable(Exception):
    """The file is no table that we can take in; `facts` fill the sentence."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


# A file that nobody expected to cost anything is given up after this long; a large one has more to be read.
LEAST_SECONDS, SECONDS_PER_MEGABYTE, MOST_SECONDS = 5, 1.5, 30
MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 256
MAX_CELLS = 5_000_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_SHEETS = 60


def seconds_for(size: int) -> int:
    """How much of a processor's time a file of so many bytes may take."""
    return min(LEAST_SECONDS + int(SECONDS_PER_MEGABYTE * (size >> 20)), MOST_SECONDS)
