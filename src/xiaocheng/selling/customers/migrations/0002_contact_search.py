from django.db import migrations

from xiaocheng.foundation.kernel.search import CreateSearchIndex


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [CreateSearchIndex("customers_contact_search")]
