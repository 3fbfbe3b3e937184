"""`run`: everything that one company needs, in one go."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Brings the database up to date, fills an empty one with the demo company, starts web server and worker."""

    help = "Migrate, load the demo company into an empty database (XIAOCHENG_DEMO=no: do not), serve and work."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address; the environment gives the defaults."""
        parser.add_argument("--host", default=settings.WEB_HOST)
        parser.add_argument("--port", type=int, default=settings.WEB_PORT)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        """Prepare, then become the small process that looks after the server and the worker."""
        call_command("migrate", verbosity=0, interactive=False)
        if settings.LOAD_DEMO and "demo" in get_commands():
            call_command("demo", if_empty=True)
        command = [sys.executable, "-m", "xiaocheng.interface.cli.supervise", host, str(port)]
        sys.stdout.flush()
        os.execv(sys.executable, command)  # noqa: S606
