"""A cashier's first morning at a real browser: passkey, authenticator app, recovery codes, and signing in with them."""

import pytest
from allauth.mfa.totp.internal import auth
from django.urls import reverse

from core.models import Entry
from tests.conftest import PASSWORD

HALF_MINUTE = 58_000_000
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(chromium, live, settings, monkeypatch):
    """A browser with a fingerprint reader, and everything it complained about."""
    settings.DEMO = False
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([HALF_MINUTE]))
    context = chromium.new_context(locale="en-GB")
    page, problems = context.new_page(), []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    reader = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": reader})
    page.problems = problems
    yield page
    context.close()


def password(window, live, employee):
    window.goto(live + reverse("account_login"))
    window.fill("input[name=login]", employee.username)
    window.fill("input[name=password]", PASSWORD)
    window.click("form.app-form button[type=submit]")
    window.wait_for_load_state("load")


def sign_out(window, live):
    window.goto(live + reverse("account_logout"))
    window.click("main button:not([type=button])")
    window.wait_for_load_state("load")


def test_a_first_morning(window, live, cast):
    password(window, live, cast.cashier)
    window.wait_for_url("**/account/2fa/")
    window.goto(live + reverse("mfa_add_webauthn"))
    window.fill("input[name=name]", "前台电脑")
    window.check("input[name=passwordless]")
    window.click("#mfa_webauthn_add")
    window.wait_for_url("**/recovery-codes/")
    assert window.locator(".app-recovery li").count() == 10
    window.goto(live + reverse("mfa_activate_totp"))
    assert window.locator("img.app-qr").evaluate("e => e.complete && e.naturalWidth > 0")
    window.click("main details summary")
    secret = window.locator("main code").inner_text()
    code = auth.format_hotp_value(auth.hotp_value(secret, HALF_MINUTE))
    window.fill("input[name=code]", code)
    window.click("main form.app-form button[type=submit]")
    window.wait_for_url("**/account/2fa/")
    assert "前台电脑" in window.locator("#main").inner_text()
    for name in ("mfa_list_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp",
                 "usersessions_list", "account_change_password", "profile"):  # fmt: skip
        assert window.goto(live + reverse(name)).status == 200, name
    sign_out(window, live)
    window.click("#passkey_login")
    window.wait_for_url(live + "/")
    sign_out(window, live)
    password(window, live, cast.cashier)
    window.wait_for_url("**/authenticate/")
    window.click("#mfa_webauthn_authenticate")
    window.wait_for_url(live + "/")
    assert window.problems == []
    verbs = list(Entry.objects.filter(kind="employee").values_list("verb", flat=True))
    assert verbs == ["employee.second_factor_added"] * 2


def test_what_goes_wrong_with_a_passkey_is_said(window, live, cast):
    window.goto(live + reverse("account_login"))
    window.click("#passkey_login")  # this device knows none
    window.locator("[data-passkey-error]:visible").wait_for()
    assert window.url.endswith("/account/login/")
