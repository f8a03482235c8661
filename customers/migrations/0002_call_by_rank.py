from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["store", "rank", "id"], name="call_by_rank"),
        ),
    ]
