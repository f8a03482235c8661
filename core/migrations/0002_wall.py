"""The wall around the logbook: what the app role may not do, and triggers that say no to everybody."""

from django.conf import settings
from django.db import migrations

KEPT = ["core_entry", "core_subject", "core_accessentry"]


def app_role():
    user = settings.DATABASES["default"].get("USER", "")
    return user if user != settings.DATABASES["owner"].get("USER", "") else ""


def grant(apps, schema_editor):
    role = app_role()
    if not role:
        return
    name = schema_editor.quote_name(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {name}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(KEPT)} FROM {name}",
        f"REVOKE UPDATE, TRUNCATE ON core_detail FROM {name}",
    ):
        schema_editor.execute(statement)


FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are kept for ever', TG_TABLE_NAME USING ERRCODE = '23514';
END $$
"""
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
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change()"),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
