"""Payments and settlement lines are written once and never changed: no right for the app role, and triggers."""

from django.conf import settings
from django.db import migrations

KEPT = ["finance_payment", "finance_settlementline"]


def revoke(apps, schema_editor):
    role = settings.DATABASES["default"].get("USER", "")
    if role and role != settings.DATABASES["owner"].get("USER", ""):
        name = schema_editor.quote_name(role)
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(KEPT)} FROM {name}")


GUARDS = "\n".join(
    f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change();\n"
    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    for table in KEPT
)
UNGUARD = "\n".join(
    f"DROP TRIGGER {table}_no_change ON {table};\nDROP TRIGGER {table}_no_truncate ON {table};" for table in KEPT
)


class Migration(migrations.Migration):
    dependencies = [("finance", "0001_initial"), ("core", "0002_wall")]
    operations = [
        migrations.RunPython(revoke, migrations.RunPython.noop),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
