from django.db import migrations

from xiaocheng.foundation.kernel.actor import SYSTEM


def renew(apps, schema_editor):
    """Make the keys by today's rules; reads and writes no other columns than names, phones and their keys."""
    from xiaocheng.selling.customers.commands import renew_keys

    renew_keys(SYSTEM)


class Migration(migrations.Migration):
    atomic = False  # a million rows: others work meanwhile
    dependencies = [("customers", "0004_custom_fields")]
    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
