"""Puts the SQLite library that ships with the package before the machine's, and refuses one that can lose data."""

import importlib
import sys

# 3.7.0 to 3.51.2 can corrupt a database when a checkpoint meets a writer (the WAL-reset race).
OLDEST_SAFE = (3, 51, 3)


def install() -> None:
    """Make `import sqlite3` mean the bundled library; call it before Django's backend is imported."""
    try:
        bundled = importlib.import_module("pysqlite3")
    except ImportError:
        return
    sys.modules["sqlite3"] = bundled
    sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def refuse_unsafe_version(version: tuple[int, ...] | None = None) -> None:
    """Stop with a clear sentence when the SQLite in use is older than the first safe one."""
    found = version or importlib.import_module("sqlite3").sqlite_version_info
    if found < OLDEST_SAFE:
        raise SystemExit(
            f"SQLite {_dotted(found)} can corrupt a database in WAL mode; at least {_dotted(OLDEST_SAFE)} is needed. "
            "Install the package 'pysqlite3', or set XIAOCHENG_DATABASE_URL to a PostgreSQL database."
        )


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
