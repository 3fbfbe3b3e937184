from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the index of owners again, as the last of those that begin with the owner: SQLite takes the newest."""

    dependencies = [
        ('customers', '0031_persons'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='customer', name='customer_owner'),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['owner', '-id'], name='customer_owner'),
        ),
    ]
