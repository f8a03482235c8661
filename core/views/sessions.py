"""One's own sessions, one by one; the list of them is the package's page in the look of the house."""

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.web import HouseRequest, toast


@require_POST
def end_session(request: HouseRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions, such as that of a lost telephone."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    end_sessions(request, [session])
    toast(request, _("The session is ended."))
    return redirect("usersessions_list" if request.user.is_authenticated else "account_login")
