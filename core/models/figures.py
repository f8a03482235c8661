"""The figures table: every number of every dashboard, with its numerator and its denominator."""

from django.db import models

from core.rows import HouseModel, Rows


class Figure(HouseModel):
    """One figure of one store and day: `code` names it, `dimension` splits it, numerator and denominator are kept."""

    READ = "dealer.see_dashboard"

    store = models.ForeignKey("core.Store", models.CASCADE, related_name="+")
    day = models.DateField()
    code = models.CharField(max_length=40)
    employee = models.ForeignKey("core.Employee", models.PROTECT, null=True, related_name="+")
    dimension = models.CharField(max_length=60, default="", blank=True)
    numerator = models.DecimalField(max_digits=16, decimal_places=2)
    denominator = models.DecimalField(max_digits=16, decimal_places=2, default=1)

    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "day", "code", "employee", "dimension"], nulls_distinct=False, name="figure_once"
            )
        ]
        indexes = [
            models.Index(fields=["code", "store", "day"], name="figure_read"),
            models.Index(fields=["day", "id"], name="figure_by_day"),
        ]


class TouchedDay(models.Model):
    """A note that something of a store's day changed; its figures are then computed again. One row a change."""

    store = models.ForeignKey("core.Store", models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        # not unique: a unique row would make the desk wait for whoever counts, or lose what commits meanwhile
        indexes = [models.Index(fields=["store", "day"], name="touched_day")]
