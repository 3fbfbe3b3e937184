from itertools import groupby

from django.db import migrations

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.bulk import in_sets


def say_since_when_known(apps, schema_editor):
    """Customers that were taken over were registered on the day that their file told."""
    rows = apps.get_model("customers", "Customer")._base_manager
    known = rows.order_by("booked_on").values_list("booked_on", "pk", "registered_at")
    for day, some in groupby(known.iterator(chunk_size=2000), key=lambda row: row[0]):
        since, end = clock.bounds(day, day)
        late = [pk for _day, pk, at in some if at >= end]
        for pks in in_sets(late, 500):
            rows.filter(pk__in=pks).update(registered_at=since)


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0022_ownerquestion'),
    ]

    operations = [
        migrations.RunPython(say_since_when_known, migrations.RunPython.noop, elidable=True),
    ]
