"""The shell as a Django application: its system checks, and the navigation of every family of pages."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.core.checks import register

from xiaocheng.interface.web.families import FAMILIES


class ShellConfig(AppConfig):
    """Reads what the families declare when the application starts."""

    name = "xiaocheng.interface.web.shell"
    label = "shell"

    def ready(self) -> None:
        """Register the checks and import what each family declares."""
        from . import checks

        register(checks.every_route_is_declared)
        for family in ("shell", *FAMILIES):
            for part in ("navigation", "pickers", "finders", "codes"):
                if find_spec(f"xiaocheng.interface.web.{family}.{part}"):
                    import_module(f"xiaocheng.interface.web.{family}.{part}")
