"""Consent to be contacted, word by word: added, never changed, neither by the app role nor by anybody else."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

KEPT = "customers_contactconsent"


def revoke(apps, schema_editor):
    role = settings.DATABASES["default"].get("USER", "")
    if role and role != settings.DATABASES["owner"].get("USER", ""):
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {KEPT} FROM {schema_editor.quote_name(role)}")


GUARD = (
    f"CREATE TRIGGER {KEPT}_no_change BEFORE UPDATE OR DELETE ON {KEPT} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change();\n"
    f"CREATE TRIGGER {KEPT}_no_truncate BEFORE TRUNCATE ON {KEPT} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
)
UNGUARD = f"DROP TRIGGER {KEPT}_no_change ON {KEPT};\nDROP TRIGGER {KEPT}_no_truncate ON {KEPT};"


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_wishes"), ("core", "0002_wall")]

    operations = [
        migrations.CreateModel(
            name="ContactConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("service", "Service"), ("marketing", "Marketing"), ("sharing", "Sharing of data")],
                        max_length=9,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("phone", "Phone"), ("sms", "SMS"), ("wechat", "WeChat"), ("", "No channel")],
                        max_length=6,
                        verbose_name="channel",
                    ),
                ),
                ("is_given", models.BooleanField(verbose_name="given")),
                ("at", models.DateTimeField(verbose_name="said")),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("counter", "In person"),
                            ("phone", "Phone"),
                            ("sms", "SMS"),
                            ("wechat", "WeChat"),
                            ("paper", "Signature on paper"),
                            ("load", "Old system"),
                            ("merge", "From a merged record"),
                        ],
                        max_length=7,
                        verbose_name="said by",
                    ),
                ),
                ("by_name", models.CharField(max_length=80, verbose_name="noted by")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="remark")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer", "purpose", "channel", "-at", "-id"], name="consent_in_force")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(purpose="sharing", channel="") | (~Q(purpose="sharing") & ~Q(channel="")),
                        name="consent_channel_of_purpose",
                        violation_error_message="Contact needs a channel; the sharing of data has none.",
                    )
                ],
            },
        ),
        migrations.RunPython(revoke, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
