"""System checks of the pages: no route without an access policy, no policy that names an unknown capability."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from xiaocheng.foundation.kernel.actor import capabilities

from .access import declared_routes


def every_route_is_declared(app_configs: Any = None, **_options: Any) -> list[CheckMessage]:
    """Report routes whose view has no policy, and policies whose capability no module declares."""
    known = {capability.key for capability in capabilities()}
    faults: list[CheckMessage] = []
    for route in declared_routes():
        if route.access is None:
            faults.append(Error(f"/{route.pattern} ({route.name}) declares no access policy", id="shell.E001"))
            continue
        for key in route.access.capabilities:
            if key not in known:
                faults.append(Error(f"/{route.pattern} asks for the unknown capability {key!r}", id="shell.E002"))
    return faults
