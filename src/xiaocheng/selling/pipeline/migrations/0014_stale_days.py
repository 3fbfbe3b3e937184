from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0013_withdrawn_remarks'),
    ]

    operations = [
        migrations.AddField(
            model_name='stage',
            name='stale_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
