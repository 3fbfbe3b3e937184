"""Every way to change what was sold and what was paid."""

from xiaocheng.selling.trade.drafts import SaleDraft

from .history import Recorded, record_sales, undo_sales
from .receipts import ReceiptDraft, enter_receipt, remind_unpaid, reverse_receipt, settle

__all__ = [
    "ReceiptDraft",
    "Recorded",
    "SaleDraft",
    "enter_receipt",
    "record_sales",
    "remind_unpaid",
    "reverse_receipt",
    "settle",
    "undo_sales",
]
