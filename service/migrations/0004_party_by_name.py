from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0003_longer_words")]

    operations = [
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["company", "name", "id"], name="party_by_name"),
        ),
    ]
