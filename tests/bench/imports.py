"""How fast customers come in: by the command, from a file, and, as the floor, as bare rows."""

from __future__ import annotations

import csv
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from shutil import copyfile
from statistics import median

from django.db import connection, transaction

from tests.bench.company import ADMIN
from tests.bench.names import company_name
from xiaocheng.foundation.import_export import commands as imports
from xiaocheng.foundation.org.models import Person
from xiaocheng.foundation.org.queries import actor_for
from xiaocheng.selling.customers.commands import MOST, CustomerDraft, register_many
from xiaocheng.selling.customers.models import Customer

ROWS = 5_000
TIMES = 3
SALES, BUYERS = 10_000, 2_000
SALES_HEADER = ("单号", "行号", "日期", "客户", "产品", "数量", "金额", "毛利")
HEADER = ("客户名称", "电话", "级别", "客户来源", "地区", "行业", "地址", "负责人")


class Imports:
    """New customers for each measurement: no name stands there already."""

    def __init__(self) -> None:
        self.random = Random(time.time_ns())
        self.actor = actor_for(Person.objects.get(username=ADMIN))
        self.owners = list(Person.objects.filter(role__code="rep").values_list("pk", "name"))

    def by_command(self) -> float:
        """Rows a second with rules, duplicate check, search index and journal: 2,000 a transaction."""
        self._register(200)
        return median(self._register(ROWS) for _ in range(TIMES))

    def _register(self, count: int) -> float:
        drafts = [
            CustomerDraft(name=name, phone=number, level="B", source="exhibition", region="east",
                          industry="manufacturing", address="工业园 8 号", owner_id=owner)
            for name, number, (owner, _name) in self._new(count)
        ]  # fmt: skip
        began = time.perf_counter()
        outcomes = [
            o for start in range(0, count, MOST) for o in register_many(self.actor, drafts[start : start + MOST])
        ]
        spent = time.perf_counter() - began
        refused = [str(outcome.refusal) for outcome in outcomes if outcome.refusal]
        assert not refused, refused[:3]
        return count / spent

    def from_file(self) -> float:
        """Rows a second from an uploaded CSV: read in a child process, all rows checked, then written."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "customers.csv"
            with path.open("w", newline="", encoding="utf-8-sig") as file:
                writer = csv.writer(file)
                writer.writerow(HEADER)
                writer.writerows(
                    (name, number, "B", "展会", "华东", "制造", "工业园 8 号", owner)
                    for name, number, (_id, owner) in self._new(ROWS)
                )
            began = time.perf_counter()
            job = imports.upload(self.actor, path.name, lambda to: copyfile(path, to))
            job = imports.map_columns(self.actor, job.pk, job.columns)
            imports.check(self.actor, job.pk, lambda _done: None)
            job = imports.run(self.actor, job.pk, lambda _done: None)
            spent = time.perf_counter() - began
        assert job.counts["new"] == ROWS, (job.counts, [p.sentence for p in job.problems.all()[:3]])
        return ROWS / spent

    def sales_from_file(self) -> float:
        """Rows a second of past sales to customers who are known, from an uploaded CSV, in the order of their days."""
        names = list(Customer.rows.order_by("pk").values_list("name", flat=True)[:BUYERS])
        first = self.random.randrange(10**9)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sales.csv"
            with path.open("w", newline="", encoding="utf-8-sig") as file:
                writer = csv.writer(file)
                writer.writerow(SALES_HEADER)
                for i in range(SALES):
                    day = date(2024, 1, 1) + timedelta(days=i // 20)
                    customer, number = self.random.choice(names), f"B{first + i // 3}"
                    writer.writerow((number, i, day, customer, f"产品 {i % 40}", i % 9 + 1, f"{i % 900}.50", i % 200))
            began = time.perf_counter()
            job = imports.upload(self.actor, path.name, lambda to: copyfile(path, to))
            job = imports.map_columns(self.actor, job.pk, job.columns)
            imports.check(self.actor, job.pk, lambda _done: None)
            job = imports.run(self.actor, job.pk, lambda _done: None)
            spent = time.perf_counter() - began
        assert job.counts["new"] == SALES, (job.counts, [p.sentence for p in job.problems.all()[:3]])
        return SALES / spent

    def bare_rows(self) -> float:
        """Rows a second of the same rows into a table without index or rule: COPY or executemany, one transaction."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM customers_customer ORDER BY id DESC LIMIT {ROWS}")
            rows = cursor.fetchall()
            cursor.execute("CREATE TABLE bench_rows AS SELECT * FROM customers_customer WHERE id < 0")
            try:
                return median(_write(cursor, rows) for _ in range(TIMES))
            finally:
                cursor.execute("DROP TABLE bench_rows")

    def _new(self, count: int) -> list[tuple[str, str, tuple[int, str]]]:
        random = self.random
        first = random.randrange(10**9)  # no phone of the generated company begins with 19
        return [
            (
                f"{company_name(random)}{random.randrange(10**6)}店",
                f"19{(first + i) % 10**9:09d}",
                random.choice(self.owners),
            )
            for i in range(count)
        ]


def _write(cursor, rows: list[tuple[object, ...]]) -> float:
    began = time.perf_counter()
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with cursor.cursor.copy("COPY bench_rows FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO bench_rows VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
    return len(rows) / (time.perf_counter() - began)
