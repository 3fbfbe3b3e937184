"""Addresses of the rows behind measures."""

from __future__ import annotations

from django.urls import path

from . import rows

app_name = "numbers"
urlpatterns = [
    path("numbers/lines/", rows.Lines.as_view(), name="lines"),
    path("numbers/visits/", rows.Visits.as_view(), name="visits"),
    path("numbers/customers/", rows.Customers.as_view(), name="customers"),
    path("numbers/opened/", rows.Opened.as_view(), name="opened"),
    path("numbers/closings/", rows.Closings.as_view(), name="closings"),
    path("numbers/sales/", rows.Sales.as_view(), name="sales"),
    path("numbers/receptions/", rows.Receptions.as_view(), name="receptions"),
    path("numbers/lines/export/", rows.CountedExport.as_view(screen_class=rows.Lines), name="lines_export"),
    path("numbers/visits/export/", rows.CountedExport.as_view(screen_class=rows.Visits), name="visits_export"),
    path("numbers/customers/export/", rows.CountedExport.as_view(screen_class=rows.Customers), name="customers_export"),
    path("numbers/opened/export/", rows.CountedExport.as_view(screen_class=rows.Opened), name="opened_export"),
    path("numbers/closings/export/", rows.CountedExport.as_view(screen_class=rows.Closings), name="closings_export"),
    path(
        "numbers/receptions/export/",
        rows.CountedExport.as_view(screen_class=rows.Receptions),
        name="receptions_export",
    ),
    path("numbers/orders/", rows.Orders.as_view(), name="orders"),
    path("numbers/orders/export/", rows.OrdersExport.as_view(), name="orders_export"),
    path("numbers/receipts/", rows.Receipts.as_view(), name="receipts"),
    path("numbers/receipts/export/", rows.ReceiptsExport.as_view(), name="receipts_export"),
    path("numbers/expenses/", rows.Expenses.as_view(), name="expenses"),
    path("numbers/expenses/export/", rows.ExpensesExport.as_view(), name="expenses_export"),
    path("numbers/complaints/", rows.Complaints.as_view(), name="complaints"),
    path("numbers/complaints/export/", rows.ComplaintsExport.as_view(), name="complaints_export"),
    path("numbers/settled/", rows.Settled.as_view(), name="settled"),
    path("numbers/settled/export/", rows.ComplaintsExport.as_view(screen_class=rows.Settled), name="settled_export"),
    path("numbers/sales/export/", rows.SalesExport.as_view(), name="sales_export"),
]
