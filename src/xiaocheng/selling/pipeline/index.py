"""How an opportunity is found: by parts of its name and of its customer's name, and by its former number."""

from __future__ import annotations

from collections.abc import Iterable

from xiaocheng.foundation.kernel.search import name_tokens

from .models.opportunities import search_index


def index(rows: Iterable[tuple[int, str, str, str]]) -> None:
    """Store the words of opportunities: (id, name, number, customer's name)."""
    search_index.put((pk, name_tokens(f"{name} {customer} {number}")) for pk, name, number, customer in rows)
