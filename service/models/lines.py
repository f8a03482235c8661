"""Lines of a job, and the shares of those who pay for them."""

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows


class PartyRows(Rows):
    """Reads of payers."""

    def by_use(self) -> Self:
        """Those on offer, the one that paid last first."""
        last = Share.objects.filter(party=models.OuterRef("pk")).order_by("-pk").values("pk")[:1]
        used = models.Subquery(last, output_field=models.BigIntegerField())
        return self.filter(is_active=True).order_by(F("used").desc(nulls_last=True), "name").alias(used=used)


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
    terms_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = PartyRows.as_manager()

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

    def get_absolute_url(self) -> str:
        return reverse("edit_party", args=[self.pk])


class LineRows(Rows):
    """Reads of lines."""

    def charged(self) -> Self:
        """Lines that are done with consent and so go on a settlement."""
        return self.filter(consent=Line.Consent.AUTHORISED)

    def open(self) -> Self:
        """Lines the customer has not answered."""
        return self.filter(consent=Line.Consent.ASKED)

    def standing(self) -> Self:
        """Lines that are or may still be carried out: what payers are found for."""
        return self.filter(consent__in=[Line.Consent.ASKED, Line.Consent.AUTHORISED])

    def to_offer_again(self, vehicle: Any) -> Self:
        """Work a car still needs that the customer declined or put off, or took the car away without."""
        away = Q(
            consent=Line.Consent.DROPPED,
            job__status="dropped",
            job__order__visit__exit__in=["declined", "taken_away"],
        )
        put_off = Q(consent__in=[Line.Consent.DECLINED, Line.Consent.DEFERRED])
        return (
            self.filter(put_off | away, job__order__visit__vehicle=vehicle, taken_up_again__isnull=True)
            .exclude(job__kind__in=["pdi", "internal"])
            .select_related("job__order__visit", "item")
            .order_by("-job__order__opened_at", "id")
        )

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
        LINK = "link", _("Link, answered by the customer")
        PAPER = "paper", _("Signature on paper")

    MOVES = {
        Consent.ASKED: {Consent.AUTHORISED, Consent.DECLINED, Consent.DEFERRED, Consent.DROPPED},
        Consent.DECLINED: {Consent.ASKED, Consent.AUTHORISED},
        Consent.DEFERRED: {Consent.ASKED, Consent.AUTHORISED},
        Consent.AUTHORISED: {Consent.DROPPED},
    }

    job = models.ForeignKey("service.Job", models.PROTECT, related_name="lines")
    item = models.ForeignKey(
        "service.CatalogueItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("catalogue"),
    )
    taken_up_again = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="before",
        help_text="the line of a later visit in which declined or deferred work was offered again",
    )
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

    def price_today(self, rate: Decimal) -> Decimal:
        """What one of it costs when it is offered again in a store with this labour rate."""
        return self.item.price_at(rate) if self.item and self.item.is_active else self.price


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
        indexes = [models.Index(fields=["party", "-id"], name="share_of_party")]
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
