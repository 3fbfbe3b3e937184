"""Ages are kept in coarser steps: those counted so far go, and `migrate` counts them again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("insight", "0005_process_reviews")]

    operations = [
        migrations.RunSQL("DELETE FROM insight_departmentstageage", migrations.RunSQL.noop),
    ]
