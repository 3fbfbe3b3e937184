"""`import`: take in a folder of tables, or some files: recognised, checked, written, with a line on each."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.import_export.targets import targets
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import Refusal
from xiaocheng.foundation.org.commands import set_up_company
from xiaocheng.foundation.org.queries import actor_for, department_tree, person_by_username

ENDINGS = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".vcf"}


class Command(BaseCommand):
    """Takes in files in the order in which they refer to each other; the same files again add nothing."""

    help = "Import tables (CSV, Excel, OpenDocument, vCard): people, products, customers, contacts, opportunities."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say which options there are."""
        parser.add_argument("paths", nargs="+", type=Path, help="files, or folders of files")
        parser.add_argument("--as", dest="username", help="import as this person (default: the system)")
        parser.add_argument("--company", default="", help="name of the company, if it is not set up yet")
        parser.add_argument("--dry-run", action="store_true", help="do everything, then take it back")
        parser.add_argument("--skip-errors", action="store_true", help="leave rows with errors out, take in the others")

        parser.add_argument("--mode", choices=list(queries.MODES), default="new", help="what becomes of known rows")
        parser.add_argument("--key", default="", help="field by which known rows are recognised: number, name, phone")

    def handle(self, *args: Any, paths: list[Path], **options: Any) -> None:
        """Bring the database up to date, then import or try it out."""
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic():
            self._set_up(options["company"])
            if options["dry_run"]:
                self._import(paths, options)
                transaction.set_rollback(True)
                self.stdout.write(_("试运行结束,没有保存任何内容。"))
                return
        self._import(paths, options)

    def _set_up(self, company: str) -> None:
        if department_tree(SYSTEM):
            return
        password = secrets.token_urlsafe(12)
        set_up_company(SYSTEM, company or _("公司"), username="admin", person=_("管理员"), password=password)
        self.stdout.write(_("已建立公司和管理员账号 admin,密码 %(password)s") % {"password": password})

    def _import(self, paths: list[Path], options: dict[str, Any]) -> None:
        actor = _actor(options["username"])
        order = [target.key for target in targets()]
        jobs = [job for path in _files(paths) for job in self._read(actor, path)]
        for job in sorted(jobs, key=lambda job: order.index(job.target)):
            self._take_in(actor, job.pk, **{name: options[name] for name in ("skip_errors", "mode", "key")})

    def _read(self, actor: Actor, path: Path) -> list[Any]:
        """One job for each table of a file whose kind is recognised."""
        try:
            first = commands.upload(actor, path.name, lambda to: shutil.copyfile(path, to))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        sheets = range(len(queries.tables(actor, first)))
        jobs = [
            first if sheet == first.sheet else commands.take_other_table(actor, first.pk, sheet) for sheet in sheets
        ]
        for job in jobs:
            if not job.target:
                self.stdout.write(_("%(where)s:认不出是哪种数据,已略过。") % {"where": job.where})
        return [job for job in jobs if job.target]

    def _take_in(self, actor: Actor, job_id: int, *, skip_errors: bool, mode: str, key: str) -> None:
        job = queries.import_job(actor, job_id)
        try:
            job = commands.map_columns(actor, job.pk, job.columns, mode=mode, key=key)
            self._say_meanings(actor, job)
            job = commands.check(actor, job.pk, _quietly)
            bad = queries.bad_row_count(actor, job)
            if bad and not skip_errors:
                raise CommandError(self._problems(actor, job, bad))
            job = commands.run(actor, job.pk, _quietly)
        except Refusal as refusal:
            raise CommandError(f"{job.where}: {refusal}") from None
        said = {"where": job.where, "what": queries.target_for(actor, job).name, "bad": bad, **job.counts}
        line = _("%(where)s → %(what)s:新增 %(new)s,更新 %(changed)s,未改动 %(same)s,未导入 %(refused)s。")
        self.stdout.write(line % said)

    def _say_meanings(self, actor: Actor, job: Any) -> None:
        for found in queries.meanings(actor, job):
            for meaning in found.texts:
                if meaning.how in {"guessed", "made"}:
                    how = _("新建") if meaning.how == "made" else _("视为「%(label)s」") % {"label": meaning.label}
                    self.stdout.write(f"  {found.field.name}: {meaning.text} → {how}")

    def _problems(self, actor: Actor, job: Any, bad: int) -> str:
        lines = queries.sentences(actor, job, 20)
        end = _("共 %(bad)d 行有错误,这个文件没有导入任何内容。改正后再运行,或加上 --skip-errors。") % {"bad": bad}
        return "\n".join([*lines, end])


def _quietly(rows: int) -> None:
    """Nobody watches: no progress is shown."""


def _actor(username: str | None) -> Actor:
    if not username:
        return SYSTEM
    person = person_by_username(username)
    if person is None:
        raise CommandError(_("没有登录名为 %(name)s 的在职人员。") % {"name": username})
    return actor_for(person)


def _files(paths: list[Path]) -> list[Path]:
    files = [
        file
        for path in paths
        for file in (sorted(path.iterdir()) if path.is_dir() else [path])
        if file.suffix.lower() in ENDINGS or not path.is_dir()
    ]
    missing = next((file for file in files if not file.is_file()), None)
    if missing is not None or not files:
        raise CommandError(_("没有这个文件:%(path)s") % {"path": missing or paths[0]})
    return files
