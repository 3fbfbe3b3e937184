"""Every way to change what was sold."""

from xiaocheng.selling.trade.drafts import SaleDraft

from .history import Recorded, record_sales, undo_sales

__all__ = ["Recorded", "SaleDraft", "record_sales", "undo_sales"]
