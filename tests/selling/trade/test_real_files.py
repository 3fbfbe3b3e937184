"""The same 500 lines as five files of Chinese users, taken in as the wizard understands them by itself."""

from __future__ import annotations

import shutil
from decimal import Decimal

import pytest
from django.db.models import Sum

from tests.support.shared import shared_data
from tests.world import World
from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.kernel import measures
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.trade.measures import exact
from xiaocheng.selling.trade.models import SaleLine

FILES = (
    "01_gbk_crlf.csv",
    "02_utf8_bom.csv",
    "05_fullwidth_digits_and_spaces.csv",
    "07_mixed_dates.xlsx",
    "08_merged_headers_subtotals.xlsx",
)


@pytest.mark.django_db
@pytest.mark.parametrize("first", [0, 3, 4])
def test_five_shapes_of_the_same_lines_are_500_lines(world: World, tmp_path, settings, first: int) -> None:
    settings.DATA_DIR = tmp_path
    clerk = world.actor("administrator")
    counts = []
    for name in (*FILES[first:], *FILES[:first]) if first == 0 else (FILES[first],):
        source = shared_data("import_files", "zh", name)
        job = commands.upload(clerk, name, lambda to, source=source: shutil.copyfile(source, to))
        assert job.target == "sales"
        job = commands.map_columns(clerk, job.pk, job.columns)
        job = commands.check(clerk, job.pk, lambda rows: None)
        assert queries.sentences(clerk, job) == []
        counts.append(commands.run(clerk, job.pk, lambda rows: None).counts["new"])
    assert counts == [500, 0, 0, 0, 0][: len(counts)]
    rows = SaleLine.objects.visible_to(clerk)
    sums = {column: rows.aggregate(n=Sum(exact(column)))["n"] for column in ("amount", "quantity", "profit")}
    assert {column: Decimal(total) / 10_000 for column, total in sums.items()} == {
        "amount": Decimal("904060.031"),
        "quantity": Decimal(1928),
        "profit": Decimal("93987.271"),
    }
    assert (rows.count(), rows.values("customer").distinct().count()) == (500, 204)
    assert rows.values("number").distinct().count() == 228
    days = rows.order_by("occurred_on").values_list("occurred_on", flat=True)
    assert (str(days[0]), str(days[499])) == ("2014-01-21", "2017-12-29")
    assert Customer.objects.visible_to(clerk).filter(became_customer_on__isnull=False).count() <= 204
    assert measures.differences() == []
