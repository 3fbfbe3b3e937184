"""`demo`: fill an empty database with the demo company, or empty it again."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from xiaocheng.foundation.files.commands import remove_everything
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import enqueue
from xiaocheng.foundation.kernel.search import empty_indexes
from xiaocheng.foundation.org.queries import demo_company, people
from xiaocheng.interface.cli.demo.company import LOGINS, PASSWORD
from xiaocheng.interface.cli.demo.load import make_company
from xiaocheng.interface.cli.jobs import DEMO_HISTORY


class Command(BaseCommand):
    """Makes or removes the demo company; never touches a company that is not the demo."""

    help = "Load the demo company into an empty database; --remove empties a database that holds it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the two variants."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is a company already")
        parser.add_argument("--remove", action="store_true", help="delete the demo company and everything in it")
        parser.add_argument("--recent-only", action="store_true", help="leave the older months out")

    def handle(self, *args: Any, if_empty: bool, remove: bool, recent_only: bool, **options: Any) -> None:
        """Load or remove."""
        if remove:
            self._remove()
        elif not people(SYSTEM, active=None).exists():
            self._load(recent_only)
        elif not if_empty:
            raise CommandError("There is a company in this database already; the demo needs an empty one.")
        if demo_company() is not None:
            self.stdout.write(f"Demo logins: {', '.join(LOGINS)}; password {PASSWORD}")

    def _load(self, recent_only: bool) -> None:
        self.stdout.write("Loading the demo company …")
        self.stdout.flush()
        with translation.override("zh-hans"):
            make_company()
        if not recent_only:
            enqueue(SYSTEM, DEMO_HISTORY, title="demo")

    def _remove(self) -> None:
        if demo_company() is None:
            raise CommandError("The company in this database is not the demo; nothing was removed.")
        with transaction.atomic():
            empty_indexes()
            remove_everything(SYSTEM)
            call_command("flush", interactive=False, verbosity=0)
        self.stdout.write("The demo company is gone; the database is empty.")
