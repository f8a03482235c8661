"""Visits as customer care sees them, and the follow-up calls they call for."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows
from customers.models.vehicles import Vehicle


class VisitNoteRows(Rows):
    """Reads of noted visits."""

    def without_call(self) -> Self:
        """Visits that are owed a call which cannot be planned: no phone number, or never an hour that suits."""
        return self.filter(call_pending=True, origin="", left_on__gte=F("store__live_from"))


class VisitNote(HouseModel):
    """What service tells customer care when a car has left: who drove, what was done, by whom, worth how much."""

    READ = "customers.see_calls"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+")
    visit_id = models.BigIntegerField(unique=True)
    vehicle = models.ForeignKey("customers.Vehicle", models.PROTECT, related_name="visit_notes")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="visit_notes")
    driver_name = models.CharField(_("driver"), max_length=80, blank=True)
    driver_phone = models.CharField(_("driver's phone"), max_length=20, blank=True)
    kind = models.CharField(_("kind of visit"), max_length=12)
    what = models.CharField(_("work done"), max_length=400, blank=True)
    worth = models.DecimalField(_("worth"), max_digits=12, decimal_places=2, default=0)
    left_at = models.DateTimeField(_("left"))
    left_on = models.DateField(_("left on"))
    call_pending = models.BooleanField(default=True, help_text="a follow-up call is still to be planned")
    was_member = models.BooleanField(_("member at that time"), default=False)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction, 1 to 5"), null=True, blank=True)
    workers = models.ManyToManyField("core.Employee", related_name="+", blank=True)
    origin = models.CharField(_("origin"), max_length=40, blank=True)

    objects = VisitNoteRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="visit_note_satisfaction_range",
                violation_error_message=_("Satisfaction is a number from 1 to 5."),
            )
        ]
        indexes = [
            models.Index(fields=["store", "id"], name="visit_note_pending", condition=Q(call_pending=True)),
            models.Index(fields=["store", "left_on", "id"], name="visit_note_by_day"),
            models.Index(fields=["vehicle", "-left_at"], name="visit_note_of_vehicle"),
            models.Index(fields=["customer", "-left_at"], name="visit_note_of_customer"),
        ]


class CallRows(Rows):
    """Reads of calls: the queue of an agent is a chain of these."""

    def open(self) -> Self:
        """Calls that still want an attempt."""
        return self.filter(status__in=Call.OPEN)

    def to_assign(self) -> Self:
        """Calls that nobody makes yet, or whose agent has left the house."""
        return self.filter(Q(status=Call.Status.PLANNED) | Q(status=Call.Status.ASSIGNED, agent__is_active=False))

    def mine(self, employee_id: int | None) -> Self:
        """Calls assigned to one agent."""
        return self.filter(agent=employee_id)

    def callable_now(self) -> Self:
        """Open calls whose time has come and whose customer may be disturbed now."""
        return self.open().filter(is_held=False, not_before__lte=now(), not_after__gte=now())

    def held(self) -> Self:
        """Open calls that wait because a complaint of the same person is open."""
        return self.open().filter(is_held=True)

    def callable_later(self) -> Self:
        """Open calls whose hour is still to come, or has just passed and is being planned again."""
        return self.open().filter(is_held=False).exclude(not_before__lte=now(), not_after__gte=now())

    def with_names(self) -> Self:
        """With the visit or the case they are about, for lists and pages."""
        return self.select_related("note__vehicle", "vehicle", "agent", "customer", "store")

    def late(self) -> Self:
        """Open calls whose last day in time has passed."""
        return self.open().filter(is_held=False, due_on__lt=localdate())

    def in_queue_order(self) -> Self:
        """Members first, then what is due first."""
        return self.order_by("rank", "id")


class Call(HouseModel):
    """A follow-up call owed to a driver after a visit: due within the store's days (3), in a frame that suits them."""

    READ = "customers.see_calls"

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ASSIGNED = "assigned", _("Assigned")
        REACHED = "reached", _("Reached")
        GIVEN_UP = "given_up", _("Not reached")
        DROPPED = "dropped", _("Not wanted")

    MOVES = {
        Status.PLANNED: {Status.ASSIGNED, Status.REACHED, Status.GIVEN_UP, Status.DROPPED},
        Status.ASSIGNED: {Status.PLANNED, Status.REACHED, Status.GIVEN_UP, Status.DROPPED},
    }

    OPEN = (Status.PLANNED, Status.ASSIGNED)

    class Rule(models.TextChoices):
        AFTER_SERVICE = "after_service", _("After service")
        CLOSING = "closing", _("After a complaint")

    class Answer(models.TextChoices):
        SATISFIED = "satisfied", _("Satisfied")
        AVERAGE = "average", _("Average")
        DISSATISFIED = "dissatisfied", _("Dissatisfied")

    note = models.ForeignKey(VisitNote, models.PROTECT, null=True, blank=True, related_name="calls")
    # what a call is about that follows no visit, or what holds it; told by an upper room, which looks at the answer
    case_id = models.BigIntegerField(null=True, blank=True, help_text="the case of the upper room")
    about = models.CharField(_("about"), max_length=200, blank=True)
    address = models.CharField(max_length=200, blank=True, help_text="where the case is read")
    since = models.DateField(
        _("counted from"), null=True, blank=True, help_text="of a call without a visit, and of one that was held"
    )
    barred = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="employees who do not make this call"
    )
    vehicle = models.ForeignKey("customers.Vehicle", models.PROTECT, null=True, blank=True, related_name="+")
    is_held = models.BooleanField(_("held"), default=False)
    rule = models.CharField(_("rule"), max_length=16, choices=Rule, default=Rule.AFTER_SERVICE)
    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="calls")
    name = models.CharField(_("whom to ask for"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=20)
    is_member = models.BooleanField(_("member"), default=False)
    rank = models.CharField(max_length=24, help_text="sorts the queue: members first, then by due time")
    due_on = models.DateField(_("due on"), help_text=_("The last day in time, counted from the day the car left."))
    original_due_on = models.DateField(_("first due on"))
    not_before = models.DateTimeField(_("call from"))
    not_after = models.DateTimeField(_("call until"))
    is_planned_late = models.BooleanField(
        _("no frame in time"),
        default=False,
        help_text=_("No hour in which the person may be disturbed lay in time; the agent is not to blame."),
    )
    is_provisional = models.BooleanField(_("provisional"), default=False)
    is_agreed = models.BooleanField(_("time agreed with the customer"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    agent = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="calls", verbose_name=_("agent")
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    first_attempt_at = models.DateTimeField(_("first attempt"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    suggestion = models.CharField(_("suggestion"), max_length=400, blank=True)

    objects = CallRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(note__isnull=False) | Q(case_id__isnull=False, since__isnull=False), name="call_has_cause"
            ),
            models.UniqueConstraint(
                fields=["case_id", "rule"],
                condition=Q(case_id__isnull=False, status__in=["planned", "assigned"]),
                name="case_call_once",
                violation_error_message=_("This call is already planned."),
            ),
            models.UniqueConstraint(
                fields=["note", "rule"], name="call_once", violation_error_message=_("This call is already planned.")
            ),
            models.CheckConstraint(
                condition=Q(not_after__gt=F("not_before")),
                name="call_frame_forward",
                violation_error_message=_("The time for the call must end after it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(status="reached") | ~Q(answer=""),
                name="call_reached_has_answer",
                violation_error_message=_("A call that reached the customer needs the customer's answer."),
            ),
            models.CheckConstraint(
                condition=~Q(answer="dissatisfied") | ~Q(reason=""),
                name="call_dissatisfied_has_reason",
                violation_error_message=_("Please write down why the customer is dissatisfied."),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "status", "rank", "id"], name="call_queue"),
            models.Index(fields=["store", "rank", "id"], name="call_by_rank"),
            models.Index(fields=["agent", "status", "rank", "id"], name="call_agent_queue"),
            models.Index(fields=["store", "due_on", "id"], name="call_due"),
            models.Index(fields=["store", "since"], condition=Q(note__isnull=True), name="call_by_since"),
            models.Index(fields=["phone"], condition=Q(status__in=["planned", "assigned"]), name="call_open_of_phone"),
            models.Index(fields=["case_id"], condition=Q(case_id__isnull=False), name="call_of_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.phone

    def get_absolute_url(self) -> str:
        return reverse("call", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether the call still wants an attempt."""
        return self.status in self.OPEN

    @property
    def is_callable(self) -> bool:
        """Whether the person may be disturbed right now: only then is the phone number a link."""
        return self.is_open and not self.is_held and self.not_before <= now() <= self.not_after

    @property
    def is_late(self) -> bool:
        """Whether the last day in time has passed without the customer being reached."""
        return self.is_open and not self.is_held and self.due_on < localdate()

    @property
    def car(self) -> Vehicle | None:
        """The car it is about: that of the visit, or of the case."""
        return self.note.vehicle if self.note else self.vehicle

    @property
    def what(self) -> str:
        """What it is about: the work done, or the case."""
        return self.note.what if self.note else self.about

    @property
    def counted_on(self) -> date:
        """The day its figures belong to: the car left, or what the customer complained of was mended."""
        return self.note.left_on if self.note else self.since  # type: ignore[return-value]  # the database holds it

    @property
    def counted_from(self) -> date:
        """The day its time is counted from; that of a call which was held begins anew."""
        return self.since or self.counted_on

    def is_barred(self, employee_id: int | None) -> bool:
        """Whether somebody worked on the car, or answers for what was complained of, and so does not call."""
        if employee_id is None:
            return False
        return employee_id in self.barred or bool(self.note and self.note.workers.filter(pk=employee_id).exists())


class CallHoldRows(Rows):
    """Reads of holds."""

    def standing(self) -> Self:
        """Those of complaints that are still open."""
        return self.filter(ended_at=None)

    def of(self, call: Call) -> Self:
        """Those that hold a call: of its customer, or its phone, in its company."""
        of_person = Q(customer=call.customer_id, customer__isnull=False)
        of_phone = Q(phone=call.phone) & ~Q(phone="")
        return self.standing().filter(of_person | of_phone, store__company=call.store.company_id)


class CallHold(HouseModel):
    """After-service calls of a person wait while a complaint of that person is open; told by the complaints room."""

    READ = "customers.see_calls"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+")
    case_id = models.BigIntegerField(unique=True)
    about = models.CharField(_("about"), max_length=200)
    address = models.CharField(max_length=200, blank=True)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, blank=True, related_name="call_holds")
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = CallHoldRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["customer"], condition=Q(ended_at__isnull=True), name="call_hold_of_customer"),
            models.Index(fields=["phone"], condition=Q(ended_at__isnull=True), name="call_hold_of_phone"),
        ]

    def __str__(self) -> str:
        return self.about


class CallAttempt(models.Model):
    """One try to reach somebody: when, by whom, how it went."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        BUSY = "busy", _("Busy")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        ANOTHER_TIME = "another_time", _("Asked for another time")
        REFUSED = "refused", _("Does not want calls")

    call = models.ForeignKey(Call, models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    by = models.ForeignKey("core.Employee", models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    seconds = models.PositiveIntegerField(_("duration in seconds"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=400, blank=True)

    class Meta:
        ordering = ["at", "id"]
