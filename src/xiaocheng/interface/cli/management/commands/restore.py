"""`restore`: put a backup into an empty database and data folder, bring it up to date, and check it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from xiaocheng.interface.cli.backups import restore

from .doctor import CHECKS

SOUND = ("migrations", "database", "measures", "rollups")  # what a database must be without a worker beside it


class Command(BaseCommand):
    """Refuses whatever is not empty: nobody loses a company by a wrong folder."""

    help = "Restore a backup into the empty database and data folder that the settings name, and check it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path, help="what `backup` made")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Restore, migrate, check."""
        rows = restore(folder)["rows"]
        call_command("migrate", verbosity=0, interactive=False)
        found = [sentence for name in SOUND for sentence in CHECKS[name]()]
        if found:
            raise CommandError("\n".join(found))
        said = _("已恢复 %(tables)d 张表、%(rows)d 行,核对无误。")
        self.stdout.write(said % {"tables": len(rows), "rows": sum(rows.values())})
