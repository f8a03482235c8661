"""Employees, where they work in which role, and the tokens of integrations."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Posting(models.Model):
    """One role of an employee in one store, in a whole company, or in the whole group (neither named)."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="postings")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    store = models.ForeignKey("core.Store", models.PROTECT, null=True, blank=True, related_name="postings")
    company = models.ForeignKey("core.Company", models.PROTECT, null=True, blank=True, related_name="postings")
    is_active = models.BooleanField(_("active"), default=True)

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
