from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The guard's list finds the few open passes among all that ever were."""

    dependencies = [("finance", "0003_ledger_deposits_credit")]

    operations = [
        migrations.AddIndex(
            model_name="gatepass",
            index=models.Index(
                condition=Q(
                    ("cancelled_at__isnull", True),
                    Q(
                        ("used_at__isnull", True),
                        Q(back_at__isnull=True, kind__in=["road_test", "sublet"]),
                        _connector="OR",
                    ),
                ),
                fields=["store", "-issued_at", "-id"],
                name="gate_pass_open",
            ),
        ),
    ]
