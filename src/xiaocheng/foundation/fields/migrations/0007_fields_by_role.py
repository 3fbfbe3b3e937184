from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fields', '0006_unique_fields'),
    ]

    operations = [
        migrations.AddField(
            model_name='customfield',
            name='readers',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='customfield',
            name='writers',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
