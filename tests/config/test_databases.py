"""The database that the settings describe is the one that runs."""

import pytest
from django.db import connection

from xiaocheng.config import settings, sqlite
from xiaocheng.config.hashers import Argon2idHasher


@pytest.mark.django_db
def test_the_connection_has_the_promised_durability_and_limits() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            found = {name: _one(cursor, f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")}
            assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
            assert connection.Database.sqlite_version_info >= sqlite.OLDEST_SAFE
        else:
            found = {name: _one(cursor, f"SHOW {name}") for name in ("statement_timeout", "lock_timeout")}
            assert found == {"statement_timeout": "30s", "lock_timeout": "10s"}
            assert int(_one(cursor, "SHOW server_version_num")) >= 150000


def _one(cursor, statement):
    return cursor.execute(statement).fetchone()[0]


def test_an_sqlite_that_can_lose_data_is_refused_with_a_sentence() -> None:
    sqlite.refuse_unsafe_version((3, 51, 3))
    with pytest.raises(SystemExit, match=r"SQLite 3\.51\.2 can corrupt"):
        sqlite.refuse_unsafe_version((3, 51, 2))


def test_a_postgres_address_is_taken_apart() -> None:
    found = settings.database("postgres://ann:a%40b@db.example:5433/sales?sslmode=require")
    picked = {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "CONN_MAX_AGE")}
    assert picked == {
        "NAME": "sales", "USER": "ann", "PASSWORD": "a@b", "HOST": "db.example", "PORT": "5433", "CONN_MAX_AGE": 0,
    }  # fmt: skip
    assert found["OPTIONS"]["sslmode"] == "require"


def test_an_unknown_database_is_refused_with_a_sentence() -> None:
    with pytest.raises(SystemExit, match="mysql"):
        settings.database("mysql://localhost/sales")


def test_passwords_are_hashed_with_the_measured_parameters() -> None:
    hasher = Argon2idHasher()
    encoded = hasher.encode("correct horse", hasher.salt())
    assert encoded.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert hasher.verify("correct horse", encoded)
    assert not hasher.verify("wrong horse", encoded)
