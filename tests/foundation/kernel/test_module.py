"""How a module joins the house."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings

from xiaocheng.foundation.kernel.module import Module


def test_every_module_reads_its_declarations() -> None:
    joined = {config.name for config in apps.get_app_configs() if isinstance(config, Module)}
    assert {
        name for name in settings.INSTALLED_APPS if name.startswith(("xiaocheng.foundation.", "xiaocheng.selling."))
    } <= joined
