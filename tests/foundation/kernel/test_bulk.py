"""Many rows are inserted at once, with their ids."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from xiaocheng.foundation.kernel.bulk import RowMaker, insert_many, one_of, update_many
from xiaocheng.foundation.kernel.models import JobSlot, JournalEntry, RuleValue

NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_every_kind_of_value_comes_back_as_it_was() -> None:
    entries = insert_many(
        [
            JournalEntry(at=NOON, person_id=7, kind="a.B", data={"金额": ["1", None]}, personal={"a\tb\\": "c\nd"}),
            JournalEntry(at=NOON, person_id=None, kind="a.C", data={}, personal=None),
        ]
    )
    rows = list(JournalEntry.objects.order_by("pk").values_list("pk", "at", "person_id", "kind", "data", "personal"))
    assert rows == [
        (entries[0].pk, NOON, 7, "a.B", {"金额": ["1", None]}, {"a\tb\\": "c\nd"}),
        (entries[1].pk, NOON, None, "a.C", {}, None),
    ]
    assert JournalEntry.objects.filter(personal__isnull=True).count() == 1


@pytest.mark.django_db
def test_many_rows_are_changed_each_in_its_own_way() -> None:
    rows = insert_many([JournalEntry(at=NOON, person_id=n, kind="a.B", data={"n": n}) for n in range(3)])
    for row in rows[:2]:
        row.person_id, row.data = None, {"was": row.data["n"]}
        row.kind = "not saved"
    update_many(rows[:2], "person_id", "data")
    update_many([], "data")
    found = JournalEntry.objects.order_by("pk").values_list("person_id", "kind", "data")
    assert list(found) == [(None, "a.B", {"was": 0}), (None, "a.B", {"was": 1}), (2, "a.B", {"n": 2})]


@pytest.mark.django_db
def test_ids_go_on_where_the_table_stands_whoever_inserts_next() -> None:
    first = JobSlot.objects.create(name="a", slot=NOON).pk
    drawn = [row.pk for row in insert_many([JobSlot(name=name, slot=NOON) for name in "bcd"])]
    last = JobSlot.objects.create(name="e", slot=NOON).pk
    assert [first, *drawn, last] == list(range(first, first + 5))


@pytest.mark.django_db
def test_a_value_that_the_column_refuses_refuses_all() -> None:
    fine = RuleValue(key="a", value=1, since=NOON.date(), recorded_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([fine, RuleValue(key="b", value=1, since=None, recorded_at=NOON)])
    assert not RuleValue.objects.exists()


def test_outside_a_transaction_nothing_is_inserted(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        insert_many([JobSlot(name="a", slot=NOON)])
    assert not JobSlot.objects.exists()


def test_a_row_made_from_its_columns_is_the_row_that_the_model_makes() -> None:
    made = RowMaker(JobSlot)(name="a", slot=NOON)
    usual = JobSlot(name="a", slot=NOON)
    assert {f.attname: getattr(made, f.attname) for f in JobSlot._meta.concrete_fields} == {
        f.attname: getattr(usual, f.attname) for f in JobSlot._meta.concrete_fields
    }
    assert made._state.adding


@pytest.mark.django_db
def test_thousands_of_texts_are_looked_up_as_one_parameter() -> None:
    insert_many([JobSlot(name=name, slot=NOON) for name in ("a'b", 'c"d', "名", "e")])
    wanted = ["a'b", 'c"d', "名", *(f"x{number}" for number in range(3000))]
    assert JobSlot.objects.filter(name__in=one_of(wanted)).count() == 3
    assert not JobSlot.objects.filter(name__in=one_of([])).exists()
