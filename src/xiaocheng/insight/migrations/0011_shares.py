"""Numbers of closings become ten-thousandths: of a deal that several people share each has a part."""

from django.db import migrations
from django.db.models import F

TABLES = ("PersonStageMonth", "DepartmentStageMonth", "OfferStageMonth")
COLUMNS = ("deals_won", "deals_lost", "deals_invalid")
SCALE = 10_000


def multiply(apps, schema_editor):
    """What was counted so far had no shares."""
    for table in TABLES:
        apps.get_model("insight", table).objects.update(**{name: F(name) * SCALE for name in COLUMNS})


def divide(apps, schema_editor):
    """Whole deals again."""
    for table in TABLES:
        apps.get_model("insight", table).objects.update(**{name: F(name) / SCALE for name in COLUMNS})


class Migration(migrations.Migration):
    dependencies = [("insight", "0010_expected_changes")]
    operations = [migrations.RunPython(multiply, divide)]
