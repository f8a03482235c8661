"""More than a password: who must, how it is set up, what a code is worth, and what happens without."""

import os
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core import actions
from core.actor import CONSOLE
from core.models import Entry
from core.roles import Role
from core.rows import Refused
from core.second_factor import FORCED
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.duty("F-29")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HALF_MINUTE = 58_000_000


@pytest.fixture(autouse=True)
def earnest(settings, monkeypatch):
    """No demonstration, and a clock whose half minutes the test counts."""
    settings.DEMO = False
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([clock.now]))
    clock.now = HALF_MINUTE


class clock:
    now = HALF_MINUTE


def code_of(employee):
    """What the app on the telephone shows."""
    secret = Authenticator.objects.get(user=employee, type="totp").wrap().instance.data["secret"]
    return auth.format_hotp_value(auth.hotp_value(auth.decrypt(secret), clock.now))


def sign_in(employee, client=None):
    client = client or Client()
    answer = client.post(reverse("account_login"), {"login": employee.username, "password": PASSWORD})
    return client, answer


def set_up(client, employee):
    """Set up an authenticator app on its page; answers where one is sent to."""
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = auth.format_hotp_value(auth.hotp_value(secret, clock.now))
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    clock.now += 1
    return answer


# Who must


@pytest.mark.parametrize("role", sorted(FORCED))
def test_finance_and_managers_reach_nothing_but_their_account(cast, client, role):
    client.force_login(cast.people[role], backend=BACKEND)
    for path in ("/", "/visits/", "/account/me/", "/search/?q=a"):
        answer = client.get(path)
        assert (answer.status_code, answer.get("Location")) == (302, "/account/2fa/"), path
    assert client.post("/settlements/1/pay/").status_code == 302
    piece = client.get("/visits/", headers={"HX-Request": "true"})
    assert (piece.status_code, piece["HX-Redirect"]) == (204, "/account/2fa/")
    answer = client.get("/api/v1/visits/")
    assert answer.status_code == 403 and "second factor" in answer.json()["detail"]
    for path in ("/account/2fa/", "/account/logout/", "/account/password/", "/account/sessions/", "/livez"):
        assert client.get(path).status_code == 200, path
    assert client.get("/nowhere/").status_code == 404


@pytest.mark.parametrize("role", sorted(set(Role) - FORCED))
def test_all_others_are_not_asked(cast, client, role, django_assert_num_queries):
    client.force_login(cast.people[role], backend=BACKEND)
    assert client.get("/account/me/").status_code == 200


def test_a_demonstration_asks_nobody(cast, client, settings):
    settings.DEMO = True
    client.force_login(cast.general_manager, backend=BACKEND)
    assert client.get("/account/me/").status_code == 200


@pytest.mark.parametrize(("site", "demo", "starts"), [
    ("https://dealer.example", "1", False),
    ("https://dealer.example", "public", True),
    ("https://dealer.example", "", True),
    ("http://localhost:8000", "1", True),
])  # fmt: skip
def test_no_dealership_becomes_a_demonstration_by_a_forgotten_line(site, demo, starts):
    environment = os.environ | {"SITE_URL": site, "DEMO": demo, "SECRET_KEY": "0123456789" * 6}
    code = "from dealer.settings import DEMO; print(DEMO)"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert (done.returncode == 0) == starts, done.stderr
    assert done.stdout.strip() == (str(bool(demo)) if starts else "")
    assert starts or "DEMO=public" in done.stderr


# How


@pytest.mark.django_db(transaction=True)
def test_setting_up_opens_the_house_and_ends_other_sessions(cast):
    cashier = cast.cashier
    elsewhere, _answer = sign_in(cashier)
    client, answer = sign_in(cashier)
    assert answer["Location"] == "/"
    answer = set_up(client, cashier)
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(answer["Location"]).status_code == 200  # who showed it just now is not asked again
    assert client.get("/account/me/").status_code == 200
    assert elsewhere.get("/account/me/")["Location"].startswith("/account/login/")
    line = Entry.objects.latest("id")
    assert (line.verb, line.object_id, line.by_id) == ("employee.second_factor_added", cashier.pk, cashier.pk)


def test_the_next_sign_in_asks_for_a_code(cast):
    first, _answer = sign_in(cast.cashier)
    set_up(first, cast.cashier)
    client, answer = sign_in(cast.cashier)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get("/account/me/")["Location"].startswith("/account/login/")  # half way is not inside
    wrong = f"{(int(code_of(cast.cashier)) + 1) % 10**6:06}"
    assert client.post(reverse("mfa_authenticate"), {"code": wrong}).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(cast.cashier)})["Location"] == "/"
    assert client.get("/account/me/").status_code == 200


def test_a_code_is_accepted_once(cast):
    first, _answer = sign_in(cast.cashier)
    set_up(first, cast.cashier)
    code = code_of(cast.cashier)
    one, _answer = sign_in(cast.cashier)
    two, _answer = sign_in(cast.cashier)
    assert one.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert two.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200  # the form again
    assert two.get("/account/me/").status_code == 302
    clock.now += 1
    assert two.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200  # too late as well
    assert two.post(reverse("mfa_authenticate"), {"code": code_of(cast.cashier)}).status_code == 302


def test_a_recovery_code_is_accepted_once(cast):
    first, _answer = sign_in(cast.cashier)
    set_up(first, cast.cashier)
    codes = Authenticator.objects.get(user=cast.cashier, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    one, _answer = sign_in(cast.cashier)
    assert one.post(reverse("mfa_authenticate"), {"code": codes[3]}).status_code == 302
    two, _answer = sign_in(cast.cashier)
    assert two.post(reverse("mfa_authenticate"), {"code": codes[3]}).status_code == 200
    assert two.get("/account/me/").status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_fifty_at_once_get_in_once(cast, kind):
    from tests.hard.conftest import race

    first, _answer = sign_in(cast.cashier)
    set_up(first, cast.cashier)
    code = code_of(cast.cashier)
    if kind == "recovery_codes":
        code = Authenticator.objects.get(user=cast.cashier, type=kind).wrap().get_unused_codes()[0]
    pk = Authenticator.objects.get(user=cast.cashier, type=kind).pk
    told = race(50, lambda _n: Authenticator.objects.get(pk=pk).wrap().validate_code(code))
    assert sorted(told) == [False] * 49 + [True]


def test_wrong_codes_run_into_a_limit(cast):
    first, _answer = sign_in(cast.cashier)
    set_up(first, cast.cashier)
    client, _answer = sign_in(cast.cashier)
    right = code_of(cast.cashier)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _n in range(6):
        client.post(reverse("mfa_authenticate"), {"code": wrong})
    assert client.post(reverse("mfa_authenticate"), {"code": right}).status_code == 200  # not even the right one


# What is kept of it


def test_secrets_are_sealed(cast, settings):
    client, _answer = sign_in(cast.cashier)
    shown = client.get(reverse("mfa_activate_totp")).context["form"].secret
    set_up(client, cast.cashier)
    kept = Authenticator.objects.get(user=cast.cashier, type="totp")
    assert shown not in str(kept.data)
    code, key = code_of(cast.cashier), settings.SECRET_KEY
    settings.SECRET_KEY = "another" * 10
    assert not kept.wrap().validate_code(code)  # nobody gets in by a lost key
    settings.SECRET_KEY_FALLBACKS = [key]
    assert kept.wrap().validate_code(code)


@pytest.mark.django_db(transaction=True)
def test_who_must_have_one_keeps_one(cast):
    client, _answer = sign_in(cast.cashier)
    set_up(client, cast.cashier)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.status_code == 200 and Authenticator.objects.filter(type="totp").exists()
    other, _answer = sign_in(cast.advisor)
    set_up(other, cast.advisor)
    assert other.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=cast.advisor).exists()
    assert Entry.objects.latest("id").verb == "employee.second_factor_removed"


def test_a_new_password_does_not_step_over_it(cast):
    client, _answer = sign_in(cast.cashier)
    set_up(client, cast.cashier)
    fresh = actions.reset_password(cast.cashier, by=cast.by("general_manager"))
    assert client.get("/account/me/").status_code == 302
    other = Client()
    answer = other.post(reverse("account_login"), {"login": cast.cashier.username, "password": fresh.text})
    assert answer["Location"] == reverse("mfa_authenticate")


# Programs


def test_a_token_is_made_after_the_factor_and_falls_with_it(cast, client):
    manager = cast.service_manager
    with pytest.raises(Refused):
        actions.make_token(name="报表", by=cast.by("service_manager"))
    with pytest.raises(Refused):
        actions.make_token(name="报表", by=CONSOLE, employee=manager)
    own, _answer = sign_in(manager)
    set_up(own, manager)
    asked = {"headers": {"Authorization": f"Bearer {actions.make_token(name='x', by=cast.by('service_manager')).text}"}}
    assert client.get("/api/v1/visits/", **asked).status_code == 200
    actions.reset_second_factor(manager, by=CONSOLE)
    assert client.get("/api/v1/visits/", **asked).status_code == 403
    assert own.get("/account/me/")["Location"].startswith("/account/login/")


def test_only_the_console_takes_a_factor_away(cast, capsys):
    client, _answer = sign_in(cast.cashier)
    set_up(client, cast.cashier)
    with pytest.raises(PermissionDenied):
        actions.reset_second_factor(cast.cashier, by=cast.by("general_manager"))
    call_command("reset_second_factor", cast.cashier.username)
    assert not Authenticator.objects.filter(user=cast.cashier).exists()
    assert Entry.objects.latest("id").verb == "employee.second_factor_reset"
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody")


def test_a_factor_is_changed_with_the_password_or_a_code_only(cast):
    client, _answer = sign_in(cast.cashier)
    set_up(client, cast.cashier)
    answer = client.get(reverse("mfa_view_recovery_codes"))
    assert answer.status_code == 302 and answer["Location"].startswith("/account/reauthenticate/")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


def test_the_pages_are_in_both_languages(cast):
    client, _answer = sign_in(cast.cashier)
    for language, word in (("zh-hans", 'lang="zh-Hans"'), ("en", "Type the six digits")):
        client.post("/language/", {"language": language})
        assert word in client.get(reverse("mfa_activate_totp")).content.decode()
