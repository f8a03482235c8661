"""News of a case as a message to the customer: what is offered, what was decided, with the address to answer at."""

from django.db import migrations, models

CODES = [
    ("car_ready", "Your car is ready"),
    ("new_promise", "Your car will be ready later"),
    ("consent_asked", "Please look at the estimate and answer"),
    ("dunned", "A payment is still open"),
    ("case_news", "Please look at your case and answer"),
    ("case_answered", "Our answer to your complaint, question or suggestion"),
]


class Migration(migrations.Migration):
    dependencies = [("customers", "0014_calls_barred")]
    operations = [
        migrations.AlterField(
            model_name="message",
            name="code",
            field=models.CharField(choices=CODES, max_length=20, verbose_name="message"),
        ),
    ]
