"""Saved views keep codes of option lists in what they narrow a list to: see foundation/fields/holders.py."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.holders import InRows, Merge, holds_codes
from xiaocheng.foundation.fields.queries import SavedView

# the table of each list that people may save views of: its filters are called as the fields of that table
TABLES = {
    "customers:list": "customers.customer",
    "customers:contacts": "customers.contact",
    "pipeline:list": "pipeline.opportunity",
}


def _views(merge: Merge, rows: QuerySet[SavedView]) -> Iterator[SavedView]:
    """Views that narrow a list to the value."""
    for row in rows.exclude(query=""):
        keys = merge.keys(TABLES.get(row.list_key, ""))
        said = parse_qsl(row.query, keep_blank_values=True)
        after = [(name, merge.of(value) if name in keys else value) for name, value in said]
        if after != said:
            row.query = urlencode(after)
            yield row


holds_codes(InRows("fields.SavedView", ("query",), _("列表视图"), _views))
