"""What a customer wishes and needs: hours in which not to disturb, language, e-mail, tax number; initials of the name."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_more_messages")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="email",
            field=models.CharField(blank=True, max_length=120, verbose_name="e-mail"),
        ),
        migrations.AddField(
            model_name="customer",
            name="initials",
            field=models.CharField(blank=True, max_length=80, verbose_name="pinyin initials"),
        ),
        migrations.AddField(
            model_name="customer",
            name="language",
            field=models.CharField(
                choices=[("zh-hans", "Chinese"), ("en", "English")],
                default="zh-hans",
                max_length=7,
                verbose_name="language of messages",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="quiet_from",
            field=models.TimeField(blank=True, null=True, verbose_name="not to be disturbed from"),
        ),
        migrations.AddField(
            model_name="customer",
            name="quiet_until",
            field=models.TimeField(blank=True, null=True, verbose_name="not to be disturbed until"),
        ),
        migrations.AddField(
            model_name="customer",
            name="tax_number",
            field=models.CharField(blank=True, max_length=20, verbose_name="tax number"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_until=F("quiet_from"))),
                name="customer_quiet_hours_two",
                violation_error_message="Hours in which not to disturb need a beginning and another time as end.",
            ),
        ),
    ]
