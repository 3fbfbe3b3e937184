"""`migrate`, which also makes the table of the cache, fills new indexes and rollups, tells the roles of what is new."""

from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.commands import mend_field_indexes
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.search import fill_empty_indexes
from xiaocheng.foundation.org.commands import offer_new_capabilities
from xiaocheng.insight.commands import fill_new_rollups


class Command(MigrateCommand):
    """Brings the database up to date: the tables of the modules, the cache's, the search, the standard roles."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then make what is missing; says what it filled and what a role gained."""
        _refuse_a_state_between(options["database"])
        super().handle(*args, **options)
        call_command("createcachetable", database=options["database"], verbosity=0)
        if options["app_label"] is None and not options["plan"] and not options["check_unapplied"]:
            mend_field_indexes(SYSTEM)
            for table, count in fill_empty_indexes().items():
                if count:
                    self.stdout.write(f"{table}: {_('%(count)d 行检索') % {'count': count}}")
            if filled := fill_new_rollups(SYSTEM):
                self.stdout.write(_("%(count)d 格汇总") % {"count": filled})
            for role in offer_new_capabilities(SYSTEM):
                self.stdout.write(_("角色「%(name)s」获得了新版本的权限。") % {"name": role.name})


def _refuse_a_state_between(database: str) -> None:
    """A migration that replaces others goes on from all of them or from none; Django would fail, or leave one out."""
    applied = MigrationRecorder(connections[database]).applied_migrations()
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    for migration in loader.disk_migrations.values():
        missing = [name for name in migration.replaces if name not in applied]
        if missing and len(missing) < len(migration.replaces):
            raise CommandError(
                _("数据库还缺 %(step)s。请先用 CHANGELOG 写明的较早版本运行 xiaocheng migrate,再升级到这一版。")
                % {"step": ".".join(missing[0])}
            )
