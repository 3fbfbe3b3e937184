"""A whole company in one folder: copied while people work, checked while it is put back.

The database comes first, from one instant; the files after it, so every file that a row names is among them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from xiaocheng import __version__
from xiaocheng.foundation.kernel import clock

FOLDERS = ("files", "imports")  # attachments, and uploads that an import may still go on reading
DATABASE, MANIFEST, KEY = "database", "manifest.json", "secret_key"


def back_up(to: Path) -> dict[str, Any]:
    """Copy database, files and key into a new folder; returns what is in it. A half copy never bears the name."""
    if to.exists():
        raise CommandError(_("%(folder)s 已经存在,请换一个文件夹。") % {"folder": to})
    part = to.with_name(f"{to.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    rows = _copy_sqlite(part / DATABASE) if connection.vendor == "sqlite" else _dump_postgres(part / DATABASE)
    for name in FOLDERS:
        _copy_folder(_data() / name, part / name)
    if (_data() / KEY).exists():
        shutil.copy2(_data() / KEY, part / KEY)
    manifest = {
        "version": __version__,
        "at": clock.now().isoformat(),
        "engine": connection.vendor,
        "digest": _digest(part / DATABASE),
        "rows": rows,
        "files": _files(part),
    }
    (part / MANIFEST).write_text(json.dumps(manifest, indent=1))
    part.rename(to)
    return manifest


def restore(folder: Path) -> dict[str, Any]:
    """Put a backup where the settings say, which must be empty; every row and file is counted again."""
    manifest = _read(folder)
    if connection.introspection.table_names() or any(_files(_data()).values()):
        raise CommandError(_("数据库或数据文件夹里已有内容。请恢复到空的数据库和空的文件夹。"))
    if connection.vendor == "sqlite":
        connection.close()
        target = Path(str(connection.settings_dict["NAME"]))
        part = target.with_name(f"{target.name}.part")
        shutil.copy2(folder / DATABASE, part)
        part.replace(target)
    else:
        whole = ("--no-owner", "--exit-on-error", "--single-transaction")
        run_postgres("pg_restore", *whole, f"--dbname={_name()}", str(folder / DATABASE))
    for name in (*FOLDERS, KEY):
        if (folder / name).is_dir():
            _copy_folder(folder / name, _data() / name)
        elif (folder / name).exists():
            shutil.copy2(folder / name, _data() / name)
    if _rows() != manifest["rows"] or _files(_data()) != manifest["files"]:
        raise CommandError(_("恢复后的行数或文件与备份不一致,请换一份备份。"))
    return manifest


def _read(folder: Path) -> dict[str, Any]:
    """What a backup says about itself, if it is whole and of this kind of database."""
    if not (folder / MANIFEST).is_file():
        raise CommandError(_("%(folder)s 不是备份。") % {"folder": folder})
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    if manifest["engine"] != connection.vendor:
        raise CommandError(_("这份备份来自 %(engine)s,不能恢复到另一种数据库。") % {"engine": manifest["engine"]})
    if _digest(folder / DATABASE) != manifest["digest"]:
        raise CommandError(_("备份已损坏:内容与备份时不一致,请换一份备份。"))
    return manifest


def _copy_sqlite(to: Path) -> dict[str, int]:
    import sqlite3  # what settings put in its place: not the machine's own

    copy = sqlite3.connect(to)
    connection.ensure_connection()
    connection.connection.backup(copy)
    tables = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {}
    for name in _counted(tables):
        [rows[name]] = copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608
    copy.close()
    return rows


def _dump_postgres(to: Path) -> dict[str, int]:
    """Dump what one instant saw, and count the same instant's rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        run_postgres("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={to}", f"--dbname={_name()}")
        return _rows()


def _rows() -> dict[str, int]:
    """How many rows each table has."""
    rows = {}
    with connection.cursor() as cursor:
        for name in _counted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            rows[name] = cursor.fetchone()[0]
    return rows


def _counted(tables: list[str]) -> list[str]:
    """The tables but for what the search index keeps for itself."""
    own = ("_data", "_idx", "_docsize", "_config", "_content")
    return sorted(name for name in tables if not name.startswith("sqlite_") and not name.endswith(own))


def run_postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on our server; a password is not seen in the process list."""
    if shutil.which(program) is None:
        raise CommandError(_("没有找到 %(name)s。请安装 PostgreSQL 的客户端程序。") % {"name": program})
    given = connection.settings_dict
    login = {"PGHOST": given["HOST"], "PGPORT": given["PORT"], "PGUSER": given["USER"], "PGPASSWORD": given["PASSWORD"],
             "PGSSLMODE": given["OPTIONS"].get("sslmode")}  # fmt: skip
    environment = {**os.environ, **{name: str(value) for name, value in login.items() if value}}
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CommandError(f"{program}: {done.stderr.strip()[:2000]}")


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _data() -> Path:
    base: Any = settings.DATA_DIR
    return Path(base)


def _copy_folder(source: Path, to: Path) -> None:
    for path in source.rglob("*"):
        target = to / path.relative_to(source)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copy2(path, target)
            except FileNotFoundError:  # deleted this moment: no row of the copy names it, or nobody may see it again
                continue


def _files(base: Path) -> dict[str, int]:
    """How many bytes the files of each folder have, the empty ones left out."""
    sizes = {name: sum(path.stat().st_size for path in (base / name).rglob("*") if path.is_file()) for name in FOLDERS}
    return {name: size for name, size in sizes.items() if size}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
