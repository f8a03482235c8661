"""Approvals: what somebody may not decide alone, who decided it, and within which authority."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.models.employees import Posting
from core.roles import VERBS, Role
from core.rows import HouseModel, Rows

DECIDING = sorted(role for role, verbs in VERBS.items() if "core.decide" in verbs)


class Matter(models.TextChoices):
    """What a limit is about; the unit of its limit is yuan unless it says percent."""

    DISCOUNT = "discount", _("Discount")
    ROUNDING = "rounding", _("Rounding down")
    CREDIT = "credit", _("Letting a car go on credit")
    WRITE_OFF = "write_off", _("Writing a claim off")
    GOODWILL = "goodwill", _("Goodwill of the store")
    GATE = "gate", _("Letting a car out that was not in for service")
    QUESTION = "question", _("A customer's question")
    REMEDY = "remedy", _("Settling a complaint")
    END_CASE = "end_case", _("Ending a complaint without agreement")
    ACCOUNT = "account", _("Holding somebody to account")
    STATEMENT = "statement", _("A public statement")


class Authority(HouseModel):
    """How much a role may decide alone in a company: a discount of 5 %, a rounding of 10 yuan. Empty: without limit."""

    READ = "core.see_authorities"
    COMPANY = "company"

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="authorities")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    matter = models.CharField(_("matter"), max_length=12, choices=Matter)
    limit = models.DecimalField(_("limit"), max_digits=12, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "role", "matter"],
                name="authority_once",
                violation_error_message=_("This role already has a limit for this matter."),
            ),
            models.CheckConstraint(
                condition=Q(limit__isnull=True) | Q(limit__gte=0),
                name="authority_limit_not_negative",
                violation_error_message=_("A limit cannot be negative."),
            ),
        ]
        indexes = [models.Index(fields=["company", "matter", "role", "id"], name="authority_by_matter")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.get_matter_display()}"


def _deeper(value: Any) -> Any:
    """A reference to the row outside, as seen from one subquery further in; anything else is itself."""
    return OuterRef(value) if isinstance(value, OuterRef) else value


def can_decide(person: Any, store: Any, company: Any, matter: Any, amount: Any) -> Q:
    """The condition that somebody decides in a store and that one of their roles there reaches the amount."""
    posted = Posting.objects.held_in(store, company).filter(employee=person)
    reach = Authority.objects.filter(company=_deeper(company), matter=_deeper(matter), role=OuterRef("role"))
    # a limit of nothing is no authority, also where nothing is asked for, such as at the gate
    reach = reach.filter(Q(limit=None) | Q(limit__gt=0, limit__gte=_deeper(amount)))
    return Q(Exists(posted.filter(role__in=DECIDING))) & Q(Exists(posted.filter(Exists(reach))))


class DelegationRows(Rows):
    """Reads of delegations."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, given or taken over, and those of the people in one's stores."""
        scope = actor.scope("core.see_authorities")
        if scope.everywhere:
            return self
        own = Q(principal=actor.pk) | Q(deputy=actor.pk)
        return self.filter(own | Q(store__in=scope.stores) | Q(store__company__in=scope.companies))

    def in_force(self, day: date) -> Self:
        """Those that hold on a day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, ended_at__isnull=True)

    def covering(self, store: Any, matter: Any, amount: Any, asked_by: Any) -> Self:
        """Those under which a deputy decides today: the other could decide it, and did not ask for it."""
        rows = self.in_force(localdate()).filter(Q(matter="") | Q(matter=matter), store=store)
        rows = rows.filter(Q(limit=None) | Q(limit__gte=amount), ~Q(principal=asked_by), ~Q(deputy=asked_by))
        other = OuterRef("principal"), OuterRef("store"), OuterRef("store__company")
        return rows.filter(can_decide(*other, _deeper(matter), _deeper(amount)), principal__is_active=True)

    def with_names(self) -> Self:
        """With store and people, for lists."""
        return self.select_related("store", "principal", "deputy")


class Delegation(HouseModel):
    """A deputy (代理授权): somebody decides in another's name, in one store, up to a limit, for some days."""

    READ = "core.see_approvals"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="delegations")
    principal = models.ForeignKey(
        "core.Employee", models.PROTECT, related_name="delegations", verbose_name=_("in whose name")
    )
    deputy = models.ForeignKey("core.Employee", models.PROTECT, related_name="deputyships", verbose_name=_("deputy"))
    matter = models.CharField(
        _("matter"), max_length=12, choices=Matter, blank=True, help_text=_("Empty: every matter.")
    )
    limit = models.DecimalField(
        _("limit"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("Empty: as far as the other.")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True)

    objects = DelegationRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="delegation_forward",
                violation_error_message=_("A deputyship must end after it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(principal=F("deputy")),
                name="delegation_to_another",
                violation_error_message=_("Nobody is their own deputy."),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-id"], name="delegation_of_store"),
            models.Index(fields=["deputy", "ends_on"], name="delegation_of_deputy"),
        ]

    def __str__(self) -> str:
        return f"{self.principal} → {self.deputy}"

    def get_absolute_url(self) -> str:
        return reverse("delegations")

    @property
    def has_ended(self) -> bool:
        """Whether it holds no longer."""
        return self.ended_at is not None or self.ends_on < localdate()


class ApprovalRows(Rows):
    """Reads of approvals."""

    def visible_to(self, actor: Actor) -> Self:
        """What one asked for oneself, what one is the deputy for, and what is asked in the stores where one decides."""
        scope = actor.scope("core.see_every_approval")
        if scope.everywhere:
            return self
        deputy = Delegation.objects.filter(deputy=actor.pk).in_force(localdate()).values("store")
        own = Q(asked_by=actor.pk) | Q(decided_by=actor.pk) | Q(store__in=deputy)
        return self.filter(own | Q(store__in=scope.stores) | Q(store__company__in=scope.companies))

    def open(self) -> Self:
        """Those nobody has decided."""
        return self.filter(status=Approval.Status.ASKED)

    def to_decide_by(self, person: int | None) -> Self:
        """Those that wait for this person: within their own authority, or as somebody's deputy; never their own."""
        asked = OuterRef("matter"), OuterRef("amount")
        own = can_decide(person or 0, OuterRef("store"), OuterRef("store__company"), *asked)
        deputy = Delegation.objects.covering(OuterRef("store"), *asked, OuterRef("asked_by")).filter(deputy=person or 0)
        return self.open().exclude(asked_by=person).filter(own | Q(Exists(deputy)))

    def with_names(self) -> Self:
        """With store and people, for lists."""
        return self.select_related("store", "asked_by", "decided_by", "in_name_of")


class Approval(HouseModel):
    """Somebody asks for what they may not decide alone: what, how much, why, and who decided with which reason.

    It holds for one verb on one document in the version that was looked at, up to `amount`, and is used up once.
    """

    READ = "core.see_approvals"

    class Status(models.TextChoices):
        ASKED = "asked", _("To decide")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        USED = "used", _("Used")

    MOVES = {
        Status.ASKED: {Status.GRANTED, Status.REFUSED, Status.WITHDRAWN},
        Status.GRANTED: {Status.USED, Status.WITHDRAWN},
    }

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="approvals")
    matter = models.CharField(_("matter"), max_length=12, choices=Matter)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    object_version = models.PositiveIntegerField(default=0, help_text="0: the document has no version")
    title = models.CharField(_("what it is about"), max_length=120)
    address = models.CharField(max_length=200, help_text="the page of the document")
    amount = models.DecimalField(_("asked for"), max_digits=12, decimal_places=2)
    worth = models.DecimalField(
        _("in yuan"), max_digits=12, decimal_places=2, default=Decimal(0), help_text="what it costs the store"
    )
    facts = models.JSONField(default=list, help_text="what the one who decides should know: [[code, value], …]")
    reason = models.CharField(_("reason"), max_length=400)
    asked_by = models.ForeignKey(
        "core.Employee", models.PROTECT, related_name="approvals_asked", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ASKED)
    decided_by = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    in_name_of = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in the name of")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=400, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = ApprovalRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["verb", "kind", "object_id"],
                condition=Q(status="asked"),
                name="approval_asked_once",
                violation_error_message=_("This has been asked for already and waits for the decision."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="approval_not_ones_own",
                violation_error_message=_("Nobody approves their own."),
            ),
            models.CheckConstraint(condition=Q(amount__gte=0, worth__gte=0), name="approval_amount_not_negative"),
        ]
        indexes = [
            models.Index(fields=["store", "status", "-asked_at", "-id"], name="approval_inbox"),
            models.Index(fields=["asked_by", "-id"], name="approval_of_asker"),
            models.Index(fields=["kind", "object_id"], name="approval_of_document"),
            models.Index(fields=["-asked_at", "-id"], name="approval_by_age"),
            models.Index(fields=["store", "id"], name="approval_open", condition=Q(status="asked")),
        ]

    def __str__(self) -> str:
        return f"{self.get_matter_display()} · {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("approval", args=[self.pk])


def _versions(approvals: list[Approval]) -> dict[int, int]:
    """The version that the document of each approval has now, by the approval's id; one query for each kind."""
    kinds: dict[str, list[Approval]] = {}
    for one in approvals:
        kinds.setdefault(one.kind, []).append(one)
    found: dict[int, int] = {}
    for model in apps.get_models():
        rows = kinds.get(model.kind_name()) if issubclass(model, HouseModel) else None
        if rows:
            documents = model._base_manager.filter(pk__in={one.object_id for one in rows})
            versions = dict(documents.values_list("pk", "version"))
            found |= {one.pk: versions.get(one.object_id, 0) for one in rows}
    return found


def outdated(approvals: Iterable[Approval]) -> set[int]:
    """The ids of those whose document was changed since somebody asked, so that they hold for nothing any more."""
    live = {Approval.Status.ASKED, Approval.Status.GRANTED}
    versioned = [one for one in approvals if one.object_version and one.status in live]
    now_at = _versions(versioned)
    return {one.pk for one in versioned if now_at.get(one.pk) != one.object_version}
