"""What is learnt: corrective actions, known issues, the month's statistics with signature (K-14, K-15, K-24)."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.matching import fits
from core.actor import Actor
from core.models import Department
from core.rows import HouseModel, Rows


class CorrectionRows(Rows):
    """Reads of corrective actions."""

    def visible_to(self, actor: Actor) -> Self:
        """Those in the stores where one may see cases, and one's own, whatever one's work is."""
        scope = actor.scope(Correction.READ)
        if scope.everywhere:
            return self
        own = Q(owner=actor.pk or 0) if actor.kind == "employee" else Q(pk__in=[])
        return self.filter(own | Q(store__in=scope.stores) | Q(store__company__in=scope.companies))

    def mine(self, person: int | None) -> Self:
        """Those that somebody owns."""
        return self.filter(owner=person or 0)

    def to_do(self) -> Self:
        """Not done yet."""
        return self.filter(status=Correction.Status.OPEN)

    def late(self) -> Self:
        """Those that should have been done by now."""
        return self.to_do().filter(due_on__lt=localdate())

    def to_check(self) -> Self:
        """Done, and nobody has looked yet whether it helped."""
        return self.filter(status=Correction.Status.DONE)

    def with_names(self) -> Self:
        """With store, owner and case, for lists."""
        return self.select_related("store", "owner", "complaint")


class Correction(HouseModel):
    """A corrective action (改进对策): who does what by when, and whether it helped (K-15)."""

    READ = "complaints.see_complaints"
    HAS_ATTACHMENTS = True

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("corrective action", "Open")
        DONE = "done", _("Done, effect to be checked")
        EFFECTIVE = "effective", _("Effective")
        DROPPED = "dropped", _("Called off")

    MOVES = {
        Status.OPEN: {Status.DONE, Status.DROPPED},
        Status.DONE: {Status.EFFECTIVE, Status.OPEN, Status.DROPPED},
    }

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="corrections", verbose_name=_("store"))
    complaint = models.ForeignKey(
        "complaints.Complaint", models.PROTECT, null=True, blank=True, related_name="corrections",
        verbose_name=_("case"),
    )  # fmt: skip
    words = models.CharField(_("what is changed"), max_length=1000)
    department = models.CharField(_("department"), max_length=12, choices=Department, blank=True)
    owner = models.ForeignKey(
        "core.Employee",
        models.PROTECT,
        related_name="corrections",
        verbose_name=pgettext_lazy("corrective action", "owner"),
    )
    due_on = models.DateField(_("due on"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_words = models.CharField(_("what was done"), max_length=1000, blank=True)
    check_on = models.DateField(_("effect to be checked on"), null=True, blank=True)
    checked_at = models.DateTimeField(pgettext_lazy("corrective action", "checked"), null=True, blank=True)
    checked_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, blank=True, related_name="+")
    check_words = models.CharField(_("what the check found"), max_length=1000, blank=True)
    added_at = models.DateTimeField(pgettext_lazy("corrective action", "added"))
    added_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, blank=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="when its owner was told that it is late")
    version = models.PositiveIntegerField(default=1)

    objects = CorrectionRows.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["store", "due_on", "id"], name="correction_by_due"),
            models.Index(fields=["due_on", "id"], name="correction_due"),
            models.Index(fields=["complaint", "id"], name="correction_of_complaint"),
            models.Index(fields=["owner", "due_on", "id"], name="correction_of_owner"),
        ]

    def __str__(self) -> str:
        return self.words[:60]

    def get_absolute_url(self) -> str:
        return reverse("correction", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Whether it should have been done by now."""
        return self.status == self.Status.OPEN and self.due_on < localdate()


class BulletinRows(Rows):
    """Reads of known issues."""

    def in_force(self) -> Self:
        """Those that are not ended."""
        return self.filter(ended_on=None)

    def of_car(self, vehicle: Any) -> list["Bulletin"]:
        """Those in force about a car that the company knows, the newest first."""
        rows: Any = self.in_force().filter(company=vehicle.company_id).select_related("problem")
        return [one for one in rows if fits(one, vehicle.brand, vehicle.model, vehicle.year)]

    def of_case(self, complaint: Any) -> list["Bulletin"]:
        """Those in force about the car of a case and its fault: the same problem, or one of the same class."""
        case, car = complaint, complaint.vehicle
        brand, year = case.brand or (car.brand if car else ""), car.year if car else None
        text = " ".join(part for part in (case.series, case.model_name, car.model if car else "") if part)
        if not (brand or text):
            return []
        classes = set(case.problems.values_list("problem_class", flat=True))
        rows: Any = self.in_force().filter(company=case.store.company_id).select_related("problem")
        alike = [one for one in rows if fits(one, brand, text, year)]
        return [one for one in alike if one.problem is None or one.problem.problem_class_id in classes]


class Bulletin(HouseModel):
    """A known issue by model and fault, of this house, of a peer or of the manufacturer (K-24): shown at reception."""

    READ = "complaints.see_bulletins"
    COMPANY = "company"
    HAS_ATTACHMENTS = True

    class Source(models.TextChoices):
        OWN = "own", _("Own cases")
        PEER = "peer", _("Another dealership")
        OEM = "oem", _("Manufacturer")
        PRESS = "press", _("Press or platform")

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="bulletins", verbose_name=_("company"))
    title = models.CharField(pgettext_lazy("bulletin", "title"), max_length=120)
    source = models.CharField(_("source"), max_length=6, choices=Source)
    source_words = models.CharField(_("where it comes from"), max_length=200, blank=True)
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    series = models.CharField(_("series"), max_length=60, blank=True)
    since_year = models.PositiveSmallIntegerField(_("model years from"), null=True, blank=True)
    until_year = models.PositiveSmallIntegerField(_("model years until"), null=True, blank=True)
    problem = models.ForeignKey(
        "complaints.Problem", models.PROTECT, null=True, blank=True, related_name="bulletins", verbose_name=_("fault")
    )
    words = models.TextField(_("what is known"), max_length=2000)
    advice = models.TextField(_("what to do at reception"), max_length=2000, blank=True)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    complaints = models.ManyToManyField("complaints.Complaint", related_name="bulletins", blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = BulletinRows.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(brand="") | ~Q(series=""),
                name="bulletin_names_cars",
                violation_error_message=_("Say which cars it is about: a brand or a series."),
            ),
            models.CheckConstraint(
                condition=Q(since_year=None) | Q(until_year=None) | Q(until_year__gte=models.F("since_year")),
                name="bulletin_years",
                violation_error_message=_("The last model year is before the first."),
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-published_at", "-id"], name="bulletin_newest"),
            models.Index(fields=["company", "brand", "series"], condition=Q(ended_on=None), name="bulletin_of_cars"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("bulletin", args=[self.pk])

    @property
    def cars(self) -> str:
        """Which cars it is about, as people say it: 大众 帕萨特 2018–2020."""
        years = ""
        if self.since_year or self.until_year:
            both = [str(year) if year else "" for year in (self.since_year, self.until_year)]
            years = both[0] if both[0] == both[1] else "–".join(both)
        return " ".join(part for part in (self.brand, self.series, years) if part)


class MonthSheet(HouseModel):
    """The month by class, department, cause and result (顾客投诉分类统计表), frozen by the signature (K-14)."""

    READ = "complaints.see_complaints"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+", verbose_name=_("store"))
    month = models.DateField(_("month"), help_text="its first day")
    figures = models.JSONField(_("figures"), help_text="as they were when it was signed")
    measures = models.TextField(_("improvement measures"), max_length=2000)
    signed_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("signed"))

    objects = Rows.as_manager()

    class Meta:
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "month"],
                name="month_sheet_once",
                violation_error_message=_("The sheet of this month is signed already."),
            )
        ]
        indexes = [models.Index(fields=["store", "-month", "-id"], name="month_sheet_newest")]

    def __str__(self) -> str:
        return f"{self.store} {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("month_sheet", args=[self.store_id, f"{self.month:%Y-%m}"])
