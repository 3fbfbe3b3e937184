"""What a process remembers for some seconds: rules, work days, option lists, custom fields."""

from __future__ import annotations

from importlib import import_module

import pytest

REMEMBERING = ("kernel.rules", "org.workdays", "fields.queries.coded")


def remember_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be read again because a test took long: statements are counted."""
    for name in REMEMBERING:
        monkeypatch.setattr(import_module(f"xiaocheng.foundation.{name}"), "FRESH_SECONDS", 3600)


def forget_everything() -> None:
    """Let everything be read again: what the process remembers was rolled back, or other rows were put in its place."""
    for name in ("kernel.rules", "org.workdays", "fields.queries"):
        import_module(f"xiaocheng.foundation.{name}").forget_cached()
