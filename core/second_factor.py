"""Who must sign in with more than a password, and whether they do (docs/decisions/006-second-factor.md)."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from core.roles import Role

# Finance and managers: who moves money, decides for others, or keeps the accounts of others.
FORCED = frozenset(
    {
        Role.CASHIER,
        Role.FINANCE_MANAGER,
        Role.CARE_MANAGER,
        Role.SERVICE_MANAGER,
        Role.GENERAL_MANAGER,
        Role.GROUP_MANAGER,
    }
)
# Recovery codes alone are no second factor: they only stand in for one.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_forced(roles: Any) -> bool:
    """Whether one of these roles asks for a second factor; in a demonstration none does."""
    return not settings.DEMO and not FORCED.isdisjoint(roles)


def factors_of(employee_id: int) -> int:
    """How many factors beside the password somebody has set up."""
    return Authenticator.objects.filter(user_id=employee_id, type__in=FACTORS).count()


def owes_second_factor(employee: Any) -> bool:
    """Whether this employee must set up a second factor before anything else."""
    roles = employee.postings.filter(is_active=True).values_list("role", flat=True)
    return is_forced(roles) and not factors_of(employee.pk)
