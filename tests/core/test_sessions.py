"""Sessions and tokens: what changes about an account counts from the next request on."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from core import actions
from core.models import AccessToken, Posting
from core.roles import Role
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
INSIDE = "/account/me/"


def signed_in(employee, **headers):
    client = Client(headers=headers)
    answer = client.post(reverse("account_login"), {"login": employee.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def is_in(client):
    return client.get(INSIDE).status_code == 200


def test_the_session_id_changes_at_sign_in(cast, client):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["session"] = planted = session.session_key
    client.post(reverse("account_login"), {"login": cast.advisor.username, "password": PASSWORD})
    assert is_in(client) and client.session.session_key != planted
    thief = Client()
    thief.cookies["session"] = planted
    assert not is_in(thief)


def test_a_closed_account_is_out_with_the_next_request(cast):
    client = signed_in(cast.advisor)
    token = _token(cast, cast.advisor)
    actions.deactivate_employee(cast.advisor, by=cast.by("general_manager"))
    assert not is_in(client)
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/visits/").status_code == 401
    answer = Client().post(reverse("account_login"), {"login": cast.advisor.username, "password": PASSWORD})
    assert answer.status_code == 302 and not is_in(Client())


def _token(cast, employee):
    from core.actor import CONSOLE

    return actions.make_token(name="x", by=CONSOLE, employee=employee).text


def test_a_new_password_ends_all_other_sessions(cast):
    mine, other = signed_in(cast.advisor), signed_in(cast.advisor)
    new = "quite another password"
    answer = mine.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert is_in(mine) and not is_in(other)
    actions.reset_password(cast.advisor, by=cast.by("general_manager"))
    assert not is_in(mine)


def test_a_role_counts_from_the_next_request(cast):
    client = signed_in(cast.guard)
    assert client.get("/visits/").status_code == 403
    actions.post_employee(cast.guard, role=Role.ADVISOR, store=cast.store, by=cast.by("general_manager"))
    assert client.get("/visits/").status_code == 200
    actions.end_posting(Posting.objects.get(employee=cast.guard, role=Role.ADVISOR), by=cast.by("general_manager"))
    assert client.get("/visits/").status_code == 403


def test_ones_own_sessions_are_listed_and_ended(cast):
    desk = signed_in(cast.advisor, user_agent="Mozilla/5.0 (Windows NT 10.0) Chrome/126.0")
    phone = signed_in(cast.advisor, user_agent="Mozilla/5.0 (iPhone) Safari/604.1")
    stranger = signed_in(cast.cashier)
    page = desk.get(reverse("usersessions_list")).content.decode()
    assert "Chrome" in page and "Safari" in page
    theirs = UserSession.objects.get(user=cast.cashier)
    assert desk.post(reverse("end_session", args=[theirs.pk])).status_code == 404
    assert is_in(stranger)
    telephone = UserSession.objects.get(user=cast.advisor, user_agent__contains="iPhone")
    assert desk.get(reverse("end_session", args=[telephone.pk])).status_code == 405
    assert desk.post(reverse("end_session", args=[telephone.pk])).status_code == 302
    assert not is_in(phone) and is_in(desk)
    third = signed_in(cast.advisor)
    assert desk.post(reverse("usersessions_list")).status_code == 302
    assert not is_in(third) and is_in(desk)
    own = UserSession.objects.get(user=cast.advisor)
    assert desk.post(reverse("end_session", args=[own.pk]))["Location"] == reverse("account_login")
    assert not is_in(desk)


def test_a_stolen_token_is_worth_nothing_once_revoked(cast):
    text = _token(cast, cast.advisor)
    token = AccessToken.objects.get()
    assert text not in str(AccessToken.objects.values().get())
    thief = Client(headers={"Authorization": f"Bearer {text}"})
    assert thief.get("/api/v1/visits/").status_code == 200
    actions.revoke_token(token, by=cast.by("advisor"))
    assert thief.get("/api/v1/visits/").status_code == 401
    assert thief.get(INSIDE).status_code == 302  # a token was never good for pages


def test_sign_out_ends_the_session_itself(cast):
    client = signed_in(cast.advisor)
    thief = Client()
    thief.cookies["session"] = client.cookies["session"].value
    assert is_in(thief)
    assert client.post(reverse("account_logout")).status_code == 302
    assert not is_in(thief)
