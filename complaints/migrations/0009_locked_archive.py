"""A closed case is locked: the database refuses to change it or its parts until it is opened again (K-16).

What goes on after the end stays possible: the check after closing, opening again, what others still keep of it, the
customer's own words by the link and papers that come later, each with its day. What was there is never changed.
"""

from django.db import migrations, models
from django.db.models import Q

LATER = ["check_reaction", "check_words", "checked_at", "check_due_on", "version"]
# parts by their table: how the case is found from a row of it
PARTS = {
    "complaints_channel": "{row}.complaint_id",
    "complaints_attempt": "{row}.complaint_id",
    "complaints_complaint_problems": "{row}.complaint_id",
    "complaints_option": "{row}.complaint_id",
    "complaints_compensation": "(SELECT complaint_id FROM complaints_option WHERE id = {row}.option_id)",
    "complaints_agreement": "{row}.complaint_id",
    "complaints_pause": "{row}.complaint_id",
    "complaints_conductcheck": "{row}.complaint_id",
    "complaints_word": "{row}.complaint_id",
    "complaints_clock": "{row}.complaint_id",
    "complaints_outsidecase": "{row}.complaint_id",
    "complaints_accountability": "{row}.complaint_id",
    "complaints_promise": "{row}.complaint_id",
}
# parts that have a life of their own after the end: (what may come, what may still change)
OPEN = {
    "complaints_word": ("NEW.is_customer", "FALSE"),
    "complaints_clock": ("NEW.outside_id IS NOT NULL", "OLD.outside_id IS NOT NULL AND NEW.outside_id IS NOT NULL"),
    "complaints_outsidecase": ("FALSE", "OLD.closed_at IS NULL"),
    "complaints_accountability": ("TRUE", "NEW.complaint_id = OLD.complaint_id"),
    "complaints_promise": ("FALSE", "NEW.complaint_id = OLD.complaint_id AND NEW.words = OLD.words"),
}
REFUSE = "RAISE EXCEPTION 'case % is archived', {case} USING ERRCODE = '23514', CONSTRAINT = 'complaint_archived';"

CASE = f"""
CREATE FUNCTION complaint_archived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        {REFUSE.format(case="OLD.id")}
    END IF;
    IF NOT NEW.is_locked AND NEW.status <> 'closed' THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - ARRAY{LATER} IS DISTINCT FROM to_jsonb(OLD) - ARRAY{LATER} THEN
        {REFUSE.format(case="OLD.id")}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER complaint_archived BEFORE UPDATE OR DELETE ON complaints_complaint
    FOR EACH ROW WHEN (OLD.is_locked) EXECUTE FUNCTION complaint_archived();
"""
UNCASE = "DROP TRIGGER complaint_archived ON complaints_complaint; DROP FUNCTION complaint_archived();"


def guard(table, case):
    may_come, may_change = OPEN.get(table, ("FALSE", "FALSE"))
    return f"""
CREATE FUNCTION {table}_archived() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF {may_come} THEN RETURN NEW; END IF;
        asked := {case.format(row="NEW")};
    ELSIF TG_OP = 'UPDATE' THEN
        IF {may_change} THEN RETURN NEW; END IF;
        asked := {case.format(row="OLD")};
    ELSE
        asked := {case.format(row="OLD")};
    END IF;
    IF EXISTS (SELECT 1 FROM complaints_complaint WHERE id = asked AND is_locked) THEN
        {REFUSE.format(case="asked")}
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER {table}_archived BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_archived();
"""  # noqa: S608  (names of our own tables, spelled out above)


def unguard(table):
    return f"DROP TRIGGER {table}_archived ON {table}; DROP FUNCTION {table}_archived();"


# files of the case and of its agreements: more may come, none is changed or taken away
FILES = f"""
CREATE FUNCTION case_file_archived() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked bigint;
BEGIN
    IF OLD.kind = 'complaint' THEN
        asked := OLD.object_id;
    ELSE
        asked := (SELECT complaint_id FROM complaints_agreement WHERE id = OLD.object_id);
    END IF;
    IF EXISTS (SELECT 1 FROM complaints_complaint WHERE id = asked AND is_locked) THEN
        {REFUSE.format(case="asked")}
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER case_file_archived BEFORE UPDATE OR DELETE ON core_attachment
    FOR EACH ROW WHEN (OLD.kind IN ('complaint', 'agreement')) EXECUTE FUNCTION case_file_archived();
"""  # noqa: S608  (nothing in it comes from outside)
UNFILES = "DROP TRIGGER case_file_archived ON core_attachment; DROP FUNCTION case_file_archived();"


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0008_reminded_corrections"),
        ("core", "0007_approvals_tasks_attachments"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=Q(is_locked=False) | Q(status="closed"),
                name="complaint_archived",
                violation_error_message="This case is archived. Open it again before anything in it is changed.",
            ),
        ),
        migrations.RunSQL(CASE, UNCASE),
        *(migrations.RunSQL(guard(table, case), unguard(table)) for table, case in PARTS.items()),
        migrations.RunSQL(FILES, UNFILES),
    ]
