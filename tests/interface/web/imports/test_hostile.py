"""Files that nobody should have uploaded, through the pages: a sentence that names what is wrong, never a fault."""

import csv
import re
import subprocess
import sys
import zipfile

import pytest

from tests.support.hostile import bomb, seconds_of_children
from tests.support.shared import shared_data
from xiaocheng.foundation.import_export.models import ImportJob, ImportProblem
from xiaocheng.foundation.import_export.reading import text, workbook
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.catalogue.models import Product
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.pipeline.models import Opportunity
from xiaocheng.selling.trade.models import SaleLine

from .conftest import shown_values

pytestmark = pytest.mark.django_db
FILES = [
    "csvkit/bad.csv", "csvkit/mac_newlines.csv", "csvkit/null_byte.csv", "csvkit/test_latin1.csv",
    "csvkit/test_locale.csv", "csvkit/test_skip_lines.csv", "csvkit/test_utf16_little.csv",
    "frappe/sample_import_file.csv", "frappe/sample_import_file_for_update.csv",
    "frappe/sample_import_file_semicolon.csv", "frappe/sample_import_file_without_mandatory.csv",
    "odoo/crm_lead.xls", "odoo/m2m_customers_tags.csv", "odoo/o2m_customers_contacts.csv", "odoo/res_partner.xlsx",
    "tablib/bad_dimensions.xlsx", "tablib/errors.xls", "tablib/founders.xlsx", "tablib/ragged.xlsx",
    "zh/01_gbk_crlf.csv", "zh/02_utf8_bom.csv", "zh/05_fullwidth_digits_and_spaces.csv", "zh/07_mixed_dates.xlsx",
    "zh/08_merged_headers_subtotals.xlsx", "zh/phones_mixed.json",
]  # fmt: skip
JOB = re.compile(r"/imports/\d+/")


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A small workbook that would unpack to 450 MB."""
    return bomb(tmp_path_factory.mktemp("bomb")).read_bytes()


@pytest.fixture(autouse=True)
def _only_the_child_reads(monkeypatch):
    """Whatever opens a table in the process that serves the pages fails the test."""

    def never(*_args, **_kwargs):
        raise AssertionError("the web process read the file itself")

    for module, name in ((workbook, "read_workbook"), (text, "read_text"), (csv, "reader"), (zipfile, "ZipFile")):
        monkeypatch.setattr(module, name, never)


def rows_that_are_there():
    tables = (Customer, Contact, Opportunity)
    return [Product.objects.count(), *(table.objects.visible_to(SYSTEM).count() for table in tables)]


def sentence(answer):
    """What is said at the field of a refused upload."""
    assert answer.status_code == 422, answer.status_code
    assert not ImportJob.objects.visible_to(SYSTEM).exists()
    said = answer.context["form"].errors["file"]
    assert said[0] in answer.content.decode()
    return said[0]


def to_its_page(clerk, to, target="customers"):
    """Confirm every step as it is proposed; where nothing is, the first column is the name of a customer."""
    while not JOB.fullmatch(to):
        shown = shown_values(clerk.client.get(to))
        if to.endswith("/table/") and not shown["target"]:
            to = clerk.confirm(to, target=target)
            continue
        answer = clerk.client.post(to, shown)
        if answer.status_code == 422:  # a required field has no column
            assert "选择一列" in answer.content.decode()
            answer = clerk.client.post(to, {**dict.fromkeys(shown, ""), "c0": "name"})
        assert answer.status_code == 302, answer.content.decode()
        to = answer["Location"]
    return to


@pytest.mark.parametrize("file", FILES)
def test_a_troublesome_file_is_refused_or_taken_in_but_never_by_halves(clerk, file):
    source = shared_data("import_files", *file.split("/"))
    answer = clerk.upload(source.name, source.read_bytes())
    if answer.status_code == 422:
        assert re.match(rf"「{re.escape(source.name)}」.*请", sentence(answer))
        return
    to = to_its_page(clerk, answer["Location"])
    page = clerk.press(f"{to}check/")
    job = ImportJob.objects.visible_to(SYSTEM).get()
    bad = set(ImportProblem.objects.values_list("row", flat=True))
    assert f"{len(bad)} 行有错误" in page if bad else "全部可以导入" in page
    for problem in ImportProblem.objects.all()[:50]:
        assert problem.row > 1 and problem.sentence.endswith("。"), problem.sentence
    assert rows_that_are_there() == [0, 0, 0, 0]
    if len(bad) == job.row_count:
        return
    assert "已完成" in clerk.press(f"{to}{'run-good' if bad else 'run'}/")
    job.refresh_from_db()
    parts = job.counts.get("parts", 0)  # contacts of customers, in the same lines
    assert sum(job.counts.values()) == job.row_count + parts
    sold = SaleLine.objects.visible_to(SYSTEM).count()  # whose customers are registered besides
    assert (sold or sum(rows_that_are_there())) == job.counts["new"] + parts > 0


def test_a_bomb_and_two_million_rows_are_refused_within_five_seconds(clerk, packed):
    before = seconds_of_children()
    assert "「bomb.xlsx」解压后有" in sentence(clerk.upload("bomb.xlsx", packed))
    assert "「long.csv」超过 200000 行。请拆成" in sentence(clerk.upload("long.csv", b"name\n" + b"c\n" * 2_000_000))
    assert seconds_of_children() - before < 5


def test_a_child_that_takes_too_long_is_ended_with_a_sentence(clerk, monkeypatch):
    busy = "from xiaocheng.foundation.import_export.reading import child\nchild.limit(1)\nwhile True: pass"
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda _command, **given: run([sys.executable, "-c", busy], **given))
    assert "读取时间过长。请拆成几个较小的文件" in sentence(clerk.upload("a.csv", "a,b\n1,2\n"))


def problems(clerk, content, name="客户.csv"):
    """What the check says about each row of a file."""
    clerk.press(f"{to_its_page(clerk, clerk.upload(name, content)['Location'])}check/")
    found = ImportProblem.objects.order_by("row", "pk").values_list("row", "column", "sentence")
    return {(row, column): said for row, column, said in found}


def test_text_in_a_wrong_encoding_is_refused_with_its_row(clerk):
    rows = "".join(f"第{n}号客户\n" for n in range(60))
    to = clerk.upload("客户.csv", f"客户名称\n{rows}".encode("gb18030"))["Location"].replace("columns", "table")
    answer = clerk.client.post(to, {**shown_values(clerk.client.get(to)), "encoding": "utf-8"})
    assert answer.status_code == 422
    assert "「客户.csv」从第 1 行起有很多无法识别的文字。请" in answer.content.decode()


def test_formulas_come_in_as_text_and_leave_neutralised(clerk):
    found = problems(clerk, '客户名称,电话\n"=HYPERLINK(""http://x"",""甲"")",12\n＝1＋1,021-55551234\n')
    assert list(found) == [(2, "电话")]
    job = ImportJob.objects.visible_to(SYSTEM).get()
    text_of = b"".join(clerk.client.get(f"/imports/{job.pk}/errors.csv").streaming_content).decode()
    assert "'=HYPERLINK" in text_of
    clerk.press(f"/imports/{job.pk}/run-good/")
    assert Customer.objects.visible_to(SYSTEM).get().name in {"＝1＋1", "=1+1"}


def test_every_shape_of_a_date_is_read_or_named_with_its_row_and_column(clerk):
    days = ["2026-03-02", "2026/3/2", "2026年3月2日", "２０２６．３．２", "20260302", "46083", "2026-02-30", "昨天"]
    found = problems(clerk, "客户名称,登记日期\n" + "".join(f"第{n}号公司,{day}\n" for n, day in enumerate(days)))
    assert list(found) == [(8, "登记日期"), (9, "登记日期")]
    clerk.press(f"/imports/{ImportJob.objects.visible_to(SYSTEM).get().pk}/run-good/")
    assert {str(row.booked_on) for row in Customer.objects.visible_to(SYSTEM)} == {"2026-03-02"}


def test_full_width_digits_are_digits(clerk):
    assert problems(clerk, "客户名称,电话\n甲公司,０２１５５５５１２３４\n") == {}
    clerk.press(f"/imports/{ImportJob.objects.visible_to(SYSTEM).get().pk}/run/")
    assert Customer.objects.visible_to(SYSTEM).get().phone == "02155551234"


def test_a_customer_who_is_in_the_file_twice_is_made_once(clerk):
    found = problems(clerk, "客户名称,电话\n甲公司,021-55551234\n乙公司,\n 甲公司 ,021 5555 1234\n")
    assert list(found) == [(4, "")] and "第 2 行" in found[4, ""]
    clerk.press(f"/imports/{ImportJob.objects.visible_to(SYSTEM).get().pk}/run-good/")
    assert sorted(row.name for row in Customer.objects.visible_to(SYSTEM)) == ["乙公司", "甲公司"]
