from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fields', '0005_option_tones'),
    ]

    operations = [
        migrations.AddField(
            model_name='customfield',
            name='is_unique',
            field=models.BooleanField(default=False, verbose_name='不能重复'),
        ),
    ]
