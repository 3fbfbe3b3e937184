"""Prepared reads: the statement is made once, the values change."""

from __future__ import annotations

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.models import GaugeValue, JournalEntry, JournalSubject, RuleValue
from xiaocheng.foundation.kernel.prepared import Prepared

pytestmark = pytest.mark.django_db


def gauges(*values: tuple[int, str, int]) -> None:
    GaugeValue.objects.bulk_create([GaugeValue(customer_id=row, key=key, value=value) for row, key, value in values])


def test_a_read_finds_what_its_values_say_each_time() -> None:
    gauges((1, "a", 10), (2, "a", 20), (2, "b", 30))
    of = Prepared(lambda customer, key: GaugeValue.objects.filter(customer_id=customer, key=key))
    assert [row.value for row in of(1, "a")] == [10]
    assert [row.value for row in of(2, "b")] == [30]
    assert of(1, "b") == []


def test_a_value_cannot_become_part_of_the_statement() -> None:
    gauges((1, "a", 10))
    of = Prepared(lambda key: GaugeValue.objects.filter(key=key))
    assert of("a' OR '1'='1") == [] and of("%s") == []


def test_constants_and_limits_of_the_read_stay() -> None:
    gauges((1, "a", 1), (2, "a", 2), (3, "b", 3))
    of = Prepared(lambda least: GaugeValue.objects.filter(key="a", customer_id__gte=least).order_by("-customer_id")[:1])
    assert [row.customer_id for row in of(1)] == [2]
    gauges((4, "a", 4))
    assert [row.customer_id for row in of(2)] == [4]


@pytest.mark.parametrize("count", [0, 1, 2, 31, 32, 33, 64, 128, 129, 300])
def test_any_number_of_ids_is_read_and_none_twice(count: int) -> None:
    gauges(*((row, "a", row) for row in range(1, 301)))
    of = Prepared(lambda *ids: GaugeValue.objects.filter(customer_id__in=ids).values_list("customer_id", flat=True))
    assert sorted(of.of(range(1, count + 1))) == list(range(1, count + 1))


def test_few_statements_are_kept_for_all_numbers_of_ids() -> None:
    of = Prepared(lambda *ids: RuleValue.objects.filter(pk__in=ids))
    for count in range(1, 129):
        of.of(range(count))
    kept = vars(connections["default"])["prepared"]
    assert len([key for key in kept if key[0] is of]) == 5


def test_a_row_is_complete_with_what_it_points_at() -> None:
    entry = JournalEntry.objects.create(at=clock.now(), kind="x.Y", data={"name": "甲"})
    JournalSubject.objects.create(entry=entry, kind="x.row", row_id=7)
    about = Prepared(lambda row: JournalSubject.objects.filter(row_id=row).select_related("entry"))
    about(6)
    with CaptureQueriesContext(connection) as asked:
        assert about(7)[0].entry.data == {"name": "甲"}
    assert len(asked) == 1


def test_rows_that_point_at_one_row_share_it_for_one_read_only() -> None:
    entry = JournalEntry.objects.create(at=clock.now(), kind="x.Y", data={"name": "甲"})
    JournalSubject.objects.bulk_create(JournalSubject(entry=entry, kind="x.row", row_id=row) for row in (7, 8))
    about = Prepared(lambda kind: JournalSubject.objects.filter(kind=kind).select_related("entry"))
    first, second = about("x.row")
    assert first.entry is second.entry and first.row_id != second.row_id
    JournalEntry.objects.filter(pk=entry.pk).update(data={"name": "乙"})
    assert about("x.row")[0].entry.data == {"name": "乙"} and first.entry.data == {"name": "甲"}
