"""Service as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class ServiceConfig(Module):
    """Registers the service."""

    name = "xiaocheng.selling.service"
    label = "service"
