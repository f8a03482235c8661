"""What can be done with the ground itself: one's own settings, access tokens."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now

from core.actor import Actor
from core.logbook import record
from core.models import AccessToken, Employee, KeyedRequest
from core.rows import atomic


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
def make_token(*, name: str, by: Actor) -> FreshToken:
    """Make an access token for programs that ask in this employee's name; its text is shown once."""
    text = f"as_{secrets.token_urlsafe(32)}"
    token = AccessToken.objects.create(
        employee=Employee.objects.get(pk=by.pk or 0), name=name, digest=digest_of(text), tail=text[-4:]
    )
    record("token.made", token, by=by, name=name)
    return FreshToken(token, text)


@atomic
def revoke_token(token: AccessToken, *, by: Actor) -> AccessToken:
    """Take an access token back; it is refused from the next request on."""
    token.revoked_at = now()
    token.save(update_fields=["revoked_at"])
    record("token.revoked", token, by=by, name=token.name)
    return token
