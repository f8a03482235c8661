"""Finance and managers set up a second factor before they reach anything but their account."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils.translation import gettext as _

from core.actor import Actor
from core.second_factor import factors_of, is_forced
from core.web.answers import answer

OPEN = {"livez", "readyz", "set_language", "set_theme", "usersessions_list", "end_session"}


def _is_open(request: HttpRequest) -> bool:
    try:
        name = resolve(request.path_info).url_name or ""
    except Resolver404:
        return True  # nothing is there, and the answer says so
    return name in OPEN or name.startswith(("account_", "mfa_"))


class SecondFactorMiddleware:
    """Sends who still owes a second factor to the page where it is set up; a program gets a sentence instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.pk is None or not is_forced(actor.roles) or _is_open(request) or factors_of(actor.pk):
            return self.get_response(request)
        sentence = _("Your role needs a second factor: an authenticator app or a passkey. Set one up first.")
        if request.path.startswith("/api/"):
            return answer(request, 403, sentence)
        place = reverse("mfa_index")
        if request.headers.get("HX-Request") == "true":
            response = HttpResponse(status=204)
            response["HX-Redirect"] = place
            return response
        messages.warning(request, sentence)
        return redirect(place)
