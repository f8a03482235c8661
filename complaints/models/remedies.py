"""What is offered, decided, agreed and carried out for the customer, and who answers for the fault (K-11 to K-13)."""

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.rows import HouseModel, Rows


def may_see_costs(actor: Actor, store: Any) -> bool:
    """Whether what an option costs the house is for these eyes; never for the customer's."""
    return actor.may("complaints.see_costs", store) or actor.may("complaints.propose", store)


class CompensationKind(models.Model):
    """What a house gives to make up for something, as data: voucher 代金券, free maintenance, travel 代步费, cash."""

    class Unit(models.TextChoices):
        YUAN = "yuan", _("yuan")
        TIMES = "times", _("times")
        MONTHS = "months", _("months")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40, blank=True)
    unit = models.CharField(_("unit"), max_length=6, choices=Unit, default=Unit.YUAN)
    is_cash = models.BooleanField(_("paid out"), default=False)
    is_active = models.BooleanField(_("offered"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        is_chinese = (get_language() or "zh").startswith("zh")
        return self.name_zh if is_chinese or not self.name_en else self.name_en


class OptionRows(Rows):
    """Reads of options."""

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(removed_at=None)

    def with_given(self) -> Self:
        """With what is given and who has looked at them, for pages."""
        return self.select_related("seen_by").prefetch_related("compensations__kind")


class Option(HouseModel):
    """One way to settle a case: what the customer is told of it, and what it costs the house, told nobody else."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField(default=1)
    words = models.TextField(_("what is offered"), max_length=1000)
    cost = models.DecimalField(
        _("cost to the house"), max_digits=12, decimal_places=2, default=0, help_text=_("Never shown to the customer.")
    )
    remark = models.CharField(_("internal remark"), max_length=400, blank=True)
    is_best = models.BooleanField(_("recommended"), default=False)
    seen_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(_("seen by the manager"), null=True, blank=True)
    seen_words = models.CharField(_("the manager's remark"), max_length=400, blank=True)
    is_preferred = models.BooleanField(_("preferred by the customer"), default=False)
    is_chosen = models.BooleanField(_("chosen"), default=False)
    removed_at = models.DateTimeField(pgettext_lazy("option", "taken back"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OptionRows.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(is_chosen=True, removed_at__isnull=True),
                name="option_one_chosen",
                violation_error_message=_("One option is chosen already."),
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=0), name="option_cost", violation_error_message=_("A cost is not negative.")
            ),
        ]

    def __str__(self) -> str:
        return self.words[:60]

    def get_absolute_url(self) -> str:
        return self.complaint.get_absolute_url()

    @property
    def worth(self) -> Decimal:
        """What the compensations of it are worth, in yuan."""
        if "compensations" in getattr(self, "_prefetched_objects_cache", {}):
            return sum((one.worth for one in self.compensations.all()), Decimal(0))
        return self.compensations.aggregate(n=Sum("worth"))["n"] or Decimal(0)


class Compensation(models.Model):
    """One thing given with an option: a kind, how much of it, what it is worth in yuan."""

    option = models.ForeignKey(Option, models.CASCADE, related_name="compensations")
    kind = models.ForeignKey(CompensationKind, models.PROTECT, related_name="+", verbose_name=_("kind"))
    quantity = models.DecimalField(_("how much"), max_digits=10, decimal_places=2)
    worth = models.DecimalField(_("worth in yuan"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, worth__gte=0),
                name="compensation_amounts",
                violation_error_message=_("How much is more than nothing, and its worth is not negative."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"


class Agreement(HouseModel):
    """A settlement agreement (和解协议): frozen when drawn up, signed by the customer on screen or by link."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"
    HAS_ATTACHMENTS = True

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="agreements")
    option = models.ForeignKey(Option, models.PROTECT, related_name="agreements")
    text = models.TextField(_("text"), max_length=4000)
    made_at = models.DateTimeField(_("drawn up"))
    made_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    signed_name = models.CharField(_("signed by"), max_length=80, blank=True)
    cancelled_at = models.DateTimeField(pgettext_lazy("agreement", "cancelled"), null=True, blank=True)

    objects = Rows.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(cancelled_at__isnull=True),
                name="agreement_one_standing",
                violation_error_message=_("There is an agreement already; cancel it first."),
            )
        ]

    def __str__(self) -> str:
        return str(self.complaint)


class AccountabilityRows(Rows):
    """Reads of who answers for a fault."""

    def visible_to(self, actor: Actor) -> Self:
        """Those in the stores where one may see them, and one's own wherever it is."""
        scope = actor.scope(Accountability.READ)
        if scope.everywhere:
            return self
        own = Q(employee=actor.pk or 0) if actor.kind == "employee" else Q(pk__in=[])
        return self.filter(
            own | Q(complaint__store__in=scope.stores) | Q(complaint__store__company__in=scope.companies)
        )

    def with_names(self) -> Self:
        """With the case and people, for pages."""
        return self.select_related("complaint__store", "employee", "proposed_by", "decided_by")


class Accountability(HouseModel):
    """Who answers for the fault: the rule cited, the measure, points of a score (K-12). It never takes money by
    itself: a pay cut needs what the labour law asks for and is not made here (rule 35)."""

    READ = "complaints.see_accountability"
    STORE = "complaint__store"

    class Part(models.TextChoices):
        DIRECT = "direct", _("Directly responsible")
        HEAD = "head", _("Head of the department")

    class Measure(models.TextChoices):
        TALK = "talk", _("Talk")
        TRAINING = "training", _("Training")
        CRITICISM = "criticism", _("Written criticism")
        WARNING = "warning", _("Warning")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        Status.PROPOSED: {Status.APPROVED, Status.REFUSED, Status.WITHDRAWN},
        Status.APPROVED: {Status.WITHDRAWN},
    }

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="accountabilities")
    employee = models.ForeignKey(
        "core.Employee", models.PROTECT, related_name="accountabilities", verbose_name=_("employee")
    )
    part = models.CharField(_("part"), max_length=8, choices=Part, default=Part.DIRECT)
    rule = models.CharField(_("rule cited"), max_length=200)
    words = models.CharField(_("what happened"), max_length=1000)
    measure = models.CharField(_("measure"), max_length=10, choices=Measure)
    points = models.PositiveSmallIntegerField(_("points of the score"), default=0)
    heard = models.CharField(_("what the employee says"), max_length=1000, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED)
    proposed_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AccountabilityRows.as_manager()

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "employee", "part"],
                condition=Q(status__in=["proposed", "approved"]),
                name="accountability_once",
                violation_error_message=_("This person already answers for this case."),
            ),
            models.CheckConstraint(
                condition=~Q(rule=""),
                name="accountability_rule",
                violation_error_message=_("Name the rule that was broken."),
            ),
        ]
        indexes = [models.Index(fields=["employee", "-proposed_at", "-id"], name="accountability_of_person")]

    def __str__(self) -> str:
        return f"{self.employee}: {self.get_measure_display()}"

    def get_absolute_url(self) -> str:
        return reverse("accountability", args=[self.pk])
