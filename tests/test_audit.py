"""Row 16: every table has its place in the logbook, and nothing that opens a door is written there.

Whether all that is done is told: tests/hard/test_logbook.py.
"""

import json
import random
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from core.events import KINDS
from core.models import AccessToken, Detail, Entry
from tests import audit
from tests.complaints.conftest import Cases
from tests.conftest import PASSWORD
from tests.hard.telling import plain_in
from tests.hard.world import stand
from tests.test_access import client_of

# Tables


def test_every_table_is_placed():
    """A new model is a document of its own, a part of one, or not audited for a reason."""
    every = {model._meta.label: model for model in audit.every_model() if not model.__module__.startswith("tests.")}
    assert [label for label, model in every.items() if not audit.is_placed(model)] == []
    said = {**audit.NOT_AUDITED, **audit.PART_OF, **audit.NAMED, **audit.ALONG}
    assert said.keys() - every.keys() == set(), "tables that are no more"
    assert not [label for label in (*audit.PART_OF, *audit.NAMED) if audit.is_document(every[label])]
    assert all(audit.NOT_AUDITED.values())


def test_every_kind_of_document_is_a_table():
    kinds = {audit.kind_of(model) for model in audit.every_model() if audit.is_document(model)}
    assert KINDS.keys() - kinds == set()


def test_a_part_leads_to_a_document():
    """No way ends at a row that nobody tells of."""
    for model in audit.every_model():
        for name in audit.ways(model) if audit.is_placed(model) and not audit.is_document(model) else ():
            above = model._meta.get_field(name).related_model
            assert audit.is_document(above) or audit.ways(above) or above._meta.label in audit.NAMED, (model, name)


# Secrets


def secrets_of_the_house() -> set[str]:
    """Whatever opens a door: hashes of passwords, tokens, sessions, factors, addresses that open without signing in."""
    from allauth.mfa.models import Authenticator
    from django.contrib.sessions.models import Session

    from core.models import Employee

    found = {PASSWORD, settings.SECRET_KEY}
    found |= set(Employee.objects.values_list("password", flat=True))
    found |= set(AccessToken.objects.values_list("digest", flat=True))
    found |= set(Session.objects.values_list("session_key", flat=True))
    for one in Authenticator.objects.all():
        found |= {str(value) for value in one.data.values()}
        wrapped = one.wrap()
        found |= set(wrapped.get_unused_codes()) if hasattr(wrapped, "get_unused_codes") else set()
    for model in apps.get_models():
        if any(field.name == "nonce" for field in model._meta.fields):
            found |= set(model._base_manager.values_list("nonce", flat=True))
    return {one for one in found if len(one) >= 6}


def kept_texts() -> str:
    """Everything in the logbook, the part that may be erased too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM core_entry t")
        lines = cursor.fetchone()[0]
    values = Detail.objects.values_list("by_name", "values")
    return f"{lines} {json.dumps(list(values), ensure_ascii=False)}"


def set_up(cast: Any) -> set[str]:
    """The cashier signs in with a session, changes the password and sets up a second factor; what was shown of it."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from core import actions as core

    client_of(cast, "cashier").get("/account/me/")
    secret = generate_totp_secret()
    TOTP.activate(cast.cashier, secret)
    codes = RecoveryCodes.activate(cast.cashier).get_unused_codes()
    for what in ("password_changed", "totp_activated", "recovery_codes_generated"):
        core.note_signin_change(cast.cashier, what=what, by=cast.by("cashier"))
    return {secret, *codes}


def test_no_secret_no_phone_and_no_vin_is_in_the_logbook(cast, chain):
    """An account's whole life, a visit from end to end, a link, a case: nothing that opens a door is written down."""
    from core import actions as core
    from service import actions as service

    fresh = core.add_employee(
        username="newcomer", name="新人", role="advisor", store=cast.store, by=cast.by("general_manager")
    )
    again = core.reset_password(fresh.employee, by=cast.by("general_manager"))
    token = core.make_token(name="挂件", by=cast.by("general_manager"))
    shown = set_up(cast)
    core.revoke_token(token.token, by=cast.by("general_manager"))
    chain.left()
    order = stand(cast, "estimated", random.Random(16)).orders.get()
    link = service.send_link(order, channel="wechat", hours=24, by=cast.by("advisor"))
    Cases(cast).carried_out()
    given = shown | {fresh.text, again.text, token.text, token.text.removeprefix("as_")}
    given |= {link.token} if hasattr(link, "token") else set()
    text = kept_texts()
    assert len(text) > 5_000
    assert [one for one in given | secrets_of_the_house() if one in text] == []
    assert plain_in(list(Entry.objects.all())) == []
    assert {"employee.second_factor_added", "token.revoked", "order.link_sent"} <= set(
        Entry.objects.values_list("verb", flat=True)
    )


def test_the_search_for_numbers_would_find_one():
    one = Entry(verb="x", kind="y", fields=["13800006621"])
    assert plain_in([one])
    assert plain_in([Entry(verb="x", kind="y", fields=["LFV2A21K0D3123456"])])
    assert not plain_in([Entry(verb="customer.added", kind="customer", fields=["name", "phone", "vin"])])
