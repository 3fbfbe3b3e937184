"""Registers the management commands with Django."""

from xiaocheng.foundation.kernel.module import Module


class CliConfig(Module):
    """The command line."""

    name = "xiaocheng.interface.cli"
    label = "cli"
