"""What customers and technicians of old systems wrote is longer than what is typed here, and is kept whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0002_visit_by_ready")]
    operations = [
        migrations.AlterField("job", "words", models.CharField(max_length=2000, verbose_name="customer's words")),
        migrations.AlterField("job", "cause", models.CharField(blank=True, max_length=2000, verbose_name="cause")),
        migrations.AlterField("job", "remedy", models.CharField(blank=True, max_length=2000, verbose_name="remedy")),
    ]
