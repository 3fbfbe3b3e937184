"""Fill a database with the generated company: `python -m tests.bench.generate CUSTOMERS`, into the set database."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery

SEED = 20260101


def main() -> None:
    """Migrate, fill, tidy up."""
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    _hurry()
    began = time.monotonic()
    fill(int(sys.argv[1]), lambda said: _tell(f"{time.monotonic() - began:6.0f} s  {said}"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")  # what autovacuum would have done in two years
    connection.close()


def fill(customers: int, tell: Callable[[str], None] = lambda said: None, *, without_indexes: bool = True) -> None:
    """Make the company of so many customers; every figure kept is what the rows give."""
    from tests.bench.company import make_company
    from tests.bench.years import Years

    random = Random(SEED)
    with transaction.atomic():
        company = make_company(random)
    years = Years(random, company, customers)
    if without_indexes:
        with indexes_afterwards():
            years.live(tell)
            tell("indexes")
    else:
        years.live(tell)
    tell("figures")
    with transaction.atomic():
        _bring_up_to_date(years)
        _count()


def _bring_up_to_date(years) -> None:
    """What contacts and wins leave in the rows of customers and opportunities."""
    from xiaocheng.selling.customers.models import Customer
    from xiaocheng.selling.fieldwork.models import Visit
    from xiaocheng.selling.pipeline.models import Opportunity

    last = Visit.rows.filter(customer=OuterRef("pk")).exclude(outcome="not_met").order_by("-occurred_at")
    Customer.rows.update(last_contact_at=Subquery(last.values("occurred_at")[:1]))
    active = Customer.rows.filter(pk=OuterRef("customer")).values("last_contact_at")
    stale = Opportunity.rows.filter(state="open", customer__last_contact_at__gt=F("last_activity_at"))
    stale.update(last_activity_at=Subquery(active))
    deals = years.first_deals.values()
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {Customer._meta.db_table} SET stage = 'customer', became_customer_on = %s, converted_by_id = %s,"
            " converted_department_id = %s WHERE id = %s",
            [(str(d.booked_on), d.credit_person_id, d.credit_department_id, d.customer_id) for d in deals],
        )


def _count() -> None:
    """Measures and rollups, by the product's own rebuild."""
    from xiaocheng.foundation.kernel import measures
    from xiaocheng.foundation.kernel.actor import SYSTEM
    from xiaocheng.insight.commands import rebuild

    measures.rebuild()
    rebuild(SYSTEM)


def _hurry() -> None:
    """A database that is being made may be lost: no waiting for the disk, no check of keys that are known to fit."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for setting in (
                "session_replication_role = replica",
                "synchronous_commit = off",
                "statement_timeout = 0",
                "idle_in_transaction_session_timeout = 0",
                "maintenance_work_mem = '512MB'",
            ):
                cursor.execute(f"SET {setting}")
        else:
            for setting in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -500000"):
                cursor.execute(f"PRAGMA {setting}")


@contextmanager
def indexes_afterwards() -> Iterator[None]:
    """Drop the indexes of the tables that are filled, and make them when all rows are there: sorted, so much faster."""
    tables = _filled_tables()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND schemaname = 'public'"
                " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
                [tables],
            )
        else:
            places = ", ".join(["%s"] * len(tables))
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
                f" AND tbl_name IN ({places})",
                tables,
            )
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, definition in found:
            cursor.execute(definition)


def _filled_tables() -> list[str]:
    from xiaocheng.foundation.kernel.models import JournalEntry, JournalSubject
    from xiaocheng.selling.customers import models as customers
    from xiaocheng.selling.fieldwork.models import Visit
    from xiaocheng.selling.pipeline import models as pipeline

    filled = [JournalEntry, JournalSubject, Visit, customers.Customer, customers.Contact, customers.OwnershipEpisode]
    filled += [pipeline.Opportunity, pipeline.StageTransition, pipeline.StageSpan, pipeline.Closing]
    tables = [model._meta.db_table for model in filled]
    return [*tables, customers.search_index.table, customers.contact_index.table, pipeline.search_index.table]


def _tell(said: str) -> None:
    sys.stderr.write(f"{said}\n")


if __name__ == "__main__":
    main()
