"""Every way to change what was sold, ordered and paid."""

from xiaocheng.selling.trade.drafts import PaymentDraft, SaleDraft

from .history import Recorded, record_sales, undo_sales
from .order_files import import_orders, undo_orders
from .orders import OrderDraft, OrderLineDraft, cancel_order, place_order
from .receipt_files import import_receipts, undo_receipts
from .receipts import ReceiptDraft, enter_receipt, remind_unpaid, reverse_receipt, settle

__all__ = [
    "OrderDraft",
    "OrderLineDraft",
    "PaymentDraft",
    "ReceiptDraft",
    "Recorded",
    "SaleDraft",
    "cancel_order",
    "enter_receipt",
    "import_orders",
    "import_receipts",
    "place_order",
    "record_sales",
    "remind_unpaid",
    "reverse_receipt",
    "settle",
    "undo_orders",
    "undo_receipts",
    "undo_sales",
]
