"""`run`: everything that one company needs, in one go."""

from __future__ import annotations

import socket
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from xiaocheng.interface.cli.supervise import do_apart, keep_running, load_everything

from .serve import refuse_taken


class Command(BaseCommand):
    """Brings the database up to date, fills an empty one with the demo company, starts web server and worker."""

    help = "Migrate, load the demo company into an empty database (XIAOCHENG_DEMO=no: do not), serve and work."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address; the environment gives the defaults."""
        parser.add_argument("--host", default=settings.WEB_HOST)
        parser.add_argument("--port", type=int, default=settings.WEB_PORT)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        """Prepare the database, then run both until a signal asks to stop."""
        refuse_taken(host, port)
        do_apart(prepare, meanwhile=load_everything)
        services = {
            "web": partial(call_command, "serve", host=host, port=port),
            "worker": partial(call_command, "work"),
        }
        keep_running(services, Announcement(self, host, port))


def prepare() -> None:
    """Bring the database up to date and, where it is empty, move the demo company in."""
    call_command("migrate", verbosity=0, interactive=False)
    if settings.LOAD_DEMO:
        call_command("demo", if_empty=True)


class Announcement:
    """Says once where the product is to be found, as soon as it answers."""

    def __init__(self, command: BaseCommand, host: str, port: int) -> None:
        self.command = command
        self.host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        self.port = port
        self.made = False

    def __call__(self) -> None:
        """Try the address, and print it when somebody listens."""
        if not self.made and self._answers():
            self.made = True
            host = f"[{self.host}]" if ":" in self.host else self.host
            self.command.stdout.write(f"\n  Xiaocheng: http://{host}:{self.port}/   (Ctrl-C stops it)\n")
            self.command.stdout.flush()

    def _answers(self) -> bool:
        try:
            socket.create_connection((self.host, self.port), timeout=1).close()
        except OSError:
            return False
        return True
