"""Why a file cannot be read, as a code; the parent process makes the sentence."""

from __future__ import annotations


class Unreadable(Exception):
    """The file is no table that we can take in; `facts` fill the sentence."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 256
MAX_CELLS = 5_000_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_SHEETS = 60
