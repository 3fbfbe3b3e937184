"""The main job on real input: a seller's CRM data, taken in by one command, with every figure known beforehand."""

import datetime as dt
from decimal import Decimal
from io import StringIO
from unicodedata import normalize

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from tests.support.shared import shared_data
from xiaocheng.foundation.fields.queries import forget_cached
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.foundation.org.commands import issue_token
from xiaocheng.foundation.org.models import Department, Person
from xiaocheng.foundation.org.queries import actor_for
from xiaocheng.insight import commands as insight_commands
from xiaocheng.insight import queries as insight
from xiaocheng.insight.models import ChanceTest, ForecastRun, WinChance
from xiaocheng.insight.queries import Selection
from xiaocheng.selling.catalogue.models import Product
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.models import Closing, Opportunity, StageSpan
from xiaocheng.selling.pipeline.queries import opportunities

pytestmark = pytest.mark.django_db
ALL = Period(dt.date(1970, 1, 1), dt.date(2199, 12, 31))  # deals without a day are booked on that of the import
MANAGED = {  # opportunities, and orders won, of the people of each manager
    "Dustin Brinkmann": (1583, 747), "Melvin Marxen": (1929, 882), "Cara Losch": (964, 480),
    "Rocco Neubert": (1327, 691), "Celia Rouche": (1296, 610), "Summer Sewald": (1701, 828),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")
    forget_cached()
    yield
    forget_cached()


def run_import(*paths, **options):
    said = StringIO()
    call_command("import", *map(str, paths), stdout=said, **options)
    return normalize("NFKC", said.getvalue())  # commas and colons are full-width where the catalogue says so


def all_deals():
    return Opportunity.objects.visible_to(SYSTEM)


@pytest.mark.once
@pytest.mark.django_db(transaction=True)  # as in life: in one transaction all its keys are checked at the end
def test_the_whole_data_set_comes_in_once_with_its_figures():
    folder = shared_data("maven_crm")
    said = run_import(folder)
    assert "data_dictionary.csv:认不出" in said
    assert "产品: GTXPro → 视为「GTX Pro」" in said
    assert "行业: technolgy → 视为「信息技术」" in said
    assert "sales_pipeline.csv → 商机:新增 8800,更新 0,未改动 0,未导入 0。" in said
    _check_people()
    _check_customers_and_products()
    _check_deals()
    _check_what_is_learnt()
    _check_what_programs_and_managers_are_shown()
    _check_what_is_foretold()
    _check_that_no_chance_is_told()
    before = _counts()
    again = run_import(folder)
    assert again.count("新增 0,") == 4
    assert "未改动 8800" in again
    assert _counts() == before
    assert measures.differences() == []


def _counts():
    tables = [Person, Department, Product]
    scoped = [Customer, Opportunity, StageSpan, Closing]
    return [table.objects.count() for table in tables] + [t.objects.visible_to(SYSTEM).count() for t in scoped]


def _check_people():
    assert Person.objects.filter(role__code="rep").count() == 35
    assert Person.objects.filter(role__code="manager").count() == 6
    assert sorted(Department.objects.filter(is_region=True).values_list("name", flat=True)) == [
        "Central",
        "East",
        "West",
    ]
    busy = all_deals().values_list("owner_id", flat=True)
    assert Person.objects.filter(role__code="rep").exclude(pk__in=busy).count() == 5
    snelling = Person.objects.get(name="Anna Snelling")
    assert snelling.manager is not None
    assert (snelling.manager.name, snelling.department.name) == ("Dustin Brinkmann", "Central")


def _check_customers_and_products():
    assert Product.objects.count() == 7
    customers = Customer.objects.visible_to(SYSTEM)
    assert customers.count() == customers.filter(owner=None, pool__code="imported").count() == 85
    acme = customers.get(name="Acme Corporation")
    assert (acme.industry, acme.address) == ("technology", "United States")
    assert acme.background == "year_established: 1996\nrevenue: 1100.04\nemployees: 2822"


def _check_deals():
    stages = all_deals().values_list("stage__name").annotate(n=Count("pk")).order_by()
    assert dict(stages) == {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}
    assert all_deals().filter(customer=None).count() == 1425
    spans = StageSpan.objects.visible_to(SYSTEM)
    assert set(spans.filter(is_invented=True).values_list("stage__name", flat=True)) == {"Prospecting"}
    assert not spans.filter(is_invented=True, dwell_seconds__isnull=False).exists()
    assert spans.filter(stage__name="Engaging", is_invented=False).count() == 8300
    booked = measures.totals(SYSTEM, ["pipeline.opened", "pipeline.won", "pipeline.won_amount", "pipeline.lost"], ALL)
    assert booked == {
        "pipeline.opened": 8300, "pipeline.won": 4238, "pipeline.won_amount": 10_005_534, "pipeline.lost": 2473,
    }  # fmt: skip
    assert spans.filter(is_opening=True).count() == 8300
    assert all_deals().get(number="1C1I7A6R").product.name == "GTX Plus Basic"
    assert all_deals().filter(product__name="GTX Pro").count() == 1480


def _check_what_is_learnt():
    selection = Selection(ALL)
    found = insight.result(SYSTEM, selection)
    assert (found.orders.value, found.revenue.value, found.lost.value) == (4238, 10_005_534, 2473)
    assert (found.win_rate.numerator, found.win_rate.denominator) == (4238, 6711)
    assert found.win_rate.value is not None
    assert round(found.win_rate.value, 4) == Decimal("0.6315")
    cycle = insight.cycle(SYSTEM, selection)
    assert (cycle.mean.n, round(cycle.mean.value or 0, 1), cycle.median.value) == (4238, Decimal("51.8"), 57)
    assert cycle.untimed == 0
    cohort = insight.deal_cohort(SYSTEM, selection)
    assert (cohort.deals.n, cohort.won.n, cohort.lost.n, cohort.still.n) == (8300, 4238, 2473, 1589)
    assert cohort.within[60].value is not None and 0 < cohort.within[60].value < Decimal(4238) / 8300
    lines = insight.funnel(SYSTEM, selection).lines
    assert {line.name: {way.key: way.figure.n for way in line.exits} for line in lines} == {
        "Prospecting": {"advanced": 8300, "skipped": 0, "back": 0, "lost": 0, "staying": 500},
        "Engaging": {"advanced": 4238, "skipped": 0, "back": 0, "lost": 2473, "staying": 1589},
    }


def _check_what_is_foretold():
    """At the end of 2017: thirty days of the company within 10 %, nearer than the mean of former windows."""
    with clock.as_of(dt.datetime(2017, 12, 31, 1, tzinfo=dt.UTC)):
        assert insight_commands.make_forecasts(SYSTEM) > 0
        found = insight.forecast(SYSTEM, insight.ForecastScope(), "30d")
    assert found is not None
    ours, former, by_stage = found.accuracies
    assert ours.wape.value is not None
    assert former.wape.value is not None
    assert ours.wape.value <= Decimal("0.10")
    assert ours.wape.value < former.wape.value < by_stage.wape.value
    assert not found.leads_run_rate
    led = ForecastRun.objects.filter(is_live=False, came__isnull=False).exclude(led_by_id=0)
    held = [run.low <= run.came <= run.high for run in led if run.came is not None]
    assert len(held) >= 60
    assert 0.75 <= sum(held) / len(held) <= 0.92


def _check_that_no_chance_is_told():
    """Product, seller, source, size and age do not tell who will buy: no deal is given a chance."""
    with clock.as_of(dt.datetime(2017, 12, 31, 1, tzinfo=dt.UTC)):
        assert insight_commands.tell_chances(SYSTEM) == 0
    test = ChanceTest.objects.get()
    assert (test.won > 1000, test.lost > 1000, test.tells) == (True, True, False)
    assert test.auc is not None
    assert 0.45 < test.auc < 0.55
    assert not WinChance.objects.exists()


def _check_what_programs_and_managers_are_shown():
    for manager in Person.objects.filter(role__code="manager"):
        own = set(Person.objects.filter(manager=manager).values_list("name", flat=True))
        others = set(Person.objects.filter(role__code="rep").exclude(manager=manager).values_list("name", flat=True))
        deals, won = MANAGED[manager.name]
        assert _asked(manager, "results")["result"]["orders"]["n"] == won
        selling = opportunities(actor_for(manager), "all").values_list("owner__name", flat=True)
        assert len(selling) == deals
        assert {line["name"] for line in _asked(manager, "results", by="person")["lines"]} == set(selling) <= own
        browser = Client()
        browser.force_login(manager)
        asked = {"kind": "all", "basis": "people", "by": "person"}
        rate = browser.get(reverse("insight:win_rate"), asked).content.decode()
        assert {name for name in own | others if name in rate} == set(selling)
        listed = browser.get(reverse("pipeline:list"), {"tab": "team"}).content.decode()
        named = {name for name in own | others if name in listed}
        assert named
        assert named <= own


def _asked(person, path, **more):
    """What the API tells a program of that person about all of the log."""
    _row, secret = issue_token(actor_for(person), "test")
    asked = {"kind": "all", "basis": "people", **more}
    answer = Client().get(f"/api/v1/insight/{path}", asked, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_dry_run_says_what_would_come_and_leaves_nothing():
    folder = shared_data("maven_crm")
    said = run_import(folder / "sales_teams.csv", folder / "products.csv", folder / "accounts.csv", dry_run=True)
    assert "accounts.csv → 客户:新增 85" in said
    assert "没有保存任何内容" in said
    assert not Product.objects.exists()
    assert not Customer.objects.visible_to(SYSTEM).exists()


def test_errors_stop_the_file_and_name_the_place(tmp_path):
    bad = tmp_path / "客户.csv"
    bad.write_text("客户名称,电话\n甲公司,021-55551234\n乙公司,12\n", encoding="gb18030")
    with pytest.raises(CommandError, match=r"「客户\.csv」第 3 行「电话」"):
        run_import(bad)
    assert not Customer.objects.visible_to(SYSTEM).exists()
    assert "新增 1,更新 0,未改动 0,未导入 1" in run_import(bad, skip_errors=True)


def test_a_missing_or_damaged_file_is_said_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="没有这个文件"):
        run_import(tmp_path / "none.csv")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(CommandError, match=r"「broken\.xlsx」已损坏"):
        run_import(tmp_path)


def test_an_import_by_a_person_is_that_persons(world, tmp_path):
    file = tmp_path / "客户.csv"
    file.write_text("客户名称\n甲公司\n", encoding="utf-8")
    run_import(file, username="administrator")
    assert Customer.objects.visible_to(SYSTEM).get().registered_by_id == world.id("administrator")
    with pytest.raises(CommandError, match="没有登录名为 nobody"):
        run_import(file, username="nobody")
