"""The API as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class ApiConfig(Module):
    """Registers the API."""

    name = "xiaocheng.interface.api"
    label = "api"
