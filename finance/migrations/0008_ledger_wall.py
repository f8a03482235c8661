"""The ledger, receipts and reminders are written once and never changed; the entries of a posting balance."""

from django.conf import settings
from django.db import migrations

KEPT = ["finance_ledgerentry", "finance_accountreceipt", "finance_dunning"]


def revoke(apps, schema_editor):
    role = settings.DATABASES["default"].get("USER", "")
    if role and role != settings.DATABASES["owner"].get("USER", ""):
        name = schema_editor.quote_name(role)
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(KEPT)} FROM {name}")


def grant(apps, schema_editor):
    role = settings.DATABASES["default"].get("USER", "")
    if role and role != settings.DATABASES["owner"].get("USER", ""):
        name = schema_editor.quote_name(role)
        schema_editor.execute(f"GRANT UPDATE, DELETE ON {', '.join(KEPT)} TO {name}")


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
# At the commit, since the entries of a posting come one after the other.
BALANCE = """
CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    difference numeric;
    stores bigint;
BEGIN
    SELECT sum(debit) - sum(credit), count(DISTINCT store_id) INTO difference, stores
    FROM finance_ledgerentry WHERE posting = NEW.posting;
    IF difference <> 0 OR stores <> 1 THEN
        RAISE EXCEPTION 'posting % of % does not balance by %', NEW.posting, NEW.document, difference
        USING ERRCODE = '23514', CONSTRAINT = 'ledger_balances', TABLE = 'finance_ledgerentry';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER finance_ledgerentry_balances AFTER INSERT ON finance_ledgerentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced();
"""
UNBALANCE = "DROP TRIGGER finance_ledgerentry_balances ON finance_ledgerentry;\nDROP FUNCTION refuse_unbalanced()"


class Migration(migrations.Migration):
    dependencies = [("finance", "0007_settlement_whole"), ("core", "0002_wall")]
    operations = [
        migrations.RunPython(revoke, grant),
        migrations.RunSQL(GUARDS, UNGUARD),
        migrations.RunSQL(BALANCE, UNBALANCE),
    ]
