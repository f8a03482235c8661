"""The outbox: a key against doubles, the purpose, the document a message is about."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_initials")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="purpose",
            field=models.CharField(
                choices=[("service", "Service"), ("marketing", "Marketing"), ("sharing", "Sharing of data")],
                default="service",
                max_length=9,
                verbose_name="purpose",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="dedupe",
            field=models.CharField(
                help_text="the same key is one message, here and at the provider",
                max_length=80,
                null=True,
                unique=True,
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="kind",
            field=models.CharField(blank=True, help_text="of the document it is about", max_length=40),
        ),
        migrations.AddField(
            model_name="message", name="object_id", field=models.BigIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="message",
            name="address",
            field=models.CharField(blank=True, help_text="of the page of that document", max_length=200),
        ),
        migrations.AddIndex(
            model_name="message", index=models.Index(fields=["customer", "-id"], name="message_of_customer")
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["due_at", "id"],
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
                name="message_due",
            ),
        ),
    ]
