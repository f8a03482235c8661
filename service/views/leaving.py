"""Pages of a car on its way out: promises, ready, hand-over, ways out without the work."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.templatetags.ui import plate
from core.web import HouseRequest, door, verb_page
from service import actions
from service.forms import ExitForm, ExplainForm, HandOverForm, PromiseForm, ReadyForm, WashForm
from service.models import Visit
from service.models.bill import bill_of, delivery_steps
from service.models.wall import standings


def _visit(request: HouseRequest, pk: int) -> Visit:
    return get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)


@door("service.promise")
def promise(request: HouseRequest, pk: int) -> HttpResponse:
    """Promise another time and tell the customer."""
    visit = _visit(request, pk)
    first: dict[str, Any] = {"promised_at": visit.promised_at}
    for car in standings(Visit.objects.filter(pk=visit.pk, status=Visit.Status.RECEIVED)):
        is_later = car.suggested and visit.promised_at and car.suggested > visit.promised_at
        first = {"promised_at": car.suggested if is_later else visit.promised_at, "delay": car.delay}
    form = PromiseForm(request.POST or None, by=request.actor, initial=first)
    return verb_page(
        request,
        form,
        actions.promise,
        visit,
        heading=_("Promise another time"),
        pretitle=plate(str(visit)),
        done=_("Promised."),
    )


@door("service.wash")
def wash(request: HouseRequest, pk: int) -> HttpResponse:
    """The car is washed, or the wash is left out."""
    visit = _visit(request, pk)
    form = WashForm(request.POST or None, by=request.actor, initial={"done": "yes"})
    return verb_page(
        request,
        form,
        actions.wash,
        visit,
        heading=_("Wash"),
        pretitle=plate(str(visit)),
        done=_("The wash is noted."),
    )


@door("service.ready")
def ready(request: HouseRequest, pk: int) -> HttpResponse:
    """The car is ready and the customer has been told."""
    visit = _visit(request, pk)
    form = ReadyForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.ready,
        visit,
        heading=_("Ready, customer told"),
        pretitle=plate(str(visit)),
        text=_("No message provider is set up: a message waits in the outbox until somebody tells the customer."),
        done=_("The car is ready."),
    )


@door("service.explain")
def explain(request: HouseRequest, pk: int) -> HttpResponse:
    """The bill as it will be, explained before it is settled (rule 11 of the market rules)."""
    visit = _visit(request, pk)
    form = ExplainForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.explain,
        visit,
        heading=_("Explain the bill"),
        submit=_("Explained"),
        pretitle=plate(str(visit)),
        done=_("The bill is explained."),
        template="service/explain.html",
        bill=bill_of(visit),
    )


@door("service.hand_over")
def hand_over(request: HouseRequest, pk: int) -> HttpResponse:
    """Hand the car over."""
    visit = _visit(request, pk)
    form = HandOverForm(request.POST or None, by=request.actor)
    for name in set(form.fields) - set(delivery_steps(visit)):
        del form.fields[name]
    return verb_page(
        request,
        form,
        actions.hand_over,
        visit,
        heading=_("Hand over"),
        pretitle=plate(str(visit)),
        done=_("Handed over."),
        aside="service/_money.html" if request.actor.may("finance.see_settlements", visit.store) else "",
    )


@door("service.exit")
def exit_visit(request: HouseRequest, pk: int) -> HttpResponse:
    """Let the car go without the work, or with a part of it."""
    visit = _visit(request, pk)
    form = ExitForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.exit_visit,
        visit,
        heading=_("Leaves without the work"),
        pretitle=plate(str(visit)),
        text=_("Work that is done and checked stays on the bill; everything else is dropped."),
        danger=True,
        done=_("The car can be handed back."),
    )
