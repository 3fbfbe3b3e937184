"""What a process remembers: rules, work days, option lists, custom fields for some seconds, estimates for a day."""

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
    import_module("xiaocheng.insight.queries.funnel").expected_ends.cache_clear()
