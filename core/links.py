"""Addresses that open without signing in: a nonce signed with the house's key, so that nobody makes one up.

Only the nonce is kept; the address is written anew wherever it is needed, and changing the key closes all of them.
"""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer

PATH = "/c/{token}/"


def _signer() -> Signer:
    return Signer(sep=".", salt="core.links")


def fresh_nonce() -> str:
    """192 random bits in 32 characters."""
    return secrets.token_urlsafe(24)


def token_of(nonce: str) -> str:
    """What stands in the address: the nonce and its signature."""
    return _signer().sign(nonce)


def nonce_of(token: str) -> str | None:
    """The nonce of a token that this house signed, or None."""
    try:
        return _signer().unsign(token)
    except BadSignature:
        return None


def address_of(nonce: str, path: str = PATH) -> str:
    """The whole address, to be sent to a customer."""
    return settings.SITE_URL + path.format(token=token_of(nonce))
