"""The logins of the demo company, offered on the login page while that company is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from xiaocheng.foundation.org.queries import demo_people


@dataclass(frozen=True)
class DemoLogin:
    """One person of the demo company to sign in as with one click."""

    username: str
    name: str
    role: str
    hint: str = ""


def demo_logins() -> list[DemoLogin]:
    """Whom one may sign in as without a password; nobody unless this database holds the demo company."""
    return [DemoLogin(p.username, p.name, p.role.name, p.department.name) for p in demo_people()]
