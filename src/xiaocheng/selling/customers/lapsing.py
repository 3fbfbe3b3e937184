"""What a file of customers would do to their time limits: those whose last contact it tells of may be late at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from xiaocheng.foundation.import_export.targets import Done, Row
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.rules import rules

from .commands import standard_pool
from .commands.pools import IMPORTED
from .feeding import fed_pools, pool_for
from .first_contact import FirstContactRules
from .models import Customer
from .models.customers import PROSPECT
from .queries import pool_choices

DAY = dt.timedelta(days=1)


def imported_pool(actor: Actor) -> int | None:
    """The pool of imported customers, if the actor may put something into it; else they are his own."""
    pool = standard_pool(IMPORTED).pk
    return pool if pool in dict(pool_choices(actor)) else None


def pools_of_imports(actor: Actor) -> Callable[[Mapping[str, Any]], int | None]:
    """Into which pool a customer goes that comes without owner: the first one that takes it, else that of imports."""
    mine, rest = dict(pool_choices(actor)), imported_pool(actor)
    fed = [pool for pool in fed_pools() if pool.pk in mine]

    def pool_id(values: Mapping[str, Any]) -> int | None:
        found = pool_for(fed, values)
        return found.pk if found else rest

    return pool_id


def lapsing_tonight(actor: Actor, rows: Sequence[Row], done: Sequence[Done | None]) -> int:
    """How many customers of a file would lapse at the next midnight, so long ago is the last contact that it tells.

    `done` says what became of rows that were written to try; of the others their words are judged.
    """
    tomorrow = clock.today() + DAY
    limits = rules(FirstContactRules, tomorrow)
    if not limits.is_on or not any(row.get("last_contact_on") for row in rows):
        return 0
    written = [it for it in done if it is not None and (it.is_new or "last_contact_on" in it.changes)]
    ids = {it.row_id for it in written if it.row_id is not None}
    tried: QuerySet[Customer] = Customer.objects.visible_to(actor)
    count = tried.filter(limits.overdue(tomorrow), pk__in=ids).count() if ids else 0
    judged = [row for row, it in zip(rows, done, strict=True) if it is None]
    if judged and imported_pool(actor) is not None:
        judged = [row for row in judged if row.get("owner") is not None]
    return count + len({row["name"] for row in judged if _is_overdue(limits, row, tomorrow)})


def _is_overdue(limits: FirstContactRules, row: Row, day: dt.date) -> bool:
    contacted, stage = row.get("last_contact_on"), row.get("stage") or PROSPECT
    return contacted is not None and stage == PROSPECT and limits.lapses_on(contacted, row.get("level") or "") <= day
