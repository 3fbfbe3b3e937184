"""Work of the fields outside the page."""

from __future__ import annotations

import time
from typing import Any

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.jobs import Progress, job

from .access import MANAGE
from .commands import index_found_words, mend_field_indexes, merge_late
from .queries.coded import FRESH_SECONDS


@job("fields.index", MANAGE)
def index(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Bring the indexes in line with the fields that lists are filtered by."""
    return {"changed": mend_field_indexes(actor)}


@job("fields.search", MANAGE)
def search(actor: Actor, progress: Progress, table: str) -> dict[str, Any]:
    """Store the words of a table again, once every process knows by which fields its rows are found."""
    time.sleep(FRESH_SECONDS)
    return {"rows": index_found_words(actor, table, progress)}


@job("fields.merged", MANAGE)
def merged(actor: Actor, progress: Progress, list_key: str, source: str) -> dict[str, Any]:
    """Take along what was saved with a merged value by processes that did not know of it yet."""
    time.sleep(FRESH_SECONDS)
    return {"rows": sum(merge_late(actor, list_key, source).values())}
