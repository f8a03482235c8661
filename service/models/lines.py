"""Lines of a job, and the shares of those who pay for them."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows


class Party(HouseModel):
    """Somebody other than the customer who pays: a manufacturer, an insurer, the store itself."""

    READ = "service.see_orders"
    COMPANY = "company"

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        MANUFACTURER = "manufacturer", _("Manufacturer")
        INSURER = "insurer", _("Insurer")
        EXTENDED = "extended", _("Extended-warranty company")
        SALES = "sales", _("Sales department")
        SUPPLIER = "supplier", _("Supplier")
        STORE = "store", _("The store itself")

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="parties")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)

    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "name"],
                name="party_once",
                violation_error_message=_("This payer is already here."),
            ),
            models.CheckConstraint(condition=~Q(kind="customer"), name="party_not_customer"),
        ]
        indexes = [models.Index(fields=["company", "name", "id"], name="party_by_name")]

    def __str__(self) -> str:
        return self.name


class LineRows(Rows):
    """Reads of lines."""

    def charged(self) -> Self:
        """Lines that are done with consent and so go on a settlement."""
        return self.filter(consent=Line.Consent.AUTHORISED)

    def open(self) -> Self:
        """Lines the customer has not answered."""
        return self.filter(consent=Line.Consent.ASKED)

    def with_own_amount(self) -> Self:
        """With the job, and with what the customer pays of a line: the part to which consent is asked."""
        own = models.Sum("shares__amount", filter=Q(shares__payer=Party.Kind.CUSTOMER), default=Decimal(0))
        return self.select_related("job").annotate(own_amount=own)


class Line(HouseModel):
    """One labour operation, part or other item of a job: tax-inclusive price, dated VAT, cost, and the consent."""

    READ = "service.see_orders"
    STORE = "job__order__store"

    class Kind(models.TextChoices):
        LABOUR = "labour", _("Labour")
        PART = "part", _("Part")
        OTHER = "other", _("Other")

    class Consent(models.TextChoices):
        ASKED = "asked", _("Waiting for consent")
        AUTHORISED = "authorised", _("Authorised")
        DECLINED = "declined", _("Declined")
        DEFERRED = "deferred", _("Deferred")
        DROPPED = "dropped", _("Not carried out")

    class Via(models.TextChoices):
        SIGNATURE = "signature", _("Signature")
        PHONE = "phone", _("Phone")
        WECHAT = "wechat", _("WeChat")

    MOVES = {
        Consent.ASKED: {Consent.AUTHORISED, Consent.DECLINED, Consent.DEFERRED, Consent.DROPPED},
        Consent.DECLINED: {Consent.ASKED, Consent.AUTHORISED},
        Consent.DEFERRED: {Consent.ASKED, Consent.AUTHORISED},
        Consent.AUTHORISED: {Consent.DROPPED},
    }

    job = models.ForeignKey("service.Job", models.PROTECT, related_name="lines")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    code = models.CharField(_("code"), max_length=40, blank=True)
    name = models.CharField(_("item"), max_length=160)
    quantity = models.DecimalField(_("quantity or hours"), max_digits=9, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=8, blank=True)
    price = models.DecimalField(_("unit price, tax included"), max_digits=11, decimal_places=2)
    amount = models.DecimalField(_("amount, tax included"), max_digits=12, decimal_places=2)
    vat_percent = models.DecimalField(_("VAT in percent"), max_digits=4, decimal_places=1)
    net = models.DecimalField(_("net amount"), max_digits=12, decimal_places=2)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, default=Decimal(0))
    consent = models.CharField(_("consent"), max_length=10, choices=Consent, default=Consent.ASKED)
    consent_via = models.CharField(_("consent given by"), max_length=10, choices=Via, blank=True)
    consent_by = models.CharField(_("consent of"), max_length=80, blank=True)
    consent_at = models.DateTimeField(_("consent at"), null=True, blank=True)

    objects = LineRows.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="line_quantity_positive",
                violation_error_message=_("The quantity must be more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, amount__gte=0, cost__gte=0, net__gte=0, net__lte=F("amount")),
                name="line_amounts_not_negative",
                violation_error_message=_("Prices and costs cannot be negative."),
            ),
            models.CheckConstraint(
                condition=~Q(consent="authorised") | Q(consent_at__isnull=False),
                name="line_consent_has_time",
                violation_error_message=_("A consent needs to say when it was given."),
            ),
        ]


class Share(HouseModel):
    """What one payer owes of a line: payer = party + reason. The shares of a line add up to its amount."""

    READ = "service.see_orders"
    STORE = "line__job__order__store"

    class Reason(models.TextChoices):
        REPAIR = "repair", _("Repair")
        WARRANTY = "warranty", _("Warranty")
        GOODWILL = "goodwill", _("Goodwill")
        RECALL = "recall", _("Recall")
        ACCIDENT = "accident", _("Accident")
        EXTENDED = "extended", _("Extended warranty")
        PDI = "pdi", _("PDI")
        INTERNAL = "internal", _("Internal")

    line = models.ForeignKey(Line, models.CASCADE, related_name="shares")
    payer = models.CharField(_("payer"), max_length=12, choices=Party.Kind, default=Party.Kind.CUSTOMER)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="shares")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, default=Reason.REPAIR)
    amount = models.DecimalField(_("amount, tax included"), max_digits=12, decimal_places=2)

    objects = Rows.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "payer", "party", "reason"],
                nulls_distinct=False,
                name="share_once",
                violation_error_message=_("A payer can have only one share of a line for the same reason."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="share_not_negative",
                violation_error_message=_("A share cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(payer="customer", party__isnull=True) | (~Q(payer="customer") & Q(party__isnull=False)),
                name="share_party_named",
                violation_error_message=_("Name who pays when it is not the customer."),
            ),
        ]
