"""`serve`: the web server, which also serves the static files."""

import multiprocessing
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.management.base import BaseCommand, CommandError, CommandParser
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from xiaocheng.interface.cli.supervise import load_everything

A_YEAR = 365 * 24 * 3600


class Command(BaseCommand):
    """Loads the product once and forks the web processes from it, so that they share its memory."""

    help = "Serve the pages, the API and the static files."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address; the environment gives the defaults."""
        parser.add_argument("--host", default=settings.WEB_HOST)
        parser.add_argument("--port", type=int, default=settings.WEB_PORT)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        """Serve until a signal asks to stop."""
        refuse_taken(host, port)
        multiprocessing.set_start_method("fork", force=True)
        folders = static_folders()
        server = Granian(
            settings.WSGI_APPLICATION.replace(".application", ":application"),
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            workers=settings.WEB_PROCESSES,
            blocking_threads=2,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            static_path_route=[route for route, _ in folders],
            static_path_mount=[folder for _, folder in folders],
            static_path_expires=A_YEAR,  # addresses carry a hash of the content: a browser never has to ask again
        )
        load_everything()
        server.serve()


def static_folders() -> list[tuple[str, Path]]:
    """Return the folders with static files and where they appear: those of the libraries, and our own."""
    route = settings.STATIC_URL.rstrip("/")
    libraries = [Path(storage.location) for storage in AppDirectoriesFinder().storages.values()]
    theirs = [(f"{route}/{folder.name}", folder) for library in libraries for folder in library.iterdir()]
    return [*theirs, *((route, Path(folder)) for folder in settings.STATICFILES_DIRS)]


def refuse_taken(host: str, port: int) -> None:
    """Say so when another program has the port; the server itself would only show a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            raise CommandError(f"Cannot listen on {host}:{port} ({reason.strerror}). Choose another PORT.") from reason
