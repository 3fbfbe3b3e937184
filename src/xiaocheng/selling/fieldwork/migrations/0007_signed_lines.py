"""A line of a plan knows that it was signed, and how it stood then."""

from django.db import migrations, models


def mark_signed(apps, schema_editor):
    """What was changed after the signature was not told apart from what was added: it counts as added, as before."""
    lines = apps.get_model("fieldwork", "PlanLine")._base_manager
    lines.filter(plan__state="signed", changed_after_signing=False).update(is_signed=True)


class Migration(migrations.Migration):

    dependencies = [("fieldwork", "0006_attendance_requests")]

    operations = [
        migrations.AddField("planline", "is_signed", models.BooleanField(default=False)),
        migrations.AddField("planline", "former", models.JSONField(blank=True, default=dict)),
        migrations.RunPython(mark_signed, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField("planline", "changed_after_signing"),
    ]
