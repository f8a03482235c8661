"""Time: what is due when in a case, in which calendar, who is told before and after (K-02, K-17)."""

from typing import Any, Self

from django.db import models
from django.db.models import Avg, Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.utils.timezone import now
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.models import Queued
from core.models.queued import QueuedRows
from core.roles import Role
from core.rows import HouseModel, Rows


class Due(models.TextChoices):
    """What a clock of a case runs for: the stages of the house first, then what others demand."""

    RECEIVED = "received", _("Judgement")
    ANSWERING = "answering", _("Answering")
    INVESTIGATING = "investigating", _("Investigation")
    PROPOSING = "proposing", _("Options")
    DECIDING = "deciding", _("Decision")
    CARRYING_OUT = "carrying_out", _("Carrying out")
    CALLING = "calling", _("Closing call")
    AGREED = "agreed", _("Agreed with the customer")
    LEGAL_ANSWER = "legal_answer", _("Warranty law: answer")
    LEGAL_END = "legal_end", _("Warranty law: settlement")
    REGULATOR_ANSWER = "regulator_answer", _("Regulator: acceptance")
    REGULATOR_END = "regulator_end", _("Regulator: mediation")
    OEM_CONTACT = "oem_contact", _("Manufacturer: first contact")
    OEM_END = "oem_end", _("Manufacturer: closing")
    PRESS_ANSWER = "press_answer", _("Press: statement")


STAGES = (
    Due.RECEIVED,
    Due.ANSWERING,
    Due.INVESTIGATING,
    Due.PROPOSING,
    Due.DECIDING,
    Due.CARRYING_OUT,
    Due.CALLING,
)


class Target(models.Model):
    """How long something may take, as dated data: of the whole house, or of one company; the newest in force counts.

    Own targets are minutes of the store's opening hours; legal deadlines are official working days; those that others
    count by the wall clock are hours round the clock, or minutes where the hours are not whole. People read hours. A
    rule that ended and was not followed by a known one leaves the deadline to be typed from the letter.
    """

    class Unit(models.TextChoices):
        STORE_MINUTES = "store_minutes", _("minutes of the store's opening hours")
        WORKING_DAYS = "working_days", _("official working days")
        HOURS = "hours", _("hours round the clock")
        MINUTES = "minutes", _("minutes round the clock")

    company = models.ForeignKey(
        "core.Company", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("company")
    )
    due = models.CharField(_("what for"), max_length=20, choices=Due)
    severity = models.CharField(_("severity"), max_length=10, blank=True, help_text=_("Empty: every severity."))
    amount = models.PositiveIntegerField(_("how long"))
    unit = models.CharField(_("unit"), max_length=14, choices=Unit)
    since = models.DateField(_("in force since"))
    until = models.DateField(_("in force until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due", "since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "due", "severity", "since"],
                nulls_distinct=False,
                name="target_once",
                violation_error_message=_("There is already a target from this day."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="target_amount_positive",
                violation_error_message=_("A target is more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="target_forward",
                violation_error_message=_("A target must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_due_display()} {self.said}"

    @property
    def said(self) -> str:
        """How long, as people say it: hours of the store or of the wall clock, or working days."""
        if self.unit == self.Unit.WORKING_DAYS:
            return ngettext("%(n)s official working day", "%(n)s official working days", self.amount) % {
                "n": self.amount
            }
        hours = {"n": f"{self.amount / (1 if self.unit == self.Unit.HOURS else 60):.10g}"}
        if self.unit == self.Unit.STORE_MINUTES:
            return gettext("%(n)s h of the store's opening hours") % hours
        return gettext("%(n)s h round the clock") % hours


class ClockRows(Rows):
    """Reads of clocks."""

    def running(self) -> Self:
        """Those that tick: neither ended nor paused."""
        return self.filter(ended_at=None, paused_at=None)

    def in_time(self) -> Self:
        """Those that were met before they ran out."""
        return self.filter(ended_at__lte=F("due_at"))

    def by_stage(self) -> dict[str, dict[str, Any]]:
        """For each stage of the house: how many clocks were met, how many in time, minutes spent on average (K-04)."""
        rows = self.filter(due__in=STAGES, ended_at__isnull=False).order_by().values("due")
        counted = rows.annotate(
            n=Count("id"), in_time=Count("id", filter=Q(ended_at__lte=F("due_at"))), minutes=Avg("spent_minutes")
        )
        return {one.pop("due"): one for one in counted}

    def agreed_of(self, complaint: str = "pk") -> Subquery:
        """Whether the time agreed with the customer was kept, to annotate cases with; null when none was agreed."""
        rows = self.filter(complaint=OuterRef(complaint), due=Due.AGREED, ended_at__isnull=False).order_by("-id")
        kept = Case(When(ended_at__lte=F("due_at"), then=Value(True)), default=Value(False))
        return Subquery(rows.annotate(kept=kept).values("kept")[:1], output_field=models.BooleanField(null=True))


class Clock(HouseModel):
    """Something due in a case: since when, until when, how long it was paused, when it was met."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="clocks")
    outside = models.ForeignKey("complaints.OutsideCase", models.PROTECT, null=True, blank=True, related_name="clocks")
    due = models.CharField(_("what for"), max_length=20, choices=Due)
    started_at = models.DateTimeField(pgettext_lazy("clock", "since"))
    due_at = models.DateTimeField(pgettext_lazy("clock", "due"))
    first_due_at = models.DateTimeField(_("first due"))
    warn_at = models.DateTimeField(_("warned from"))
    unit = models.CharField(_("unit"), max_length=14, choices=Target.Unit)
    amount = models.PositiveIntegerField(_("how long"))
    is_provisional = models.BooleanField(
        _("provisional"), default=False, help_text=_("The official holidays of that year are not loaded yet.")
    )
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    spent_minutes = models.PositiveIntegerField(
        _("minutes spent"), null=True, blank=True, help_text=_("Of the store's opening hours, pauses left out.")
    )

    objects = ClockRows.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "due", "outside"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="clock_once",
                violation_error_message=_("This clock already runs."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="clock_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["complaint", "id"], name="clock_of_complaint"),
            models.Index(
                fields=["warn_at", "id"], condition=Q(ended_at__isnull=True, paused_at__isnull=True), name="clock_next"
            ),
        ]

    def __str__(self) -> str:
        return self.get_due_display()

    @property
    def is_late(self) -> bool:
        """Whether the time has run out, or was over when it was met."""
        return (self.ended_at or now()) > self.due_at if not self.paused_at else False


class Pause(HouseModel):
    """The clocks of a case stand still, with the reason: the customer is waited for (K-02)."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"

    class Reason(models.TextChoices):
        CUSTOMER = "customer", _("Waiting for the customer")
        CAR = "car", _("Waiting for the car to come in")
        MANUFACTURER = "manufacturer", _("Waiting for the manufacturer")
        EXPERT = "expert", _("Waiting for an expert's opinion")

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="pauses")
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    remark = models.CharField(_("remark"), max_length=400, blank=True)
    started_at = models.DateTimeField(pgettext_lazy("clock", "since"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = Rows.as_manager()

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(ended_at__isnull=True),
                name="pause_once",
                violation_error_message=_("The clocks of this case stand still already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class Step(models.Model):
    """Who is told at which part of a clock's time, as data: 80 % warns the keeper, 100 % the care manager, and on."""

    due = models.CharField(_("what for"), max_length=20, choices=Due, blank=True, help_text=_("Empty: every clock."))
    level = models.PositiveSmallIntegerField(_("level"))
    percent = models.PositiveSmallIntegerField(_("percent of the time"))
    role = models.CharField(
        _("who is told"), max_length=24, choices=Role, blank=True, help_text=_("Empty: the keeper.")
    )
    is_active = models.BooleanField(_("in force"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["level", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["due", "level"],
                name="step_once",
                violation_error_message=_("There is already a step of this level."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.percent} %"


class EscalationRows(QueuedRows):
    """Reads of steps that were taken."""

    def told(self) -> Self:
        """Those that somebody was told of; the others were passed over by a higher one."""
        return self.filter(is_told=True)


class Escalation(Queued):
    """A step that was taken: once per clock and level, to one named person, never a storm.

    Each is told by itself, as a row of a queue, so that one that cannot be told holds up no other.
    """

    READ = "complaints.see_complaints"
    STORE = "clock__complaint__store"

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="escalations")
    level = models.PositiveSmallIntegerField(_("level"))
    to = models.ForeignKey("core.Employee", models.PROTECT, related_name="+", verbose_name=_("told"))
    reached_at = models.DateTimeField(_("was due"))
    at = models.DateTimeField(_("at"))
    is_told = models.BooleanField(_("told"), default=True, help_text="false: passed over by a higher step")

    objects = EscalationRows.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("escalation")
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "level"],
                name="escalation_once",
                violation_error_message=_("This step was taken already."),
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
                name="escalation_to_tell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock.complaint} · {self.level} → {self.to}"
