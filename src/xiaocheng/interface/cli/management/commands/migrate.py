"""`migrate`, which also makes the table of the shared cache."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand


class Command(MigrateCommand):
    """Brings the database up to date: the tables of the modules and the one of the cache."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then make the cache table where it is missing."""
        super().handle(*args, **options)
        call_command("createcachetable", database=options["database"], verbosity=0)
