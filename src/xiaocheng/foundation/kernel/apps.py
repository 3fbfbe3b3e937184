"""The kernel as a Django app."""

from .module import Module


class KernelConfig(Module):
    """Registers the kernel."""

    name = "xiaocheng.foundation.kernel"
    label = "kernel"
