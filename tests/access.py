"""The access matrix, read from the resolver: every path, its methods, the verb each needs, the roles that have it.

`python -m tests.access` writes tests/access.txt, which is reviewed like code; the house test compares the two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "access.txt"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# Open to everybody, or to everybody who is signed in, and why.
OPEN = {
    "livez": "health",
    "readyz": "health",
    "set_language": "before sign-in",
    "account_login": "sign-in",
    "account_logout": "own session",
    "account_inactive": "sign-in",
    "account_change_password": "own account",
    "account_reauthenticate": "own account",
    "set_theme": "own account",
    "switch_store": "own account, only among visible stores",
    "profile": "own account",
    "revoke_token": "own account",
    "usersessions_list": "own sessions",
    "end_session": "own sessions",
    "home": "every role has one; its pieces ask for their verbs",
    "search": "finds only what is visible",
    "api-schema": "describes the REST door to those signed in",
    "api-docs": "describes the REST door to those signed in",
}


@dataclass(frozen=True)
class Door:
    """One path with one method."""

    path: str
    name: str
    method: str
    verb: str  # "" for what is open

    @property
    def is_api(self) -> bool:
        return self.path.startswith("api/")


def _patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern).replace("^", "").replace("$", "").replace("\\Z", "")
        if hasattr(one, "url_patterns"):
            yield from _patterns(one, path)
        else:
            yield path, one


def doors() -> list[Door]:
    """Every path and method of the house with the verb it needs."""
    from django.urls import get_resolver

    found = set()
    for path, pattern in _patterns(get_resolver()):
        name, view = pattern.name or "", pattern.callback
        if hasattr(view, "actions") and view.actions:
            for method, action in view.actions.items():
                if method == "head":
                    continue  # bound by the framework at the first request, the same as GET
                verb = getattr(getattr(view.cls, action), "verb", "") or view.cls.reads
                found.add(Door(path, name, method.upper(), verb))
        elif hasattr(view, "verb"):
            found |= {Door(path, name, method, view.verb) for method in view.methods}
        elif name in OPEN or name.startswith("mfa_"):
            found.add(Door(path, name, "*", ""))
        else:
            found.add(Door(path, name, "*", "?"))
    return sorted(found, key=lambda d: (d.path, METHODS.index(d.method) if d.method in METHODS else -1))


def text() -> str:
    """The matrix as the file holds it."""
    from core.roles import LINK_VERBS, VERBS

    lines = []
    for one in doors():
        roles = " ".join(sorted(str(role) for role, verbs in VERBS.items() if one.verb in verbs))
        roles = "(a customer with the link)" if one.verb in LINK_VERBS else roles
        who = roles if one.verb else f"({OPEN.get(one.name, 'own account')})"
        lines.append(f"{one.method:6} /{one.path}  [{one.verb or 'open'}]  {who}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    FILE.write_text(text(), encoding="utf-8")
