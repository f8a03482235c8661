"""Companies that are there already get the usual authorities; those opened later get them when they are opened."""

from django.db import migrations

MATTERS = ("discount", "rounding", "credit", "write_off", "goodwill", "gate", "question")
ROLES = (
    "advisor",
    "greeter",
    "technician",
    "inspector",
    "controller",
    "parts_clerk",
    "warranty_clerk",
    "accident_specialist",
    "care_agent",
    "care_manager",
    "cashier",
    "guard",
    "finance_manager",
    "trainer",
    "service_manager",
    "general_manager",
    "group_manager",
)
WITHOUT = dict.fromkeys(MATTERS)
FIRST = {
    "advisor": {"discount": 5, "rounding": 10},
    "accident_specialist": {"discount": 5, "rounding": 10},
    "cashier": {"rounding": 1},
    "service_manager": {
        "discount": 15,
        "rounding": 100,
        "credit": 5_000,
        "write_off": 500,
        "goodwill": 2_000,
        "question": None,
    },
    "finance_manager": {
        "discount": 20,
        "rounding": 200,
        "credit": 20_000,
        "write_off": 5_000,
        "goodwill": 10_000,
        "gate": None,
    },
    "general_manager": WITHOUT,
    "group_manager": WITHOUT,
}


def lay(apps, schema_editor):
    authority = apps.get_model("core", "Authority")
    for company in apps.get_model("core", "Company").objects.order_by("pk"):
        authority.objects.bulk_create(
            [
                authority(company=company, role=role, matter=matter, limit=FIRST.get(role, {}).get(matter, 0))
                for role in ROLES
                for matter in MATTERS
            ],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("core", "0008_index_of_open_approvals")]

    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
