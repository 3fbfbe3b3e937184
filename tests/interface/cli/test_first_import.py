"""The first import needs nothing before it: it makes the database and the company."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

CUSTOMERS = "客户名称,电话\n甲木业有限公司,13800000001\n乙机械有限公司,13800000002\n"


def test_an_import_into_nothing_makes_the_database_and_the_company(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(CUSTOMERS, encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XIAOCHENG_")}
    done = subprocess.run(
        [sys.executable, "-m", "xiaocheng", "import", str(file), "--company", "甲乙公司"],
        env={**kept, "XIAOCHENG_DATA_DIR": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "admin" in done.stdout
    assert "customers.csv" in done.stdout
    with sqlite3.connect(tmp_path / "xiaocheng.sqlite3") as database:
        assert database.execute("SELECT name FROM org_department").fetchall() == [("甲乙公司",)]
        assert database.execute("SELECT COUNT(*) FROM customers_customer").fetchone() == (2,)
