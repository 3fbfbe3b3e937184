"""Environment variables become settings, and nonsense in them becomes a sentence."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from xiaocheng.config import settings, staticfiles


def read(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Evaluate something with fresh settings, in a process of their own."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("XIAOCHENG_")}
    code = f"from xiaocheng.config import settings as s; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**given, **{f"XIAOCHENG_{key}": value for key, value in environment.items()}},
        capture_output=True,
        text=True,
    )


def test_the_secret_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    keys = {read("s.SECRET_KEY", DATA_DIR=str(tmp_path)).stdout for _ in range(2)}
    assert len(keys) == 1
    assert len(keys.pop().strip()) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_public_https_address_turns_everything_safe_on(tmp_path: Path) -> None:
    expression = "s.ALLOWED_HOSTS[-1], s.CSRF_TRUSTED_ORIGINS, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0"
    found = read(expression, DATA_DIR=str(tmp_path), URL="https://sales.example.com/")
    assert found.stdout.strip() == "sales.example.com ['https://sales.example.com'] True True"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "maybe", "XIAOCHENG_DEBUG is 'maybe'; write yes or no."),
        ("PORT", "http", "XIAOCHENG_PORT is 'http'; write a whole number."),
        ("EMAIL_URL", "imap://x", "write smtp://"),
        ("DATABASE_URL", "mysql://x", "write sqlite:///path or postgres://"),
    ],
)
def test_nonsense_is_named(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    found = read("1", DATA_DIR=str(tmp_path), SECRET_KEY="x", **{name: value})
    assert found.returncode == 1
    assert sentence in found.stderr
    assert "Traceback" not in found.stderr


def test_mail_goes_where_the_address_says() -> None:
    found = settings.email("smtps://ann:s%20cret@mail.example")
    assert found["EMAIL_HOST_PASSWORD"] == "s cret"
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (465, True, False)


def test_a_static_address_changes_with_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "app.css"
    monkeypatch.setattr(finders, "find", lambda name: str(file))
    addresses = []
    for content in ("a", "b", "a"):
        file.write_text(content)
        staticfiles._digest.cache_clear()
        addresses.append(staticfiles_storage.url("dist/app.css"))
    assert addresses[0] == addresses[2] != addresses[1]
    assert addresses[0].startswith("/static/dist/app.css?v=")


@pytest.mark.django_db
def test_the_login_page_carries_the_strict_policy(client: Client) -> None:
    headers = client.get("/account/login/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "geolocation=(self)" in headers["Permissions-Policy"]
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
