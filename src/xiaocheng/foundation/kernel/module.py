"""How a module joins the house: its declarations are read when the application starts."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

DECLARATIONS = (
    "access", "options", "codes", "rules", "events", "measures", "projections", "reactions", "imports", "jobs"
)  # fmt: skip


class Module(AppConfig):
    """Base of every module's apps.py: reads those of the declaring files that the module has, lower modules first."""

    default = False  # Django would hesitate between this class and the module's own
    default_auto_field = "django.db.models.BigAutoField"

    def __init_subclass__(cls) -> None:
        cls.default = True

    def ready(self) -> None:
        """Import the declaring files."""
        for part in DECLARATIONS:
            if self.name and find_spec(f"{self.name}.{part}"):
                import_module(f"{self.name}.{part}")
