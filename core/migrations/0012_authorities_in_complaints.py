"""Companies that are there already get the usual authorities in complaints; those opened later get them when opened."""

from django.db import migrations

MATTERS = ("remedy", "end_case", "account", "statement")
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
    "advisor": {"remedy": 200},
    "accident_specialist": {"remedy": 200},
    "care_agent": {"remedy": 300},
    "care_manager": {"remedy": 2_000, "statement": None},
    "service_manager": {"remedy": 5_000, "account": None},
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


def take_back(apps, schema_editor):
    apps.get_model("core", "Authority").objects.filter(matter__in=MATTERS).delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0011_matters_of_complaints")]
    operations = [migrations.RunPython(lay, take_back)]
