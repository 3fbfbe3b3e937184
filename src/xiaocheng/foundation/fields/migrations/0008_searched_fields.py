from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fields', '0007_fields_by_role'),
    ]

    operations = [
        migrations.AddField(
            model_name='customfield',
            name='is_searched',
            field=models.BooleanField(default=False, verbose_name='可搜索'),
        ),
    ]
