"""Employees, where they work in which role, and the tokens of integrations."""

from typing import Any, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.models.roster import Trade
from core.roles import Role


class Employee(AbstractUser):
    """Somebody who works in the house, or an integration; deactivated when they leave, never deleted."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        INTEGRATION = "integration", _("Integration")

    class Theme(models.TextChoices):
        AUTO = "auto", _("Like the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    language = models.CharField(_("language"), max_length=8, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    store = models.ForeignKey(
        "core.Store",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The store whose work is shown first."),
    )

    class Meta(AbstractUser.Meta):
        indexes = [models.Index(fields=["name", "id"], name="employee_by_name")]

    def __str__(self) -> str:
        return self.name or self.username

    @classmethod
    def kind_name(cls) -> str:
        """The stable name of an employee in the logbook."""
        return "employee"

    @classmethod
    def kept_by(cls, actor: Actor) -> "models.QuerySet[Employee]":
        """The people whose accounts somebody keeps: who has or had a role within their reach, and none beyond it.

        Whoever resets a password can act in that name, so nobody keeps an account that may do more elsewhere.
        """
        scope = actor.scope("core.keep_employees")
        if scope.everywhere:
            return Employee.objects.all()
        within = Q(store__in=scope.stores) | Q(store__company__in=scope.companies) | Q(company__in=scope.companies)
        ours = Posting.objects.filter(within)
        beyond = Posting.objects.filter(is_active=True).exclude(pk__in=ours.values("pk"))
        kept = Employee.objects.filter(pk__in=ours.values("employee"), is_superuser=False)
        return kept.exclude(pk__in=beyond.values("employee"))

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class PostingRows(models.QuerySet):
    """Reads of postings."""

    def held_in(self, store: Any, company: Any) -> Self:
        """The roles that count in a store: those given there, in its company, or in the whole group."""
        here = Q(store=store) | Q(company=company) | Q(store__isnull=True, company__isnull=True)
        return self.filter(here, is_active=True)


class Posting(models.Model):
    """One role of an employee in one store, in a whole company, or in the whole group (neither named)."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="postings")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    store = models.ForeignKey("core.Store", models.PROTECT, null=True, blank=True, related_name="postings")
    company = models.ForeignKey("core.Company", models.PROTECT, null=True, blank=True, related_name="postings")
    trade = models.CharField(
        _("trade"), max_length=10, choices=Trade, blank=True, help_text=_("Of a technician. Empty: every trade.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = PostingRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(store__isnull=True) | Q(company__isnull=True),
                name="posting_one_place",
                violation_error_message=_("A posting is in one store or in one company, not both."),
            ),
            models.UniqueConstraint(
                fields=["employee", "role", "store", "company"],
                nulls_distinct=False,
                name="posting_once",
                violation_error_message=_("This person already has this role there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} · {self.get_role_display()}"


class AccessToken(models.Model):
    """A key with which a program asks the REST door in an employee's name; only its hash is kept."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="tokens")
    name = models.CharField(_("what it is for"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    tail = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} …{self.tail}"
