"""Targets as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class TargetsConfig(Module):
    """Registers targets."""

    name = "xiaocheng.control.targets"
    label = "targets"
