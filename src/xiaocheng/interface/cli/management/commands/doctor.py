"""`doctor`: look whether everything is as it should be, and say what to do where it is not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from xiaocheng.foundation.fields.queries import repeating_fields
from xiaocheng.foundation.kernel import jobs, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.queries import year_to_warn_of
from xiaocheng.insight.queries import days_since_values, rollup_differences
from xiaocheng.selling.customers.queries import count_stale_keys

LEAST_FREE_MB = 500


def settings_are_safe() -> Iterator[str]:
    """What in the settings endangers a company's data."""
    if settings.DEBUG:
        yield _("XIAOCHENG_DEBUG 已打开:出错页面会显示内部信息。正式使用请关闭。")
    if len(settings.SECRET_KEY) < 40:
        yield _("XIAOCHENG_SECRET_KEY 太短。请使用 50 位以上的随机字符。")
    if not os.access(settings.DATA_DIR, os.W_OK):
        yield _("数据文件夹 %(folder)s 不能写入。") % {"folder": settings.DATA_DIR}
    elif shutil.disk_usage(settings.DATA_DIR).free >> 20 < LEAST_FREE_MB:
        yield _("数据文件夹所在磁盘剩余不足 %(count)d MB。") % {"count": LEAST_FREE_MB}


def database_is_sound() -> Iterator[str]:
    """What is wrong with the database itself; an SQLite that is too old is refused as soon as anything starts."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SHOW server_version_num")
            if int(cursor.fetchone()[0]) < 150_000:
                yield _("PostgreSQL 版本过低,至少需要 15。")
            return
        cursor.execute("PRAGMA integrity_check(5)")
        found = [row[0] for row in cursor.fetchall()]
        if found != ["ok"]:
            yield _("数据库文件已损坏:%(found)s。请从备份恢复。") % {"found": "; ".join(found)}
        cursor.execute("PRAGMA foreign_key_check")
        if broken := cursor.fetchall():
            yield _("有 %(count)d 行引用了不存在的数据。") % {"count": len(broken)}


def migrations_are_applied() -> Iterator[str]:
    """Which steps of an upgrade are missing."""
    executor = MigrationExecutor(connection)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield _("有 %(count)d 步数据库升级未执行。请运行 xiaocheng migrate。") % {"count": len(missing)}


def measures_agree() -> Iterator[str]:
    """Where a kept measure differs from its facts."""
    if found := measures.differences():
        key, day, kept, counted = found[0]
        yield _(
            "%(count)d 处指标不符,如 %(key)s 在 %(day)s 是 %(kept)s,应为 %(counted)s。请运行 xiaocheng rebuild。"
        ) % {"count": len(found), "key": key, "day": day, "kept": kept / 10_000, "counted": counted / 10_000}


def rollups_agree() -> Iterator[str]:
    """Where a rollup of the funnel differs from its facts."""
    if found := rollup_differences(SYSTEM):
        yield _("%(count)d 格漏斗汇总不符,如 %(first)s。请运行 xiaocheng rebuild。") % {
            "count": len(found),
            "first": found[0],
        }


def values_are_recent() -> Iterator[str]:
    """Whether the value of customers was counted last night, where there are sales."""
    days = days_since_values(SYSTEM)
    if days is None or days > 1:
        yield _("客户价值没有每晚计算。请检查后台进程,或运行 xiaocheng rebuild values。")


def keys_are_of_today() -> Iterator[str]:
    """Whether names and phones were made comparable by the rules of this version."""
    if count := count_stale_keys(SYSTEM):
        yield _("%(count)d 行的查重键是旧规则的。请运行 xiaocheng rebuild keys。") % {"count": count}


def fields_are_kept_single() -> Iterator[str]:
    """Whether the database keeps the own fields that may not repeat free of repetition."""
    if names := repeating_fields(SYSTEM):
        yield _(
            "自定义字段「%(name)s」里有重复的值,没有做到不能重复。请在「自定义字段」里取消再勾选「不能重复」,按提示改正。"
        ) % {"name": names[0]}


def work_is_done() -> Iterator[str]:
    """Whether a worker runs, and what it could not do."""
    if not jobs.workers_alive():
        yield _("没有后台进程在运行:导入、提醒和邮件都在等待。请运行 xiaocheng work。")
    if failed := DBTaskResult.objects.failed().count():
        yield _("有 %(count)d 项后台任务失败,详见服务器日志。") % {"count": failed}


def holidays_are_known() -> Iterator[str]:
    """Whether the public holidays of this year, from November those of the next, are known."""
    if year := year_to_warn_of():
        yield _("%(year)s 年的法定放假安排还没有,暂按周末计算:请升级软件,或在工作日历中逐日标记。") % {"year": year}


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "settings": settings_are_safe,
    "migrations": migrations_are_applied,
    "database": database_is_sound,
    "measures": measures_agree,
    "rollups": rollups_agree,
    "values": values_are_recent,
    "keys": keys_are_of_today,
    "fields": fields_are_kept_single,
    "worker": work_is_done,
    "calendar": holidays_are_known,
}
ADVICE = {"calendar", "values"}  # worth knowing, but nothing is broken


class Command(BaseCommand):
    """Prints a line for each check; ends with 1 when something is wrong, not for mere advice ("!")."""

    help = (
        "Check settings, database, migrations, keys of duplicates, measures, rollups, values, "
        "the worker and the work calendar."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Make all checks; without the tables the later ones cannot run."""
        bad = 0
        for name, check in CHECKS.items():
            found = list(check())
            advice = name in ADVICE
            mark, style = ("!", self.style.WARNING) if advice else ("✗", self.style.ERROR)
            for sentence in found:
                self.stdout.write(style(f"{mark} {name}: {sentence}"))
            bad += 0 if advice else len(found)
            if not found:
                self.stdout.write(self.style.SUCCESS(f"✓ {name}"))
            if found and name == "migrations":
                break
        if bad:
            raise SystemExit(1)
