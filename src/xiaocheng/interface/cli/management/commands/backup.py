"""`backup`: the whole company in a folder, while people work; with `--drill`, put back elsewhere and checked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.interface.cli.backups import back_up
from xiaocheng.interface.cli.drill import restore_elsewhere


class Command(BaseCommand):
    """Copies database, files and key; a drill shows that the copy can be put back, and leaves nothing behind."""

    help = "Copy database and files into a folder, while the product runs; --drill: restore them elsewhere and check."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say which options there are."""
        parser.add_argument("folder", nargs="?", type=Path, help="default: backups/<time> in the data folder")
        parser.add_argument("--drill", action="store_true", help="restore it elsewhere, check, throw both away")

    def handle(self, *args: Any, folder: Path | None, drill: bool, **options: Any) -> None:
        """Back up, or try it."""
        if drill:
            with tempfile.TemporaryDirectory(prefix="xiaocheng-drill-") as scratch:
                rows = back_up(Path(scratch) / "backup")["rows"]
                restore_elsewhere(Path(scratch))
            said = _("演练成功:%(tables)d 张表、%(rows)d 行,已备份、在别处恢复并核对。")
        else:
            base: Any = settings.DATA_DIR
            folder = folder or Path(base) / "backups" / f"{clock.now():%Y%m%dT%H%M%S}"
            rows = back_up(folder)["rows"]
            said = _("已备份 %(tables)d 张表、%(rows)d 行和全部文件到 %(folder)s")
        self.stdout.write(said % {"tables": len(rows), "rows": sum(rows.values()), "folder": folder})
