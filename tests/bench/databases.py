"""The databases that are measured: made once for each size, kept in var/bench until what makes them changes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tests.bench.server import ROOT
from tests.support import postgres

HOME = ROOT / "var" / "bench"


class Sqlite:
    """Files of their own."""

    name = "SQLite"

    @contextmanager
    def kept(self, customers: int) -> Iterator[str]:
        """The address of the generated company of a size."""
        kept = HOME / f"{customers}-{digest()}.sqlite3"
        if not kept.exists():
            for old in HOME.glob(f"{customers}-*"):
                old.unlink()
            fresh = kept.with_suffix(".new")
            run("tests.bench.generate", f"sqlite:///{fresh}", str(customers))
            fresh.rename(kept)
        yield f"sqlite:///{kept}"

    @contextmanager
    def copied(self, customers: int) -> Iterator[str]:
        """The address of a copy, to be written into."""
        with self.kept(customers) as address:
            copy = HOME / "copy.sqlite3"
            self._drop(copy)
            shutil.copyfile(address.removeprefix("sqlite:///"), copy)
            _settle(copy)
            try:
                yield f"sqlite:///{copy}"
            finally:
                self._drop(copy)

    def _drop(self, file: Path) -> None:
        for path in HOME.glob(f"{file.name}*"):
            path.unlink()


def _settle(file: Path) -> None:
    """Wait until a copy is on the disk: else the first who commits waits for all of it."""
    with file.open("rb+") as written:
        os.fsync(written.fileno())


class Postgres:
    """Databases of one cluster, which writes to the disk as carefully as an operator's."""

    name = "PostgreSQL"

    def __init__(self, address: str) -> None:
        self.address = address

    @contextmanager
    def kept(self, customers: int) -> Iterator[str]:
        """The address of the generated company of a size."""
        kept = f"bench_{customers}_{digest()}"
        with psycopg.connect(self._of("postgres"), autocommit=True) as admin:
            rows = admin.execute("SELECT datname FROM pg_database")
            there = {name for (name,) in rows if name.startswith(f"bench_{customers}_")}
            if kept not in there:
                for old in there:
                    admin.execute(f'DROP DATABASE "{old}"')
                admin.execute("DROP DATABASE IF EXISTS bench_new WITH (FORCE)")
                admin.execute("CREATE DATABASE bench_new")
                run("tests.bench.generate", self._of("bench_new"), str(customers))
                admin.execute(f'ALTER DATABASE bench_new RENAME TO "{kept}"')
        yield self._of(kept)

    @contextmanager
    def copied(self, customers: int) -> Iterator[str]:
        """The address of a copy, to be written into."""
        with self.kept(customers), psycopg.connect(self._of("postgres"), autocommit=True) as admin:
            admin.execute("DROP DATABASE IF EXISTS bench_copy WITH (FORCE)")
            admin.execute(f'CREATE DATABASE bench_copy TEMPLATE "bench_{customers}_{digest()}" STRATEGY file_copy')
            try:
                yield self._of("bench_copy")
            finally:
                admin.execute("DROP DATABASE bench_copy WITH (FORCE)")

    def _of(self, database: str) -> str:
        return self.address.replace("/xiaocheng?", f"/{database}?")


@contextmanager
def opened(kind: str) -> Iterator[Sqlite | Postgres]:
    """The databases of one kind."""
    HOME.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield Sqlite()
    else:
        with postgres.cluster(home=HOME / "postgres") as address:
            yield Postgres(address)


def run(module: str, address: str, *arguments: str) -> str:
    """Run a module of the bench on a database; gives what it printed."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "XIAOCHENG_DATA_DIR": str(HOME / "data"),
        "XIAOCHENG_DATABASE_URL": address,
        "XIAOCHENG_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def digest() -> str:
    """Whatever the generated company is made of: the tables, the generator, and the quarter that it lives up to."""
    source = ROOT / "src" / "xiaocheng"
    kernel = source / "foundation/kernel"
    files = [*source.rglob("migrations/*.py"), kernel / "search.py", kernel / "tables.py"]
    makers = ("company", "course", "generate", "names", "rows", "years")
    files += [ROOT / "tests" / "bench" / f"{name}.py" for name in makers]
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(file.read_bytes())
    today = datetime.now(UTC)
    return f"{today.year}q{(today.month + 2) // 3}-{found.hexdigest()[:10]}"
