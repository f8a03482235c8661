"""One's own account: language and look, access tokens, and the answers kept for retried requests."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import CONSOLE, Actor, allow_anywhere
from core.logbook import record
from core.models import AccessToken, Employee, KeyedRequest
from core.rows import Refused, atomic, lock
from core.second_factor import owes_second_factor


def digest_of(token: str) -> str:
    """What is kept of an access token."""
    return hashlib.sha256(token.encode()).hexdigest()


@atomic
def choose(employee: Any, **choices: Any) -> Employee:
    """Remember an employee's own choice of language, look or store; nothing of the business changes by it."""
    for name, value in choices.items():
        setattr(employee, name, value)
    employee.save(update_fields=list(choices))
    return employee


KEPT_DAYS = 7  # nobody retries a request of last week


@atomic
def forget_keys(moment: datetime) -> int:
    """Forget the answers kept for retried requests when they are a week old; told by the clock."""
    return KeyedRequest.objects.filter(created_at__lt=moment - timedelta(days=KEPT_DAYS)).delete()[0]


@dataclass
class FreshToken:
    """A token just made, with the text that is shown once and never kept."""

    token: AccessToken
    text: str


@atomic
def make_token(*, name: str, by: Actor, employee: Employee | None = None) -> FreshToken:
    """Make an access token for programs that ask in one's own name; its text is shown once. In somebody else's name,
    such as an integration's, only the console makes one."""
    allow_anywhere(by, "core.keep_tokens")
    if employee and employee.pk != by.pk and by != CONSOLE:
        raise PermissionDenied(_("A token is made in one's own name; the console makes those of integrations."))
    owner = employee or Employee.objects.get(pk=by.pk or 0)
    if not owner.is_active:
        raise Refused(_("This account is already closed."))
    if owes_second_factor(owner):
        raise Refused(_("This role needs a second factor before it gets an access token."))
    text = f"as_{secrets.token_urlsafe(32)}"
    token = AccessToken.objects.create(employee=owner, name=name, digest=digest_of(text), tail=text[-4:])
    record("token.made", token, by=by, about=[owner], name=name)
    return FreshToken(token, text)


@atomic
def revoke_token(token: AccessToken, *, by: Actor) -> AccessToken:
    """Take one's own access token back; it is refused from the next request on."""
    if token.employee_id != by.pk and by != CONSOLE:
        raise PermissionDenied(_("Only the one in whose name a token asks takes it back."))
    token = lock(token)
    if token.revoked_at:
        raise Refused(_("This access token is already revoked."))
    token.revoked_at = now()
    token.save(update_fields=["revoked_at"])
    record("token.revoked", token, by=by, name=token.name)
    return token


@atomic
def note_signin_change(employee: Employee, *, what: str, by: Actor) -> None:
    """Note that somebody changed their password or second factor; told by the pages where that is done."""
    match what:
        case "password_changed":
            record("employee.password_changed", employee, by=by)
        case "totp_activated" | "webauthn_added":
            record("employee.second_factor_added", employee, by=by, kind=what)
        case "totp_deactivated" | "webauthn_removed":
            record("employee.second_factor_removed", employee, by=by, kind=what)
        case "recovery_codes_generated":
            record("employee.recovery_codes_made", employee, by=by)


@atomic
def reset_second_factor(employee: Employee, *, by: Actor) -> Employee:
    """Take every factor away from somebody who lost telephone and recovery codes, and end their sessions; only on the
    console, or whoever resets a password could step over the second factor as well."""
    if by != CONSOLE:
        raise PermissionDenied(_("Only the console takes a second factor away."))
    Authenticator.objects.filter(user=employee).delete()
    for session in UserSession.objects.filter(user=employee):
        session.end()
    record("employee.second_factor_reset", employee, by=by)
    return employee
