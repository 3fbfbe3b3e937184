"""What became of each row of a set."""

from __future__ import annotations

from dataclasses import dataclass

from xiaocheng.foundation.kernel.errors import Refusal


@dataclass(frozen=True)
class Outcome:
    """The row that it became, or why it was refused; `existing_id` is the customer that a visible duplicate is of."""

    row_id: int | None = None
    refusal: Refusal | None = None
    existing_id: int | None = None
