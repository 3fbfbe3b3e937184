"""How an opportunity is found: by parts of its name and its customer's, and by its former number; how others are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from xiaocheng.foundation.fields.queries import searched_text
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.search import keeps, name_tokens

from .models import ProcessRemark, Tactic, remark_index, tactic_index
from .models.opportunities import Opportunity, search_index
from .options import OPPORTUNITY


def index(rows: Iterable[tuple[int, str, str, str, Mapping[str, Any]]]) -> None:
    """Store the words of opportunities: (id, name, number, customer's name, own fields)."""
    search_index.put(
        (pk, name_tokens(f"{name} {customer} {number} {searched_text(SYSTEM, OPPORTUNITY, custom)}"))
        for pk, name, number, customer, custom in rows
    )


@keeps(search_index, Opportunity)
def index_again(ids: Collection[int]) -> None:
    """Store the words of some opportunities again."""
    rows = Opportunity.objects.visible_to(SYSTEM).filter(pk__in=ids)
    words = rows.values_list("pk", "name", "number", "customer__name", "custom")
    index((pk, name, number, customer or "", custom) for pk, name, number, customer, custom in words)


@keeps(tactic_index, Tactic)
def index_tactics(ids: Collection[int]) -> None:
    """Store the words of some tactics again: title and text."""
    rows = Tactic.objects.filter(pk__in=ids).values_list("pk", "title", "text")
    tactic_index.put((pk, name_tokens(f"{title} {text}")) for pk, title, text in rows)


@keeps(remark_index, ProcessRemark)
def index_remarks(ids: Collection[int]) -> None:
    """Store the words of some remarks again: the text and the step that it is about."""
    rows = ProcessRemark.objects.filter(pk__in=ids).values_list("pk", "text", "step")
    remark_index.put((pk, name_tokens(f"{text} {step}")) for pk, text, step in rows)
