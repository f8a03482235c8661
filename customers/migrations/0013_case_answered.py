"""The answer to a complaint, question or suggestion as a message to the customer."""

from django.db import migrations, models

CODES = [
    ("car_ready", "Your car is ready"),
    ("new_promise", "Your car will be ready later"),
    ("consent_asked", "Please look at the estimate and answer"),
    ("dunned", "A payment is still open"),
    ("case_answered", "Our answer to your complaint, question or suggestion"),
]


class Migration(migrations.Migration):
    dependencies = [("customers", "0012_calls_of_cases")]
    operations = [
        migrations.AlterField(
            model_name="message",
            name="code",
            field=models.CharField(choices=CODES, max_length=20, verbose_name="message"),
        ),
    ]
