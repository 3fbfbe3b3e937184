"""The logins of the demo company, offered on the login page while that company is loaded."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class DemoLogin:
    """One person of the demo company to sign in as with one click."""

    username: str
    name: str
    role: str
    hint: str = ""


def marker() -> Path:
    """The file in the data folder that says: this company is the demo."""
    return Path(settings.DATA_DIR) / "demo_logins.json"


def demo_logins() -> list[DemoLogin]:
    """Whom one may sign in as without a password; nobody unless the demo company is loaded."""
    try:
        return [DemoLogin(**item) for item in json.loads(marker().read_text("utf-8"))]
    except FileNotFoundError:
        return []


def offer(logins: list[DemoLogin]) -> None:
    """Called when the demo company has been made, and with nobody when it is removed."""
    if not logins:
        marker().unlink(missing_ok=True)
        return
    marker().write_text(json.dumps([asdict(login) for login in logins], ensure_ascii=False), "utf-8")
