"""Row 30 of the acceptance table: as a dealership runs it, behind https, with secrets of its own and none of ours."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ops import places

HTTPS = {"SITE_URL": "https://dealer.example", "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2}

# asks the application as it stands behind an https address, and prints the headers of its answers
ASK = """
import json, logging, types, sys
import django
django.setup()
logging.disable()
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.management import call_command
from django.test import Client
from django.urls import path
import dealer.urls

@login_not_required
def broken(request):
    raise RuntimeError("broken on purpose")

front = types.ModuleType("front")
front.urlpatterns = [path("broken", broken), *dealer.urls.urlpatterns]
sys.modules["front"] = front
settings.ROOT_URLCONF = "front"
call_command("check", deploy=True, fail_level="WARNING", stdout=sys.stderr)
client = Client(raise_request_exception=False, enforce_csrf_checks=True, headers={"host": "dealer.example"})
asked = {
    "page": client.get("/account/login/", secure=True),
    "redirect": client.get("/", secure=True),
    "forbidden": client.post("/account/login/", secure=True),
    "missing": client.get("/no/such/page", secure=True),
    "broken": client.get("/broken", secure=True),
    "unsigned": client.get("/api/v1/visits/", secure=True),
    "other host": client.get("/account/login/", secure=True, headers={"host": "evil.example"}),
    "plain": client.get("/account/login/"),
}
cookies = {name: {key: str(one[key]) for key in ("secure", "httponly", "samesite", "path", "domain")}
           for name, one in asked["page"].cookies.items()}
told = {name: [one.status_code, dict(one.headers)] for name, one in asked.items()}
print(json.dumps({"told": told, "cookies": cookies, "session": settings.SESSION_COOKIE_NAME,
                  "session_secure": settings.SESSION_COOKIE_SECURE and settings.SESSION_COOKIE_HTTPONLY,
                  "debug": settings.DEBUG}))
"""


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    ours = {"SECRET_KEY", "SECRET_KEY_FILE", "DJANGO_ALLOW_ASYNC_UNSAFE", "DEMO"}
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [sys.executable, *command],
        cwd=places.ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def deployed(environment: dict[str, str]) -> dict[str, Any]:
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    done = run("-c", ASK, **(environment | HTTPS | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DEMO": "0"}))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


GOLDEN = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "manifest-src 'self'",
}


def test_every_answer_behind_https_bears_the_golden_headers(deployed):
    told = deployed["told"]
    assert {name: status for name, (status, _headers) in told.items()} == {
        "page": 200,
        "redirect": 302,
        "forbidden": 403,
        "missing": 404,
        "broken": 500,
        "unsigned": 401,
        "other host": 400,
        "plain": 301,
    }
    assert told.pop("plain")[1]["Location"] == "https://dealer.example/account/login/"
    for name, (_status, headers) in told.items():
        assert {key: headers.get(key) for key in GOLDEN} == GOLDEN, name
        policy = {part.strip() for part in headers["Content-Security-Policy"].split(";") if part.strip()}
        assert policy == POLICY, name
    assert deployed["debug"] is False


def test_cookies_behind_https_are_for_this_host_and_https_alone(deployed):
    csrf = deployed["cookies"]["__Host-csrf"]
    assert (csrf["secure"], csrf["path"], csrf["domain"], csrf["samesite"]) == ("True", "/", "", "Lax")
    assert deployed["session"] == "__Host-session"
    assert deployed["session_secure"] is True


@pytest.mark.parametrize(
    "secret", [{}, {"SECRET_KEY": "short"}, {"SECRET_KEY": "only-for-loopback-never-for-a-real-dealership"}]
)
def test_behind_https_a_missing_or_weak_secret_stops_the_start_with_a_sentence(secret):
    done = run(
        "manage.py", "check", SITE_URL="https://dealer.example", DJANGO_SETTINGS_MODULE="dealer.settings", **secret
    )
    assert done.returncode != 0
    assert "set SECRET_KEY (or SECRET_KEY_FILE)" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("z9" * 40 + "\n")
    told = {"SITE_URL": "https://dealer.example", "SECRET_KEY_FILE": str(tmp_path / "secret")}
    done = run("manage.py", "check", DJANGO_SETTINGS_MODULE="dealer.settings", **told)
    assert done.returncode == 0, done.stderr


SECRETS = re.compile(
    "|".join(
        [
            r"-----BEGIN [A-Z ]*PRIVATE KEY",
            r"\bAKIA[0-9A-Z]{16}\b",
            r"\bgh[pousr]_[A-Za-z0-9]{36}",
            r"\bxox[abp]-[0-9A-Za-z-]{20,}",
            r"\bas_[A-Za-z0-9_-]{43}\b",  # an access token of this house
            r"(?:postgres(?:ql)?|redis|amqp)://[^\s:/@]*:[^\s@/{}$%<…]{8,}@",
            r"SECRET_KEY['\"]?\s*[=:]\s*['\"][^'\"\s]{40,}['\"](?!\s*\*)",
        ]
    )
)


def test_the_pattern_finds_secrets():
    key = "k" * 43
    for text in (
        f"as_{key}",
        "postgres://app:hunter2hunter2@db/x",
        f'SECRET_KEY = "{key}"',
        "-----BEGIN RSA PRIVATE KEY",
    ):
        assert SECRETS.search(text), text


def test_no_secret_stands_in_the_repository_nor_in_its_past():
    told = subprocess.run(["git", "ls-files", "-z"], cwd=places.ROOT, capture_output=True, check=False)
    names = told.stdout.decode().split("\0") if told.returncode == 0 else map(str, places.ROOT.rglob("*.[pmtyjs]*"))
    paths = [places.ROOT / name for name in names if name and not {".venv", "var"} & set(Path(name).parts)]
    found = []
    for path in paths:
        if path.is_file() and path.suffix not in {".png", ".woff2", ".xlsx", ".mo"} and path != Path(__file__):
            found += [f"{path}: {one[0][:20]}…" for one in SECRETS.finditer(path.read_text("utf-8", errors="replace"))]
    past = subprocess.run(
        ["git", "log", "-p", "--all", "--no-color"], cwd=places.ROOT, capture_output=True, check=False
    )
    ours = f"b/{Path(__file__).relative_to(places.ROOT)}"
    for part in past.stdout.decode("utf-8", errors="replace").split("\ndiff --git ")[1:]:
        if not part.partition("\n")[0].endswith(ours):
            found += [f"history of {part.split()[0]}: {one[0][:20]}…" for one in SECRETS.finditer(part)]
    assert found == []
