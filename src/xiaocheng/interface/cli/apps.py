"""Registers the management commands with Django."""

from django.apps import AppConfig


class CliConfig(AppConfig):
    """The command line."""

    name = "xiaocheng.interface.cli"
    label = "cli"
