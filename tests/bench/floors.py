"""Floors: views that do next to nothing, served by the same server, so that a page can be told from the machine."""

from __future__ import annotations

import html
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from xiaocheng.config import urls as product
from xiaocheng.config.urls import handler400, handler403, handler404, handler500
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.models import JobSlot
from xiaocheng.interface.web.shell.access import ANYONE, access

__all__ = ["handler400", "handler403", "handler404", "handler500"]


@access(ANYONE)
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but the middleware; asked with a session it also finds out who asks and what he sees."""
    return HttpResponse("")


@access(ANYONE)
def one_row(request: HttpRequest) -> HttpResponse:
    """A SELECT of one row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM customers_customer WHERE id = 1")
        return HttpResponse(html.escape(cursor.fetchone()[0]))


@access(ANYONE)
def one_insert(request: HttpRequest) -> HttpResponse:
    """An INSERT of one row, committed."""
    JobSlot.objects.create(name=f"bench {uuid4()}", slot=clock.now())
    return HttpResponse("")


@access(ANYONE)
def eighty_rows(request: HttpRequest) -> HttpResponse:
    """A list of 80 rows as plain as it can be: one SELECT, one table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, level, stage, region, phone, registered_at FROM customers_customer"
            " ORDER BY id DESC LIMIT 80"
        )
        rows = [f"<tr>{''.join(f'<td>{html.escape(str(v))}</td>' for v in row)}</tr>" for row in cursor.fetchall()]
    return HttpResponse(f"<!doctype html><table>{''.join(rows)}</table>")


urlpatterns = [
    path("bench/empty/", empty, name="bench-empty"),
    path("bench/one-row/", one_row, name="bench-one-row"),
    path("bench/one-insert/", one_insert, name="bench-one-insert"),
    path("bench/eighty-rows/", eighty_rows, name="bench-eighty-rows"),
    *product.urlpatterns,
]
