"""The `xiaocheng` command: every management command of the product under one name."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the management command that the command line names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaocheng.config.settings")
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)
