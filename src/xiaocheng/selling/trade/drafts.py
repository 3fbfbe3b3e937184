"""A line of past sales as a file tells it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class SaleDraft:
    """One line of a document; a negative amount came back.

    `customer_number` is what the ERP calls the customer: it tells two of the same name apart. `seller_id`: who sold,
    where the file says it.
    """

    customer: str
    occurred_on: dt.date
    amount: Decimal
    customer_number: str = ""
    number: str = ""
    line: str = ""
    product: str = ""
    quantity: Decimal | None = None
    profit: Decimal | None = None
    discount: Decimal | None = None
    seller_id: int | None = None
    note: str = ""

    @property
    def document(self) -> str:
        """The number of the document; of a line without one its day."""
        return self.number or self.occurred_on.isoformat()

    @property
    def place(self) -> str:
        """The line within the document; of one without a number a digest of what it says."""
        if self.line:
            return self.line
        said = (self.customer_number, self.customer, self.occurred_on, self.product, self.quantity, self.amount)
        return hashlib.sha256("\x1f".join(map(str, (*said, self.profit))).encode()).hexdigest()[:16]
