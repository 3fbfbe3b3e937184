"""The wizard, page by page, as a person goes through it."""

import re

import pytest
import xlsxwriter
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.shared import shared_data
from xiaocheng.foundation.import_export.models import ImportJob
from xiaocheng.foundation.kernel import jobs
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.models import JobProgress
from xiaocheng.selling.customers.commands import CustomerDraft, assign, register
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.pipeline.models import Opportunity, Process

from .conftest import shown_values

pytestmark = pytest.mark.django_db
GOOD = "客户名称,联系电话,行业,负责人\n甲公司,021-55551234,制造,张三\n乙公司,010-66667777,信息技木,\n"


def test_a_file_becomes_customers_step_by_step(clerk, world):
    to = clerk.upload("客户.csv", GOOD)["Location"]
    assert to.endswith("/columns/")
    to = clerk.confirm(to)
    assert to.endswith("/values/")
    page = clerk.client.get(to)
    assert "信息技木" in page.content.decode()
    assert shown_values(page)["v0_0"] == "make"
    to = clerk.confirm(to, v0_0="=technology")
    assert re.fullmatch(r"/imports/\d+/", to)
    assert "2 行等待检查" in clerk.client.get(to).content.decode()
    shown = clerk.press(f"{to}check/")
    assert "2 行全部可以导入" in shown
    assert not Customer.objects.visible_to(SYSTEM).exists()
    shown = clerk.press(f"{to}try/")
    assert "没有保存任何内容" in shown
    assert not Customer.objects.visible_to(SYSTEM).exists()
    shown = clerk.press(f"{to}run/")
    assert "已完成" in shown
    assert "/customers/" in shown
    rows = Customer.objects.visible_to(SYSTEM).order_by("pk")
    assert list(rows.values_list("name", "industry", "owner_id")) == [
        ("甲公司", "manufacturing", world.id("east_rep")),
        ("乙公司", "technology", None),
    ]
    assert "客户.csv" in clerk.client.get("/imports/").content.decode()


def test_what_is_there_is_updated_if_one_says_so_and_each_row_shows_before_and_after(clerk, world):
    register(SYSTEM, CustomerDraft(name="甲公司", phone="021-55551234", owner_id=world.id("east_rep")))
    columns = clerk.upload("客户.csv", "客户名称,电话\n甲公司,021-77778888\n乙公司,\n")["Location"]
    assert (
        "请选择按哪一项"
        in clerk.client.post(columns, {**shown_values(clerk.client.get(columns)), "mode": "both"}).content.decode()
    )
    to = clerk.confirm(columns, mode="both", key="name")
    shown = clerk.press(f"{to}check/")
    assert "<del>021-55551234</del> → <strong>021-77778888</strong>" in shown
    assert "乙公司" not in clerk.client.get(f"{to}?only=changed").content.decode()
    shown = clerk.press(f"{to}run/")
    assert "更新" in shown and "恢复原来的内容" in shown
    assert "恢复了原来的内容" in clerk.press(f"{to}undo/")
    assert Customer.objects.visible_to(SYSTEM).get().phone == "021-55551234"


def test_the_sheets_of_a_workbook_come_in_one_after_the_other_as_they_refer_to_each_other(clerk, tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for name, rows in (
            ("说明", [["随便写点"]]),
            ("联系人", [["客户", "联系人姓名", "职务"], ["甲公司", "王五", "厂长"]]),
            ("客户", [["客户名称", "电话"], ["甲公司", "021-55551234"]]),
        ):
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    to = clerk.upload("全部.xlsx", (tmp_path / "a.xlsx").read_bytes())["Location"]
    to = clerk.confirm(clerk.confirm(to))  # the customers are proposed, as the contacts refer to them
    clerk.press(f"{to}check/")
    shown = clerk.press(f"{to}run/")
    assert Customer.objects.visible_to(SYSTEM).get().name == "甲公司"
    (other,) = re.findall(rf"{to}sheet/\d+/(?=\" hx-post)", shown)
    columns = clerk.client.post(other)["Location"]
    to = clerk.confirm(columns)
    clerk.press(f"{to}check/")
    shown = clerk.press(f"{to}run/")
    assert Contact.objects.visible_to(SYSTEM).get().name == "王五"
    assert "接着导入" not in shown
    assert clerk.client.post(other.replace(other.split("/")[-2], "9")).status_code in {404, 422}


def test_errors_are_shown_by_row_and_can_be_fetched(clerk):
    to = clerk.upload("客户.csv", "客户名称,电话\n甲公司,021-55551234\n,021-1\n乙公司,12\n=cmd|x,1\n")["Location"]
    to = clerk.confirm(to)
    shown = clerk.press(f"{to}check/")
    assert "3 行有错误" in shown
    assert "跳过有错误的行" in shown
    assert f'action="{to}run/"' not in shown
    refused = clerk.client.post(f"{to}run/")
    assert refused.status_code == 422
    workbook = clerk.client.get(f"{to}errors.xlsx")
    assert b"".join(workbook.streaming_content).startswith(b"PK")
    text = b"".join(clerk.client.get(f"{to}errors.csv").streaming_content).decode()
    assert "'=cmd|x" in text
    shown = clerk.press(f"{to}run-good/")
    assert "已完成" in shown
    assert [row.name for row in Customer.objects.visible_to(SYSTEM)] == ["甲公司"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04 broken", "「a.xlsx」已损坏"),
        ("a.csv", b"a,b\n", "「a.csv」里没有数据行"),
        ("a.pdf", b"%PDF-1.4", "「a.pdf」不是表格文件"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_the_field(clerk, name, content, said):
    answer = clerk.upload(name, content)
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"][0].startswith(said)
    assert not ImportJob.objects.visible_to(SYSTEM).exists()


def test_without_a_file_the_field_is_named(clerk):
    answer = clerk.client.post("/imports/new/", {})
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors


def test_two_columns_for_one_field_and_none_for_a_required_one_are_refused(clerk):
    to = clerk.upload("客户.csv", "名称一,名称二\n甲,乙\n")["Location"]
    assert to.endswith("/table/")
    to = clerk.confirm(to, target="customers")
    for wrong in ({"c0": "name", "c1": "name"}, {"c0": "phone", "c1": ""}, {"c0": "nonsense"}):
        answer = clerk.client.post(to, wrong)
        assert answer.status_code == 422
        assert answer.context["form"].errors


def test_an_unknown_table_asks_what_its_rows_are(clerk):
    to = clerk.upload("x.csv", "a,b\n1,2\n")["Location"]
    assert to.endswith("/table/")
    assert clerk.client.post(to, {"sheet": "7", "target": "customers"}).status_code == 422
    assert clerk.client.post(to, {"sheet": "0", "target": "nothing"}).status_code == 422


def test_nobody_sees_somebody_elses_import(clerk, world):
    to = clerk.confirm(clerk.upload("客户.csv", GOOD)["Location"])
    other = world.client("south_manager")
    pages = ("", "table/", "columns/", "values/", "stages/", "errors.xlsx", "errors.csv")
    base = re.match(r"/imports/\d+/", to)[0]
    assert [other.get(base + page).status_code for page in pages] == [404] * len(pages)
    acts = ("check/", "try/", "run/", "run-good/")
    assert [other.post(base + act).status_code for act in acts] == [404] * len(acts)
    assert world.client("east_rep").get("/imports/").status_code == 403


def test_the_page_follows_the_work_and_loads_again_when_it_is_over(clerk):
    to = clerk.confirm(clerk.upload("客户.csv", "客户名称\n甲\n")["Location"])
    clerk.client.post(f"{to}check/")
    asking = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#progress"}
    following = clerk.client.get(to, headers=asking)
    assert 'hx-trigger="every 1s"' in following.content.decode()
    assert "<html" not in following.content.decode()
    assert clerk.client.get(f"{to}columns/").status_code == 200
    call_command("work", once=True)
    assert clerk.client.get(to, headers=asking)["HX-Refresh"] == "true"


def test_a_failed_check_says_why_and_may_be_asked_for_again(clerk, monkeypatch):
    to = clerk.confirm(clerk.upload("客户.csv", "客户名称\n甲\n")["Location"])
    clerk.client.post(f"{to}check/")
    with monkeypatch.context() as patched:
        patched.setattr("xiaocheng.foundation.import_export.running.check", lambda *a, **k: 1 / 0)
        for _try in range(3):
            row = jobs.take("elsewhere:1:a")
            jobs.run(row)
            row.__class__.objects.update(run_after="2020-01-01T00:00Z")
        assert JobProgress.objects.get().state == "failed"
    shown = clerk.client.get(to).content.decode()
    assert "已停止" in shown
    assert "1 行全部可以导入" in clerk.press(f"{to}check/")


def let_three_workers_die():
    for _try in range(3):
        assert jobs.take("elsewhere:1:a")
        jobs.reap()


def test_an_import_that_killed_its_workers_can_be_gone_on_with_and_taken_back(clerk):
    to = clerk.confirm(clerk.upload("客户.csv", "客户名称\n甲\n乙\n")["Location"])
    clerk.press(f"{to}check/")
    clerk.client.post(f"{to}run/")
    let_three_workers_die()
    assert "后台任务多次出错" in clerk.client.get(to).content.decode()
    clerk.press(f"{to}check/")
    assert "已完成" in clerk.press(f"{to}run/")
    clerk.client.post(f"{to}undo/")
    let_three_workers_die()
    shown = clerk.client.get(to).content.decode()
    assert "后台任务多次出错" in shown and f'action="{to}undo/"' in shown
    assert "已撤销" in clerk.press(f"{to}undo/")


def test_the_pipeline_of_a_former_system_comes_in_through_the_wizard(clerk):
    for name in ("sales_teams.csv", "products.csv", "accounts.csv"):
        to = clerk.upload(name, shared_data("maven_crm", name).read_bytes())["Location"]
        while not re.fullmatch(r"/imports/\d+/", to):
            to = clerk.confirm(to)
        clerk.press(f"{to}check/")
        assert "已完成" in clerk.press(f"{to}run/")
    lines = shared_data("maven_crm", "sales_pipeline.csv").read_text().splitlines()
    content = "\n".join([lines[0], *lines[1::40]])
    to = clerk.upload("sales_pipeline.csv", content)["Location"]
    to = clerk.confirm(to)
    assert to.endswith("/values/")
    assert "GTXPro" in clerk.client.get(to).content.decode()
    to = clerk.confirm(to)
    assert to.endswith("/stages/")
    shown = shown_values(clerk.client.get(to))
    assert [shown[f"s{n}"] for n in range(4)] == ["open", "open", "won", "lost"]
    assert shown["opened_in"] == "Engaging"
    to = clerk.confirm(to, name="Maven")
    assert "220 行全部可以导入" in clerk.press(f"{to}check/")
    assert "已完成" in clerk.press(f"{to}run/")
    process = Process.objects.get(name="Maven")
    stages = process.versions.get().stages.values_list("name", "kind")
    assert list(stages) == [("Prospecting", "open"), ("Engaging", "open"), ("Won", "won"), ("Lost", "lost")]
    assert Opportunity.objects.visible_to(SYSTEM).filter(version__process=process).count() == 220


def test_stages_may_be_given_to_a_process_that_is_there(clerk, world):
    from xiaocheng.selling.pipeline.commands import install_template

    install_template(SYSTEM, "short")
    deals = "商机编号,商机名称,销售阶段,负责人\nA1,甲,初访,张三\nA2,乙,做成了,张三\n"
    to = clerk.upload("商机.csv", deals)["Location"]
    to = clerk.confirm(to)
    process = Process.objects.get(code="short").versions.get()
    refused = clerk.client.post(f"{to}?process={process.pk}", {"s0": "", "s1": "won", "opened_in": "初访"})
    assert refused.status_code == 422
    answer = clerk.client.post(f"{to}?process={process.pk}", {"s0": "find", "s1": "won", "opened_in": "初访"})
    base = answer["Location"]
    clerk.press(f"{base}check/")
    assert "已完成" in clerk.press(f"{base}run/")
    found = Opportunity.objects.visible_to(SYSTEM).order_by("number").values_list("name", "stage__code", "state")
    assert list(found) == [("甲", "find", "open"), ("乙", "won", "won")]


def test_a_file_that_was_read_wrongly_is_read_again_as_the_person_says(clerk):
    text = "客户资料\n导出日期,2026-03-02,管小敏\n客户名称,电话,备注\n甲公司,021-55551234,\n"
    to = clerk.upload("客户.csv", text.encode("gb18030"))["Location"]
    table = re.match(r"/imports/\d+/", to)[0] + "table/"
    shown = clerk.client.get(table)
    assert "客户资料" in shown.content.decode()
    assert shown_values(shown)["encoding"] == "gb18030"
    assert clerk.confirm(table, target="customers", header_row="1") == table
    assert shown_values(clerk.client.get(table))["header_row"] == 1
    answer = clerk.client.post(table, {**shown_values(clerk.client.get(table)), "encoding": "utf-16"})
    assert answer.status_code == 422
    assert clerk.confirm(table, target="customers", header_row="3", encoding="big5hkscs") == table
    assert "甲公司" not in clerk.client.get(table).content.decode()
    assert clerk.confirm(table, encoding="gb18030") == table
    columns = clerk.confirm(table)
    page = clerk.client.get(columns).content.decode()
    assert "按 gb18030 编码读取,表头是第 3 行" in page and "甲公司" in page
    assert "1 行全部可以导入" in clerk.press(f"{clerk.confirm(columns)}check/")
    assert len(list((settings.DATA_DIR / "imports").iterdir())) == 1


def test_a_header_row_below_which_nothing_stands_is_refused(clerk):
    to = clerk.upload("客户.csv", "客户名称,电话\n甲公司,1\n")["Location"].replace("columns", "table")
    answer = clerk.client.post(to, {**shown_values(clerk.client.get(to)), "header_row": "2"})
    assert (answer.status_code, "没有数据行" in answer.content.decode()) == (422, True)
    assert shown_values(clerk.client.get(to))["header_row"] == 1


def test_an_import_is_taken_back_from_its_page(clerk):
    to = clerk.confirm(clerk.upload("客户.csv", "客户名称\n甲\n乙\n")["Location"])
    clerk.press(f"{to}check/")
    assert f'action="{to}undo/"' in clerk.press(f"{to}run/")
    shown = clerk.press(f"{to}undo/")
    assert "新增的行都已删除" in shown and "undo/" not in shown
    assert not Customer.objects.visible_to(SYSTEM).exists()


def test_what_stands_in_the_way_of_taking_back_is_named_on_the_page(clerk, world):
    to = clerk.confirm(clerk.upload("客户.csv", "客户名称\n甲\n乙\n")["Location"])
    clerk.press(f"{to}check/")
    clerk.press(f"{to}run/")
    row = Customer.objects.visible_to(SYSTEM).get(name="甲")
    assign(world.actor("administrator"), [row.pk], world.id("east_rep"))
    shown = clerk.press(f"{to}undo/")
    assert "「甲」之后有改动" in shown and "已完成" in shown and f'action="{to}undo/"' in shown


def own(caught):
    """How often a page reads the tables of imports and of what is imported: who is asking is read by every page."""
    tables = ("import_export_", "customers_", "fields_")
    return sum(any(table in query["sql"] for table in tables) for query in caught.captured_queries)


def test_every_page_of_the_wizard_costs_few_statements_however_long_the_file(clerk):
    def count(rows):
        lines = "".join(f"公司{n},制造{n % 3}\n" for n in range(rows))
        base = re.match(r"/imports/\d+/", clerk.upload("客户.csv", f"客户名称,行业\n{lines}")["Location"])[0]
        found = {}
        for page in ("table/", "columns/", "values/", ""):
            with CaptureQueriesContext(connection) as caught:
                assert clerk.client.get(base + page).status_code == 200
            found[page] = own(caught)
            if page == "columns/":
                clerk.confirm(base + page)
        clerk.press(f"{base}check/")
        with CaptureQueriesContext(connection) as caught:
            clerk.client.get(base)
        return {**found, "checked": own(caught)}

    count(1)  # what the process remembers
    assert count(5) == count(400) == {"table/": 1, "columns/": 1, "values/": 1, "": 4, "checked": 4}
