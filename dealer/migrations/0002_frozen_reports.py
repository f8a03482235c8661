"""A frozen report never changes: Postgres refuses it, whoever asks."""

from django.db import migrations

GUARD = """
CREATE FUNCTION keep_frozen_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
       (NEW.store_id, NEW.month, NEW.report_version, NEW.reason, NEW.facts, NEW.digest, NEW.frozen_at)
       IS DISTINCT FROM
       (OLD.store_id, OLD.month, OLD.report_version, OLD.reason, OLD.facts, OLD.digest, OLD.frozen_at)
    THEN
        RAISE EXCEPTION 'a frozen report is kept as it is' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dealer_monthlyreport_frozen BEFORE UPDATE OR DELETE ON dealer_monthlyreport
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION keep_frozen_report();
"""
UNGUARD = """
DROP TRIGGER dealer_monthlyreport_frozen ON dealer_monthlyreport;
DROP FUNCTION keep_frozen_report();
"""


class Migration(migrations.Migration):
    dependencies = [("dealer", "0001_initial"), ("core", "0005_touched_days_as_notes")]
    operations = [
        migrations.AlterModelOptions(name="monthlyreport", options={"verbose_name": "monthly report"}),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
