"""The organisation as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class OrgConfig(Module):
    """Registers the organisation."""

    name = "xiaocheng.foundation.org"
    label = "org"
