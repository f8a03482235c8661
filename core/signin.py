"""Signing in: accounts are made by the house, nobody registers, and what changes about one is in the logbook."""

import base64
import hashlib
import logging
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import actions
from core.second_factor import FACTORS, factors_of, is_forced

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """No open registration: an employee's account is made by the dealership."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Staff get no mail; a change of how somebody signs in is written in the logbook, and a session that was open
        before the first factor ends, since it never showed one."""
        what = template_prefix.rpartition("/")[2]
        request: Any = self.request
        actions.note_signin_change(user, what=what, by=request.actor)
        if what in {"totp_activated", "webauthn_added"}:
            for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
                session.end()
            record_authentication(request, user, "mfa", reauthenticated=True)  # it was shown just now

    def is_reauthentication_required(self, app: str) -> bool:
        """Whoever signed in just now sets up a first factor without saying the password twice."""
        request: Any = self.request
        signed_in = [one["at"] for one in get_authentication_records(request, request.user)]
        is_fresh = bool(signed_in) and time.time() - signed_in[-1] < app_settings.REAUTHENTICATION_TIMEOUT
        return not (app == "allauth.mfa" and is_fresh and not factors_of(request.user.pk))


def _box() -> MultiFernet:
    """Seals what is kept of second factors, so that a copy of the database alone signs nobody in."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factor:{key}".encode()).digest())) for key in keys]
    )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are sealed, and who must have one keeps one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or it was used already."),
        "cannot_delete_authenticator": _(
            "Your role needs a second factor, and this is the only one. Add another first."
        ),
    }

    def encrypt(self, text: str) -> str:
        """The secret as the database keeps it."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; after a lost SECRET_KEY one that no code fits, so that nobody gets in by it."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("a second factor cannot be opened: SECRET_KEY is another one than when it was set up")
            return generate_totp_secret()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether this may go: the last factor of somebody who must have one stays."""
        roles = authenticator.user.postings.filter(is_active=True).values_list("role", flat=True)
        return authenticator.type not in FACTORS or not is_forced(roles) or factors_of(authenticator.user_id) > 1
