"""How an opportunity is found: by parts of its name and of its customer's name, and by its former number."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.search import keeps, name_tokens

from .models.opportunities import Opportunity, search_index


def index(rows: Iterable[tuple[int, str, str, str]]) -> None:
    """Store the words of opportunities: (id, name, number, customer's name)."""
    search_index.put((pk, name_tokens(f"{name} {customer} {number}")) for pk, name, number, customer in rows)


@keeps(search_index, Opportunity)
def index_again(ids: Collection[int]) -> None:
    """Store the words of some opportunities again."""
    rows = Opportunity.objects.visible_to(SYSTEM).filter(pk__in=ids)
    words = rows.values_list("pk", "name", "number", "customer__name")
    index((pk, name, number, customer or "") for pk, name, number, customer in words)
