"""Addresses of what was sold."""

from __future__ import annotations

from django.urls import path

from . import lists, orders, receipts

app_name = "trade"
urlpatterns = [
    path("sales/", lists.Sales.as_view(), name="sales"),
    path("sales/export/", lists.Export.as_view(), name="export"),
    path("orders/", orders.Orders.as_view(), name="orders"),
    path("orders/export/", orders.ExportOrders.as_view(), name="export_orders"),
    path("orders/new/", orders.NewOrder.as_view(), name="new_order"),
    path("orders/<int:pk>/", orders.OrderPage.as_view(), name="order"),
    path("orders/<int:pk>/cancel/", orders.CancelOrder.as_view(), name="cancel_order"),
    path("receipts/", receipts.Receipts.as_view(), name="receipts"),
    path("receipts/export/", receipts.ExportReceipts.as_view(), name="export_receipts"),
    path("receipts/new/", receipts.NewReceipt.as_view(), name="new_receipt"),
    path("receipts/<int:pk>/", receipts.ReceiptPage.as_view(), name="receipt"),
    path("receipts/<int:pk>/reverse/", receipts.ReverseReceipt.as_view(), name="reverse_receipt"),
]
