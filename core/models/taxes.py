"""VAT rates as dated data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VatRate(models.Model):
    """The rate for a class of supplies from a day on, in percent (13 for repair labour and parts)."""

    class Supply(models.TextChoices):
        REPAIR = "repair", _("Repair labour and parts")
        SERVICE = "service", _("Other services")

    supply = models.CharField(_("supply"), max_length=8, choices=Supply)
    taxpayer = models.CharField(_("taxpayer kind"), max_length=8)
    since = models.DateField(_("since"))
    percent = models.DecimalField(_("percent"), max_digits=4, decimal_places=1)

    class Meta:
        ordering = ["supply", "taxpayer", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["supply", "taxpayer", "since"],
                name="vat_rate_once",
                violation_error_message=_("There is already a rate from this day on."),
            )
        ]
