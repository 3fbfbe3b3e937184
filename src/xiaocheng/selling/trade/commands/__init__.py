"""Every way to change what was sold, ordered and paid."""

from xiaocheng.selling.trade.drafts import SaleDraft

from .history import Recorded, record_sales, undo_sales
from .orders import OrderDraft, OrderLineDraft, cancel_order, place_order
from .receipts import ReceiptDraft, enter_receipt, remind_unpaid, reverse_receipt, settle

__all__ = [
    "OrderDraft",
    "OrderLineDraft",
    "ReceiptDraft",
    "Recorded",
    "SaleDraft",
    "cancel_order",
    "enter_receipt",
    "place_order",
    "record_sales",
    "remind_unpaid",
    "reverse_receipt",
    "settle",
    "undo_sales",
]
