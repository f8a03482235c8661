"""A customer's question goes to the manager."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.notices import asked_said
from core.templatetags.ui import plate
from core.web import HouseRequest, door, verb_page
from service import actions
from service.forms import AskManagerForm
from service.models import Visit


@door("service.ask_manager")
def ask_manager(request: HouseRequest, pk: int) -> HttpResponse:
    """Ask the manager what the customer wants to know; the answer comes as a notice."""
    visit = get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)
    form = AskManagerForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.ask_manager,
        visit,
        heading=_("Ask the manager"),
        pretitle=plate(str(visit)),
        target=visit,
        done=asked_said,
    )
