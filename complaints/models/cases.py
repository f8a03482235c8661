"""A complaint, enquiry or suggestion: one case from the first word to the archive."""

from datetime import timedelta
from typing import Self

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Reverse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.finding import with_word
from core.actor import Actor, Scope
from core.links import address_of, nonce_of, token_of
from core.models import Department
from core.rows import HouseModel, Rows
from customers.models.finding import words_of

REPEAT_DAYS = 90  # within which a case of the same person or car is looked at as the same or as a repeat
# of a case that is being worked on; spelled out once more for its index
OPEN_STATUSES = ("received", "answering", "investigating", "proposing", "deciding", "carrying_out", "calling")
FOLLOW = "/k/{token}/"  # where a customer follows a case


class ComplaintRows(Rows):
    """Reads of cases."""

    def open(self) -> Self:
        """Those that are still being worked on."""
        return self.filter(status__in=Complaint.OPEN)

    def ours(self) -> Self:
        """Those that were made here, not loaded from elsewhere: only these have clocks, tasks and calls."""
        return self.filter(origin="")

    def mine(self, employee_id: int | None) -> Self:
        """Those somebody keeps."""
        return self.filter(keeper=employee_id)

    def unkept(self) -> Self:
        """Open ones that nobody keeps yet, or whose keeper has left the house."""
        return self.ours().open().filter(Q(keeper=None) | Q(keeper__is_active=False))

    def late(self) -> Self:
        """Open ones with a clock that has run out."""
        over = apps.get_model("complaints", "Clock").objects.running().filter(due_at__lt=now())
        return self.ours().open().filter(pk__in=over.values("complaint"))

    def to_check(self) -> Self:
        """Closed ones whose check after closing is due."""
        return self.filter(status=Complaint.Status.CLOSED, checked_at=None, check_due_on__lte=localdate())

    def found_by(self, text: str) -> Self:
        """Those that every word fits: a piece of what was said or of the name, the end of a number, phone or plate."""
        words, found = words_of(text), self
        for word in words:
            found = found.filter(with_word(Complaint, word))
        return found if words else self.none()

    def alike(self, complaint: "Complaint") -> Self:
        """Those of the same person, phone or car within 90 days before or after: the same case, or a repeat (K-22)."""
        same = Q()
        for name in ("customer_id", "vehicle_id", "phone"):
            if value := getattr(complaint, name):
                same |= Q(**{name: value})
        span, moment = timedelta(days=REPEAT_DAYS), complaint.received_at
        near = self.ours().filter(same, received_at__gte=moment - span, received_at__lte=moment + span)
        near = near.filter(store__company=complaint.store.company_id).exclude(pk=complaint.pk)
        return near.exclude(status=Complaint.Status.MERGED) if same else self.none()

    def by_token(self, token: str) -> Self:
        """The case of an address, if this house signed it."""
        nonce = nonce_of(token)
        return self.filter(nonce=nonce) if nonce else self.none()

    def in_list(self) -> Self:
        """With store, customer, car, keeper and problem, fetched for the rows of a page alone: a common word finds
        thousands, which would all be joined before the newest are taken."""
        return self.prefetch_related("store", "customer", "vehicle", "keeper", "problem")

    def with_names(self) -> Self:
        """With store, customer, car and keeper, for lists."""
        return self.select_related("store", "customer", "vehicle", "keeper", "problem__problem_class")


class Complaint(HouseModel):
    """A case: what somebody complains of, asks or suggests; who keeps it; how it was judged, mended and ended (K-06).

    Complaint, enquiry and suggestion are natures of one case and take different paths (C-37). A loaded case has an
    origin and is history: no clock, no call, no task comes of it.
    """

    READ = "complaints.see_complaints"
    HAS_ATTACHMENTS = True

    class Nature(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        ENQUIRY = "enquiry", _("Enquiry")
        SUGGESTION = "suggestion", _("Suggestion")

    class Status(models.TextChoices):
        RECEIVED = "received", _("Taken in")
        ANSWERING = "answering", _("To answer")
        INVESTIGATING = "investigating", _("Being investigated")
        PROPOSING = "proposing", _("Options being drawn up")
        DECIDING = "deciding", _("To be decided")
        CARRYING_OUT = "carrying_out", _("Being carried out")
        CALLING = "calling", _("Closing call owed")
        CLOSED = "closed", pgettext_lazy("case", "Closed")
        MERGED = "merged", _("Part of another case")

    OPEN = (
        Status.RECEIVED,
        Status.ANSWERING,
        Status.INVESTIGATING,
        Status.PROPOSING,
        Status.DECIDING,
        Status.CARRYING_OUT,
        Status.CALLING,
    )
    # every open stage may end by an exit (withdrawn, unreachable, no agreement, court); only a case that has just come
    # in, or is still being looked at, is found to be the same as another
    MOVES = {
        Status.RECEIVED: {
            Status.ANSWERING, Status.INVESTIGATING, Status.CARRYING_OUT, Status.CALLING, Status.CLOSED, Status.MERGED
        },
        Status.ANSWERING: {Status.RECEIVED, Status.INVESTIGATING, Status.CLOSED, Status.MERGED},
        Status.INVESTIGATING: {Status.PROPOSING, Status.CARRYING_OUT, Status.CLOSED, Status.MERGED},
        Status.PROPOSING: {Status.DECIDING, Status.INVESTIGATING, Status.CARRYING_OUT, Status.CLOSED},
        Status.DECIDING: {Status.CARRYING_OUT, Status.PROPOSING, Status.CLOSED},
        Status.CARRYING_OUT: {Status.CALLING, Status.PROPOSING, Status.CLOSED},
        Status.CALLING: {Status.CLOSED, Status.INVESTIGATING},
        Status.CLOSED: {Status.INVESTIGATING, Status.ANSWERING},
        Status.MERGED: {Status.RECEIVED},
    }  # fmt: skip

    class Severity(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        SERIOUS = "serious", _("Serious")
        MAJOR = "major", _("Major")

    class Route(models.TextChoices):
        """Where the investigation looks (K-10)."""

        QUALITY = "quality", _("Repair quality")
        ATTITUDE = "attitude", _("Service attitude")
        PROCESS = "process", _("Process, price or time")
        PRODUCT = "product", _("The car itself")

    class Cause(models.TextChoices):
        """Category of the root cause (K-03)."""

        SKILL = "skill", _("Skill or training")
        ATTITUDE = "attitude", _("Attitude or words")
        METHOD = "method", _("Process or method")
        PARTS = "parts", _("Part or material")
        EQUIPMENT = "equipment", _("Tool or equipment")
        INFORMATION = "information", _("Information or agreement")
        PRODUCT = "product", _("Design or manufacture of the car")
        CUSTOMER = "customer", _("Use or expectation of the customer")
        OUTSIDE = "outside", _("Somebody outside of the house")

    class Result(models.TextChoices):
        """How a case ended; each is counted apart (K-05)."""

        SATISFIED = "satisfied", _("Settled, customer satisfied")
        AVERAGE = "average", _("Settled, customer so-so")
        NOT_ESTABLISHED = "not_established", _("Not established")
        ANSWERED = "answered", _("Answered")
        ADOPTED = "adopted", _("Suggestion adopted")
        NOT_ADOPTED = "not_adopted", _("Suggestion not adopted")
        WITHDRAWN = "withdrawn", _("Complaint withdrawn")
        UNREACHABLE = "unreachable", _("Customer cannot be reached")
        NO_AGREEMENT = "no_agreement", _("No agreement")
        COURT = "court", _("Goes to court")

    EXITS = (Result.WITHDRAWN, Result.UNREACHABLE, Result.NO_AGREEMENT, Result.COURT)

    class Reaction(models.TextChoices):
        """What a customer says to an answer or a check."""

        ACCEPTED = "accepted", _("Accepted")
        NOT_ACCEPTED = "not_accepted", _("Not accepted")
        NO_ANSWER = "no_answer", _("No reaction")

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="complaints", verbose_name=_("store"))
    number = models.CharField(_("number"), max_length=32, blank=True)
    nonce = models.CharField(max_length=32, blank=True)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, default=Nature.COMPLAINT)
    status = models.CharField(_("status"), max_length=14, choices=Status, default=Status.RECEIVED)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity, default=Severity.ORDINARY)
    # who and which car
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, blank=True, related_name="complaints",
        verbose_name=_("customer"),
    )  # fmt: skip
    name = models.CharField(_("complainant"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    may_call = models.BooleanField(_("may be called about it"), default=True)
    vehicle = models.ForeignKey(
        "customers.Vehicle", models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("car")
    )
    stated_plate = models.CharField(
        _("stated plate"), max_length=24, blank=True, help_text=_("As it was told or typed; no car here wears it.")
    )
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    series = models.CharField(_("series"), max_length=60, blank=True)
    model_name = models.CharField(_("model"), max_length=80, blank=True)
    order = models.ForeignKey(
        "service.Order", models.PROTECT, null=True, blank=True, related_name="complaints",
        verbose_name=_("repair order"),
    )  # fmt: skip
    call = models.ForeignKey(
        "customers.Call", models.PROTECT, null=True, blank=True, related_name="complaints",
        verbose_name=_("follow-up call"),
    )  # fmt: skip
    # what
    words = models.TextField(_("in the customer's words"), max_length=4000)
    demand = models.TextField(_("what the customer asks for"), max_length=2000, blank=True)
    problem = models.ForeignKey(
        "complaints.Problem", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("main problem")
    )
    problems = models.ManyToManyField(
        "complaints.Problem", related_name="complaints", blank=True, verbose_name=_("problems")
    )
    happened_on = models.DateField(_("happened on"), null=True, blank=True)
    received_at = models.DateTimeField(_("taken in"))
    received_on = models.DateField(_("received on"))
    keeper = models.ForeignKey(
        "core.Employee",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=pgettext_lazy("case", "keeper"),
    )
    handovers = models.PositiveSmallIntegerField(pgettext_lazy("case", "handed over"), default=0)
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("part of")
    )
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeats", verbose_name=_("repeats")
    )
    # judgement (K-07 to K-09)
    grounds_ok = models.BooleanField(_("grounds sufficient"), null=True, blank=True)
    grounds_reason = models.CharField(_("why"), max_length=1000, blank=True)
    demand_ok = models.BooleanField(_("demand reasonable"), null=True, blank=True)
    demand_reason = models.CharField(_("why"), max_length=1000, blank=True)
    judged_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    department = models.CharField(_("responsible department"), max_length=12, choices=Department, blank=True)
    agreed_until = models.DateTimeField(_("agreed with the customer until"), null=True, blank=True)
    agreed_words = models.CharField(_("how it was agreed"), max_length=200, blank=True)
    reply = models.TextField(pgettext_lazy("case", "answer"), max_length=2000, blank=True)
    replied_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reaction = models.CharField(_("the customer's reaction"), max_length=12, choices=Reaction, blank=True)
    reaction_words = models.CharField(_("in the customer's words"), max_length=1000, blank=True)
    # investigation (K-10, K-03)
    route = models.CharField(_("route"), max_length=10, choices=Route, blank=True)
    findings = models.TextField(_("findings"), max_length=4000, blank=True)
    responsible = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible person")
    )
    cause = models.CharField(_("root cause"), max_length=12, choices=Cause, blank=True)
    whys = ArrayField(models.CharField(max_length=400), default=list, blank=True, verbose_name=_("five whys"))
    investigated_at = models.DateTimeField(_("investigated"), null=True, blank=True)
    rework = models.ForeignKey(
        "service.Order", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("free rework")
    )
    rework_of = models.ForeignKey(
        "service.Job", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("job to be redone")
    )
    # decision and carrying out (K-11 to K-13)
    is_on_spot = models.BooleanField(_("settled on the spot"), default=False)
    instruction = models.CharField(_("instruction"), max_length=1000, blank=True)
    instruction_due = models.DateTimeField(_("to be carried out by"), null=True, blank=True)
    decided_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(pgettext_lazy("case", "decided"), null=True, blank=True)
    told_at = models.DateTimeField(_("customer told"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted by the customer"), null=True, blank=True)
    accepted_by = models.CharField(_("accepted by"), max_length=80, blank=True)
    carried_out_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, default=0)
    # closing (K-05, K-22, K-16)
    call_pending = models.BooleanField(default=False, help_text="a closing call is still to be planned")
    closing_call = models.ForeignKey(
        "customers.Call", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closing call")
    )
    answered_at = models.DateTimeField(
        _("closing call looked at"), null=True, blank=True, help_text="its end was told to the keeper"
    )
    result = models.CharField(_("result"), max_length=16, choices=Result, blank=True)
    result_words = models.CharField(_("remark"), max_length=1000, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("case", "closed"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    check_due_on = models.DateField(_("check after closing"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked after closing"), null=True, blank=True)
    check_reaction = models.CharField(_("result of the check"), max_length=12, choices=Reaction, blank=True)
    check_words = models.CharField(pgettext_lazy("case", "remark of the check"), max_length=1000, blank=True)
    reopened = models.PositiveSmallIntegerField(_("reopened"), default=0)
    is_locked = models.BooleanField(_("archived"), default=False)
    # loading
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    source_id = models.CharField(max_length=64, blank=True)
    source_status = models.CharField(_("status in the source"), max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ComplaintRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="complaint_number_once"),
            models.UniqueConstraint(fields=["nonce"], condition=~Q(nonce=""), name="complaint_nonce_once"),
            models.UniqueConstraint(
                fields=["store", "origin", "source_id"],
                condition=~Q(origin=""),
                name="complaint_source_once",
                violation_error_message=_("This case of the source is already there."),
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False, result__gt=""),
                name="complaint_closed_has_result",
                violation_error_message=_("A closed case needs its result."),
            ),
            models.CheckConstraint(
                condition=~Q(result__in=["satisfied", "average"]) | Q(closing_call__isnull=False) | ~Q(origin=""),
                name="complaint_closed_by_call",
                violation_error_message=_("A settled complaint closes only with the answer of the closing call."),
            ),
            models.CheckConstraint(
                condition=Q(same_as__isnull=True) | ~Q(same_as=F("id")),
                name="complaint_not_part_of_itself",
                violation_error_message=_("A case is not part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=0), name="complaint_cost", violation_error_message=_("A cost is not negative.")
            ),
            # the triggers that guard an archived case and its parts say no by this name too
            models.CheckConstraint(
                condition=Q(is_locked=False) | Q(status="closed"),
                name="complaint_archived",
                violation_error_message=_("This case is archived. Open it again before anything in it is changed."),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-received_at", "-id"], name="complaint_by_time"),
            models.Index(fields=["-received_at", "-id"], name="complaint_newest"),
            models.Index(fields=["store", "status", "-received_at", "-id"], name="complaint_by_status"),
            models.Index(fields=["store", "received_on"], name="complaint_by_day"),
            models.Index(fields=["customer", "-received_at"], name="complaint_of_customer"),
            models.Index(fields=["vehicle", "-received_at"], name="complaint_of_vehicle"),
            models.Index(fields=["phone", "-received_at"], name="complaint_of_phone"),
            models.Index(
                fields=["store", "-received_at", "-id"],
                condition=Q(origin="", status__in=OPEN_STATUSES),
                name="complaint_open",
            ),
            models.Index(fields=["keeper", "status", "-received_at", "-id"], name="complaint_of_keeper"),
            models.Index(fields=["store", "id"], condition=Q(call_pending=True), name="complaint_call_pending"),
            models.Index(
                fields=["closing_call"], condition=Q(status="calling", answered_at=None), name="complaint_call_awaited"
            ),
            models.Index(
                fields=["check_due_on", "id"], condition=Q(checked_at=None, status="closed"), name="complaint_to_check"
            ),
            GinIndex(Func(F("words"), function="bigrams"), name="complaint_words_bigrams"),
            GinIndex(Func(F("name"), function="bigrams"), name="complaint_name_bigrams"),
            models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="complaint_number_end"),
            models.Index(OpClass(Reverse("phone"), "text_pattern_ops"), name="complaint_phone_end"),
            models.Index(OpClass("phone", "varchar_pattern_ops"), name="complaint_phone_start"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.origin} {self.source_id}".strip() or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("complaint", args=[self.pk])

    @property
    def is_decided(self) -> bool:
        """Whether what was chosen counts now; in a case that was opened again it is an earlier choice."""
        return self.status in (self.Status.CARRYING_OUT, self.Status.CALLING, self.Status.CLOSED)

    @property
    def is_open(self) -> bool:
        """Whether it is still being worked on."""
        return self.status in self.OPEN

    @property
    def who(self) -> str:
        """The one who complains, as a list shows it."""
        return self.name or (str(self.customer) if self.customer else "")

    @property
    def token(self) -> str:
        """What stands in the address by which the customer follows it."""
        return token_of(self.nonce)

    @property
    def address(self) -> str:
        """The address by which the customer follows the case and adds to it."""
        return address_of(self.nonce, FOLLOW)

    def follower(self) -> Actor:
        """The customer who holds the link: may follow this case, add to it, choose and accept, and nothing else."""
        scope = Scope(stores=frozenset({self.store_id}), store_companies=frozenset({self.store.company_id}))
        return Actor("customer", self.customer_id, self.who, "link", {"complaints.follow": scope})
