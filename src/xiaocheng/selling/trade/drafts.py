"""What a line of a file tells of sales, orders and money."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _


@dataclass(frozen=True, kw_only=True)
class FromFile:
    """What every line of a file tells: with whom, when, how much.

    `customer_number` is what the ERP calls the customer: it tells two of the same name apart. `seller_id`: to whom it
    is credited, where the file says it.
    """

    customer: str
    occurred_on: dt.date
    amount: Decimal
    customer_number: str = ""
    number: str = ""
    seller_id: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SaleDraft(FromFile):
    """One line of a document of sales, or of an order; a negative amount came back."""

    line: str = ""
    product: str = ""
    quantity: Decimal | None = None
    profit: Decimal | None = None
    discount: Decimal | None = None

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
        return digest((*said, self.profit))


@dataclass(frozen=True, kw_only=True)
class PaymentDraft(FromFile):
    """Money received as a file lists it, perhaps for the opportunity of a number."""

    means: str = ""
    opportunity: str = ""

    @property
    def identity(self) -> str:
        """The number of the document; without one a digest of what the line says."""
        said = (self.customer_number, self.customer, self.occurred_on, self.amount, self.means, self.opportunity)
        return self.number or digest((*said, self.note))


def digest(said: tuple[object, ...]) -> str:
    """Sixteen letters that stand for what a line says."""
    return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()[:16]


def unknown_product(name: str) -> str:
    """Why a line of an order is refused whose product nobody knows."""
    if not name:
        return _("请写明订的是哪种产品。")
    return _("没有名为「%(name)s」的产品。请先导入产品。") % {"name": name}
