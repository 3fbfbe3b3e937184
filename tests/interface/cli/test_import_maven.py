"""The main job on real input: a seller's CRM data, taken in by one command, with every figure known beforehand."""

from decimal import Decimal
from io import StringIO
from statistics import mean, median
from unicodedata import normalize

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum

from tests.support.shared import shared_data
from xiaocheng.foundation.fields.queries import forget_cached
from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.foundation.org.models import Department, Person
from xiaocheng.foundation.org.queries import actor_for
from xiaocheng.selling.catalogue.models import Product
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.models import Closing, Opportunity, StageSpan
from xiaocheng.selling.pipeline.queries import opportunities

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


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


@pytest.mark.django_db(transaction=True)  # as in life: in one transaction all its keys are checked at the end
def test_the_whole_data_set_comes_in_once_with_its_figures():
    folder = shared_data("maven_crm")
    said = run_import(folder)
    assert "data_dictionary.csv:认不出" in said
    assert "产品: GTXPro → 视为「GTX Pro」" in said
    assert "行业: technolgy → 视为「信息技术」" in said
    assert "sales_pipeline.csv → 商机:新增 8800,已有 0,未导入 0。" in said
    _check_people()
    _check_customers_and_products()
    _check_deals()
    _check_figures()
    _check_that_each_manager_sees_only_his_people()
    before = _counts()
    again = run_import(folder)
    assert again.count("新增 0,") == 4
    assert "已有 8800" in again
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
    assert all_deals().get(number="1C1I7A6R").product.name == "GTX Plus Basic"
    assert all_deals().filter(product__name="GTX Pro").count() == 1480


def _check_figures():
    won = Closing.objects.visible_to(SYSTEM).filter(verdict="won")
    lost = Closing.objects.visible_to(SYSTEM).filter(verdict="lost")
    assert round(100 * won.count() / (won.count() + lost.count()), 2) == 63.15
    assert won.aggregate(total=Sum("amount"))["total"] == Decimal(10_005_534)
    days = [seconds / DAY for seconds in won.values_list("cycle_seconds", flat=True)]
    assert (len(days), round(mean(days), 1), median(days)) == (4238, 51.8, 57)
    first, last = won.earliest("booked_on").booked_on, won.latest("booked_on").booked_on
    totals = measures.totals(SYSTEM, ["pipeline.won", "pipeline.won_amount"], Period(first, last))
    assert totals == {"pipeline.won": 4238, "pipeline.won_amount": 10_005_534}


def _check_that_each_manager_sees_only_his_people():
    seen = {}
    for manager in Person.objects.filter(role__code="manager"):
        rows = opportunities(actor_for(manager), "all")
        assert set(rows.values_list("owner__manager_id", flat=True)) == {manager.pk}
        seen[manager.name] = rows.count()
    assert seen == {
        "Dustin Brinkmann": 1583, "Melvin Marxen": 1929, "Cara Losch": 964,
        "Rocco Neubert": 1327, "Celia Rouche": 1296, "Summer Sewald": 1701,
    }  # fmt: skip


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
    assert "新增 1,已有 0,未导入 1" in run_import(bad, skip_errors=True)


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
