"""A table on its way in: checked whole, written in sets, once in effect whatever happens."""

import itertools
from unicodedata import normalize

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from tests.world import World
from xiaocheng.foundation.import_export import commands, queries, running
from xiaocheng.foundation.import_export.models import ImportJob
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.jobs import Stopped
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import disable_person
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.models import Opportunity, Process

pytestmark = pytest.mark.django_db
GOOD = (
    "客户名称,电话,行业,负责人,备注栏\n上海华建有限公司,021-55551234,制造,张三,甲\n北京诚信,010-66667777,信息技术,,乙\n"
)
BAD = (
    "客户名称,电话,邮箱\n甲公司,021-55551234,a@example.com\n,010-1234567,\n"
    "乙公司,12,\n丙公司,,not an address\n甲公司,,\n"
)


def nothing(rows):
    """Nobody watches."""


def customers():
    return Customer.objects.visible_to(SYSTEM).order_by("pk")


def take_in(actor, job):
    """All steps as a person confirms them, without the worker."""
    job = commands.map_columns(actor, job.pk, job.columns)
    job = commands.check(actor, job.pk, nothing)
    return commands.run(actor, job.pk, nothing)


def test_customers_are_taken_in_with_owner_pool_and_the_columns_that_are_no_field(world: World, upload):
    job = take_in(world.actor("administrator"), upload(world.actor("administrator"), GOOD))
    assert (job.state, job.counts) == ("done", {"new": 2, "changed": 0, "same": 0, "refused": 0})
    first, second = customers()
    assert (first.name, first.owner_id, first.pool_id, first.industry) == (
        "上海华建有限公司", world.id("east_rep"), None, "manufacturing",
    )  # fmt: skip
    assert (second.owner_id, second.pool.code, second.background) == (None, "imported", "备注栏: 乙")
    assert JournalEntry.objects.filter(kind="import_export.FileImported").get().data["new"] == 2


def test_the_same_file_again_adds_nothing(world: World, upload):
    actor = world.actor("administrator")
    take_in(actor, upload(actor, GOOD))
    again = take_in(actor, upload(actor, GOOD))
    assert again.counts == {"new": 0, "changed": 0, "same": 2, "refused": 0}
    assert customers().count() == 2


def test_rows_left_out_are_listed_as_the_readers_language_lists(world: World, upload):
    actor = world.actor("administrator")
    job = upload(actor, "客户名称,电话\n甲,021-55551234\n小计,\n乙,010-66667777\n合计,\n")
    commands.map_columns(actor, job.pk, job.columns)
    for language, rows in (("zh-hans", "3、5"), ("zh-hant", "3、5"), ("en", "3, 5")):
        with translation.override(language):
            [note] = commands.check(actor, job.pk, nothing).notes
        assert rows in note, language


def test_every_row_is_checked_before_the_first_is_written(world: World, upload):
    actor = world.actor("administrator")
    job = upload(actor, BAD)
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, nothing)
    assert not customers().exists()
    assert [normalize("NFKC", sentence) for sentence in queries.sentences(actor, job)] == [
        "「客户.csv」第 3 行「客户名称」:不能为空。请填写客户名称。",
        "「客户.csv」第 4 行「电话」:电话号码不完整,至少 5 位数字。",
        "「客户.csv」第 5 行「邮箱」:邮箱格式不对,例如 name@example.com。",
        "「客户.csv」第 6 行:与第 2 行重复。请删去其中一行。",
    ]
    with pytest.raises(RuleBroken, match="有错误的行"):
        commands.ask_run(actor, job.pk)


def test_rows_with_errors_are_left_out_only_when_the_person_says_so(world: World, upload):
    actor = world.actor("administrator")
    job = upload(actor, BAD)
    commands.map_columns(actor, job.pk, job.columns)
    commands.ask_check(actor, job.pk)
    call_command("work", once=True)
    commands.ask_run(actor, job.pk, skip_problems=True)
    call_command("work", once=True)
    job = queries.import_job(actor, job.pk)
    assert (job.state, job.counts) == ("done", {"new": 1, "changed": 0, "same": 0, "refused": 4})
    assert [row.name for row in customers()] == ["甲公司"]


def test_the_error_file_holds_the_bad_rows_and_what_is_wrong(world: World, upload):
    actor = world.actor("administrator")
    job = upload(actor, BAD.replace("丙公司", "=cmd|x"))
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, nothing)
    lines = "".join(queries.error_lines(actor, job)).splitlines()
    assert lines[0] == "\ufeff客户名称,电话,邮箱,原行号,错误"
    assert lines[1] == ",010-1234567,,3,客户名称: 不能为空。请填写客户名称。"
    assert lines[3].startswith("'=cmd|x,,not an address,5,")
    assert queries.write_error_file(actor, job).stat().st_size > 1000


def test_the_error_file_mended_and_sent_again_takes_in_those_rows_alone(world: World, upload):
    actor = world.actor("administrator")
    job = upload(actor, "客户名称,电话,谁\n甲公司,021-55551234,张三\n,010-66667777,李四\n")
    commands.map_columns(actor, job.pk, {"name": 0, "phone": 1, "needs": 2})
    commands.check(actor, job.pk, nothing)
    commands.ask_run(actor, job.pk, skip_problems=True)
    commands.run(actor, job.pk, nothing)
    mended = "".join(queries.error_lines(actor, job)).replace("\n,010", "\n乙公司,010")
    again = upload(actor, mended, "错误行.csv")
    assert again.columns == {"name": 0, "phone": 1, "needs": 2}  # as the person said the first time
    again = take_in(actor, again)
    assert (again.counts["new"], again.counts["refused"], again.row_count) == (1, 0, 1)
    row = customers().get(name="乙公司")
    assert (row.needs, row.background) == ("李四", "")  # what the error file adds is no data
    header, _rows = queries.error_rows(actor, again)
    assert header == ["客户名称", "电话", "谁", "原行号", "错误"]


def test_a_dry_run_says_what_would_come_of_it_and_leaves_nothing(world: World, upload):
    actor = world.actor("administrator")
    take_in(actor, upload(actor, GOOD))
    call_command("work", once=True)  # what is due by the clock writes in the journal, too
    before = JournalEntry.objects.count()
    job = upload(actor, GOOD + "广州新店,020-88889999,制造,张三,丙\n")
    commands.map_columns(actor, job.pk, job.columns)
    commands.ask_check(actor, job.pk, dry=True)
    call_command("work", once=True)
    job = queries.import_job(actor, job.pk)
    assert (job.state, job.is_dry, job.counts["new"], job.counts["same"]) == ("checked", True, 1, 2)
    assert customers().count() == 2
    assert JournalEntry.objects.count() == before


def test_an_import_that_was_interrupted_goes_on_where_it_stood(world: World, upload, monkeypatch):
    actor = world.actor("administrator")
    monkeypatch.setattr("xiaocheng.foundation.import_export.checking.SET", 10)
    job = upload(actor, "客户名称\n" + "".join(f"公司{n:03d}\n" for n in range(35)))
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, nothing)
    calls = itertools.count()

    def die_in_the_third_set(rows):
        if next(calls) == 1:
            raise Stopped

    with pytest.raises(Stopped):
        running.run(actor, job.pk, die_in_the_third_set)
    job = queries.import_job(actor, job.pk)
    assert (job.next_row, job.counts["new"], customers().count()) == (20, 20, 20)
    job = running.run(actor, job.pk, nothing)
    assert (job.state, job.next_row, job.counts) == ("done", 35, {"new": 35, "changed": 0, "same": 0, "refused": 0})
    assert customers().count() == 35


def test_a_set_that_fails_is_taken_back_whole_and_the_import_can_go_on(world: World, upload, monkeypatch):
    actor = world.actor("administrator")
    job = upload(actor, GOOD)
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, nothing)
    with monkeypatch.context() as patched:
        patched.setattr(running, "_note_problems", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            running.run(actor, job.pk, nothing)
    assert not customers().exists()
    running.give_up(actor, job.pk)
    assert queries.import_job(actor, job.pk).state == "failed"
    assert running.run(actor, job.pk, nothing).counts["new"] == 2


def test_of_two_that_run_the_same_import_one_stops(world: World, upload, monkeypatch):
    actor = world.actor("administrator")
    monkeypatch.setattr("xiaocheng.foundation.import_export.checking.SET", 1)
    job = upload(actor, GOOD)
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, nothing)
    meanwhile = iter([lambda: running.run(actor, job.pk, nothing), lambda: None])
    with pytest.raises(RuleBroken, match="已在别处运行"):
        running.run(actor, job.pk, lambda rows: next(meanwhile)())
    assert customers().count() == 2
    assert queries.import_job(actor, job.pk).counts["new"] == 2


def test_a_missing_value_is_made_when_the_import_runs_and_a_misspelt_one_is_understood(world: World, upload):
    actor = world.actor("administrator")
    job = upload(actor, "account,sector\nAcme,technolgy\nBeta,employment\nGamma,medical\n")
    job = commands.map_columns(actor, job.pk, job.columns)
    assert job.values == {"industry": {"technolgy": "technology", "employment": {"make": "employment"}}}
    job = commands.check(actor, job.pk, nothing)
    assert not job.problems.exists()
    job = commands.run(actor, job.pk, nothing)
    assert list(customers().values_list("name", "industry")) == [
        ("Acme", "technology"), ("Beta", "employment"), ("Gamma", "medical"),
    ]  # fmt: skip
    assert job.values["industry"]["employment"] == "employment"


def test_a_person_may_say_what_a_value_means_or_leave_it_empty(world: World, upload):
    actor = world.actor("administrator")
    job = upload(actor, "客户名称,负责人\n甲,老张\n乙,无名氏\n")
    job = commands.map_columns(actor, job.pk, job.columns)
    assert [(m.text, m.how) for m in queries.meanings(actor, job)[0].texts] == [("老张", "open"), ("无名氏", "open")]
    commands.check(actor, job.pk, nothing)
    assert queries.bad_row_count(actor, job) == 2
    commands.map_values(actor, job.pk, {"owner": {"老张": world.id("east_rep"), "无名氏": None}})
    commands.check(actor, job.pk, nothing)
    commands.run(actor, job.pk, nothing)
    assert list(customers().values_list("owner_id", flat=True)) == [world.id("east_rep"), None]


def test_contacts_find_their_customers(world: World, upload):
    actor = world.actor("administrator")
    take_in(actor, upload(actor, GOOD))
    text = "公司名称,联系人,职务,手机,是否决策人\n上海华建,王工,采购,13800000000,是\n没有这家,李工,,,\n"
    job = upload(actor, text, "联系人.csv")
    assert job.target == "contacts"
    job = commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, nothing)
    assert [p.row for p in job.problems.all()] == [3]
    job = commands.run(actor, job.pk, nothing)
    assert job.counts == {"new": 1, "changed": 0, "same": 0, "refused": 1}
    again = upload(actor, text.replace("没有这家,李工,,,\n", ""), "联系人.csv")
    assert take_in(actor, again).counts == {"new": 0, "changed": 0, "same": 1, "refused": 0}


def test_people_come_in_with_their_managers_and_regions(world: World, upload):
    actor = world.actor("administrator")
    people = ["徐小西,秦大西,西部大区,13900000001", "秦大西,陈总监,西部大区,", "白小北,张北方,北部大区,"]
    text = "\n".join(["姓名,直属上级,区域,手机", *people])
    job = take_in(actor, upload(actor, text, "人员.csv"))
    assert job.counts["new"] == 3
    person = world.person("director").__class__.objects.get(name="徐小西")
    assert (person.manager.name, person.manager.role.code, person.manager.manager_id) == (
        "秦大西", "manager", world.id("director"),
    )  # fmt: skip
    assert (person.department.name, person.department.is_region, person.username) == ("西部大区", True, "xuxiaoxi")
    assert person.__class__.objects.get(name="白小北").manager.name == "张北方"
    assert take_in(actor, upload(actor, text, "人员.csv")).counts == {"new": 0, "changed": 0, "same": 3, "refused": 0}


def test_a_circle_of_managers_is_refused(world: World, upload):
    actor = world.actor("administrator")
    job = upload(actor, "姓名,直属上级\n甲乙,丙丁\n丙丁,甲乙\n", "人员.csv")
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, nothing)
    with pytest.raises(RuleBroken, match="成了一个圈"):
        commands.run(actor, job.pk, nothing)


DEALS = "\n".join(
    [
        "商机编号,客户名称,销售阶段,开始日期,结束日期,金额,负责人",
        "A1,甲,初访,,,,张三",
        "A2,甲,方案,2026-01-05,,5万,张三",
        "A3,甲,签约成功,2026-01-05,2026-02-04,3万,张三",
        "A4,甲,丢单,2026-01-05,2026-01-15,,赵六",
    ]
)


def test_unknown_stages_are_proposed_as_a_process_of_their_own(world: World, upload):
    actor = world.actor("administrator")
    take_in(actor, upload(actor, "客户名称\n甲\n"))
    job = upload(actor, DEALS, "商机.csv")
    job = commands.map_columns(actor, job.pk, job.columns)
    setup = job.options["setup"]
    assert [(item["text"], item["kind"]) for item in setup["stages"]] == [
        ("初访", "open"), ("方案", "open"), ("签约成功", "won"), ("丢单", "lost"),
    ]  # fmt: skip
    assert (setup["version_id"], setup["opened_in"]) == (None, "方案")
    commands.set_up(actor, job.pk, {**setup, "name": "老系统的流程"})
    assert not Process.objects.filter(name="老系统的流程").exists()
    commands.check(actor, job.pk, nothing)
    assert not Process.objects.filter(name="老系统的流程").exists()
    job = commands.run(actor, job.pk, nothing)
    assert job.counts == {"new": 4, "changed": 0, "same": 0, "refused": 0}
    assert Process.objects.filter(name="老系统的流程").count() == 1
    again = upload(actor, DEALS, "商机.csv")
    job = commands.map_columns(actor, again.pk, again.columns)
    assert job.options["setup"]["version_id"] is not None
    commands.check(actor, job.pk, nothing)
    assert commands.run(actor, job.pk, nothing).counts == {"new": 0, "changed": 0, "same": 4, "refused": 0}


def test_an_opportunity_keeps_the_columns_that_are_no_field_in_its_background(world: World, upload):
    rows = ["B1,甲,成交,2026-02-04,张三,很急,X-200", "B2,乙,成交,2026-02-04,张三,,"]
    text = "\n".join(["商机编号,商机名称,销售阶段,开始日期,负责人,备注,机型", *rows])
    take_in(world.actor("administrator"), upload(world.actor("administrator"), text, "商机.csv"))
    assert [row.background for row in Opportunity.objects.visible_to(SYSTEM).order_by("number")] == [
        "很急\n机型: X-200", "",
    ]  # fmt: skip


def test_days_that_cannot_be_are_found_before_anything_is_written(world: World, upload):
    actor = world.actor("administrator")
    deals = ["B1,甲,成交,2026-03-05,2026-02-04,张三", "B2,乙,成交,2126-01-01,,张三"]
    text = "\n".join(["商机编号,商机名称,销售阶段,开始日期,结束日期,负责人", *deals])
    job = upload(actor, text, "商机.csv")
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, nothing)
    assert [(p.row, p.column) for p in job.problems.order_by("row")] == [(2, "结束日期"), (3, "开始日期")]


def test_somebody_elses_import_is_as_if_it_did_not_exist(world: World, upload):
    job = upload(world.actor("east_manager"), GOOD)
    for who in ("south_manager", "east_rep"):
        with pytest.raises(NotFound):
            queries.import_job(world.actor(who), job.pk)
        with pytest.raises(NotFound):
            commands.choose(world.actor(who), job.pk, 0, "customers")


def test_without_the_capability_nothing_is_uploaded_nor_taken_in(world: World, upload, tmp_path):
    with pytest.raises(NotAllowed):
        upload(world.actor("east_rep"), GOOD)
    assert not (tmp_path / "data" / "imports").exists()
    manager = world.actor("east_manager")
    job = upload(manager, GOOD)
    with pytest.raises(NotAllowed):
        commands.choose(manager, job.pk, 0, "people")


def test_a_job_of_somebody_who_left_meanwhile_writes_nothing(world: World, upload):
    actor = world.actor("administrator")
    manager = world.actor("east_manager")
    job = upload(manager, "客户名称\n甲\n")
    commands.map_columns(manager, job.pk, job.columns)
    commands.check(manager, job.pk, nothing)
    commands.ask_run(manager, job.pk)
    disable_person(actor, world.id("east_manager"))
    call_command("work", once=True)
    assert not customers().exists()


def test_a_finished_import_is_not_changed_any_more(world: World, upload):
    actor = world.actor("administrator")
    job = take_in(actor, upload(actor, GOOD))
    with pytest.raises(RuleBroken, match="已经完成"):
        commands.map_columns(actor, job.pk, job.columns)
    with pytest.raises(RuleBroken, match="已经完成"):
        commands.ask_run(actor, job.pk)


def test_a_required_field_needs_its_column(world: World, upload):
    actor = world.actor("administrator")
    job = upload(actor, GOOD)
    with pytest.raises(RuleBroken, match="客户名称") as refused:
        commands.map_columns(actor, job.pk, {"phone": 1})
    assert refused.value.field == "name"


def test_old_files_are_deleted_and_what_came_of_them_stays(world: World, upload, time_machine_later):
    from xiaocheng.foundation.import_export.jobs import delete_old_files

    actor = world.actor("administrator")
    job = take_in(actor, upload(actor, GOOD))
    assert job.path.exists()
    delete_old_files(job.created_at)
    assert job.path.exists()
    delete_old_files(time_machine_later(job.created_at))
    assert not job.path.exists()
    assert ImportJob.objects.visible_to(actor).get(pk=job.pk).counts["new"] == 2


@pytest.fixture
def time_machine_later():
    import datetime as dt

    return lambda at: at + dt.timedelta(days=31)


def test_queries_do_not_grow_with_the_rows(world: World, upload):
    actor = world.actor("administrator")

    def count(rows):
        from django.test.utils import CaptureQueriesContext

        job = upload(
            actor, "客户名称,电话\n" + "".join(f"公司{rows}-{n},0215555{rows:03d}{n:03d}\n" for n in range(rows))
        )
        commands.map_columns(actor, job.pk, job.columns)
        commands.check(actor, job.pk, nothing)
        with CaptureQueriesContext(
            connection,
        ) as found:
            commands.run(actor, job.pk, nothing)
        return len(found)

    assert count(300) <= count(30) + 12
