"""`doctor` finds what is wrong, and `rebuild` mends what is derived."""

import datetime as dt
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from tests.world import World
from xiaocheng.foundation.kernel import clock, jobs, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.models import MeasureDay, MeasureDepartment, MeasureMonth, SightRow
from xiaocheng.foundation.org.index import PEOPLE
from xiaocheng.foundation.org.queries import last_year_with_table, people
from xiaocheng.insight.models import DepartmentStageMonth, OfferStageMonth, PersonStageMonth
from xiaocheng.interface.cli.management.commands.rebuild import PARTS
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.catalogue.queries import products
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.customers.queries import customers
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity

pytestmark = pytest.mark.django_db


def run(name, *args):
    said = StringIO()
    try:
        call_command(name, *args, stdout=said, no_color=True)
    except SystemExit as end:
        assert end.code == 1
        return said.getvalue(), False
    return said.getvalue(), True


@pytest.fixture
def healthy(world: World, monkeypatch):
    """A company whose worker runs."""
    monkeypatch.setattr(settings, "SECRET_KEY", "x" * 50)
    jobs.beat(jobs.new_worker_id())
    register(world.actor("east_rep"), CustomerDraft(name="华建装饰", phone="021-55551234"))
    add_product(SYSTEM, ProductDraft(name="标准型水泵"))
    return world


def test_a_healthy_house_passes(healthy):
    with clock.as_of(clock.instant(dt.date(last_year_with_table(), 10, 1), dt.time(12))):
        said, passed = run("doctor")
    assert passed, said
    assert said.count("✓") == 10


def test_missing_holidays_of_next_year_are_advice_from_november(healthy):
    year = last_year_with_table()
    with clock.as_of(clock.instant(dt.date(year, 11, 1), dt.time(12))):
        jobs.beat(jobs.new_worker_id())
        said, passed = run("doctor")
    assert passed, said
    assert f"! calendar: {year + 1} 年的法定放假安排还没有" in said


def test_a_missing_worker_is_said(healthy):
    connection.cursor().execute("DELETE FROM kernel_workerbeat")
    said, passed = run("doctor")
    assert not passed
    assert "✗ worker" in said


def test_debug_is_said(healthy, monkeypatch):
    monkeypatch.setattr(settings, "DEBUG", True)
    assert "XIAOCHENG_DEBUG" in run("doctor")[0]


@pytest.mark.parametrize("table", [MeasureDay, MeasureMonth, MeasureDepartment])
def test_a_measure_that_is_off_is_found_and_mended(healthy, table):
    table.objects.filter(key="customers.registered").update(value=50_000)
    said, passed = run("doctor")
    assert not passed
    assert "customers.registered" in said
    assert run("rebuild", "measures")[1]
    assert measures.differences() == []
    assert run("doctor")[1]


def test_a_measure_credited_to_the_wrong_person_is_found(healthy):
    MeasureDay.objects.filter(key="customers.registered").update(person_id=healthy.id("east_peer"))
    assert "✗ measures" in run("doctor")[0]


@pytest.mark.parametrize("table", [PersonStageMonth, DepartmentStageMonth, OfferStageMonth])
def test_a_rollup_that_is_off_is_found_and_mended(healthy, table):
    install_template(SYSTEM, "short")
    open_opportunity(healthy.actor("east_rep"), OpportunityDraft(name="商机", amount=100))
    assert run("doctor")[1]
    table.objects.update(staying=F("staying") + 1)
    said, passed = run("doctor")
    assert not passed
    assert f"✗ rollups: {2 if table is not PersonStageMonth else 1} 格" in said and table.__name__ in said
    table.objects.all().delete()
    assert "✗ rollups" in run("doctor")[0]
    assert run("rebuild", "rollups")[1]
    assert run("doctor")[1]


def test_search_and_sight_come_back(healthy):
    SightRow.objects.all().delete()
    with connection.cursor() as cursor:
        for table in search_tables():
            cursor.execute(f"DELETE FROM {table}")
    PEOPLE.put([(999_999, {"ghost"})])
    assert not healthy.actor("east_manager").sight.sees_person(healthy.id("east_rep"))
    said, passed = run("rebuild")
    assert passed
    assert said.count("\n") == len(PARTS)
    assert healthy.actor("east_manager").sight.sees_person(healthy.id("east_rep"))
    assert [row.name for row in customers(SYSTEM, search="huajian")] == ["华建装饰"]
    assert [row.name for row in products(SYSTEM, "水泵")] == ["标准型水泵"]
    assert [row.name for row in people(SYSTEM, "zhangsan")] == ["张三"]
    assert counts()["org_person_search"] == people(SYSTEM, active=None).count()


def test_migrate_fills_an_index_that_is_empty_and_leaves_the_others(healthy):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_customer_search")
    PEOPLE.put([(999_999, {"ghost"})])
    before = counts()["org_person_search"]
    said, _passed = run("migrate", "-v", "0")
    assert said == f"customers_customer_search: {customers(SYSTEM).count()} 行检索\n"
    assert [row.name for row in customers(SYSTEM, search="huajian")] == ["华建装饰"]
    assert counts()["org_person_search"] == before


def search_tables():
    return [name for name in connection.introspection.table_names() if name.endswith("_search")]


def counts():
    with connection.cursor() as cursor:
        return {name: cursor.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in search_tables()}


def test_every_search_table_can_be_rebuilt(healthy):
    from xiaocheng.foundation.kernel.search import rebuild_indexes

    assert sorted(rebuild_indexes()) == sorted(search_tables())
