"""The outbox: what customers are to be told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.lists import list_page
from core.templatetags.ui import when
from core.web import door, verb_page
from customers import actions
from customers.filters import MessageFilter
from customers.forms import MarkToldForm
from customers.models import Message
from customers.tables import MessageTable


@door("customers.see_messages", methods=("GET",))
def messages(request: HttpRequest) -> HttpResponse:
    """What customers are to be told; without a provider somebody tells them by hand and says so here."""
    rows = Message.objects.visible_to(request.actor).select_related("customer")  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "open")
    tabs = {"open": (_("To tell"), rows.filter(done_at__isnull=True)), "all": (_("All"), rows)}
    return list_page(
        request,
        rows=tabs.get(tab, tabs["open"])[1],
        table_class=MessageTable,
        filterset_class=MessageFilter,
        orderings={"-id": ("-id",)},
        heading=_("Outbox"),
        name="messages",
        template="customers/messages.html",
        tabs=[{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()],
        empty={"icon": "message-circle", "title": _("Nobody waits for word"), "text": ""},
    )


@door("customers.mark_told")
def mark_told(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer was told by hand."""
    rows = Message.objects.visible_to(request.actor).select_related("customer", "store")  # type: ignore[attr-defined]
    found = get_object_or_404(rows, pk=pk)
    facts = [
        {"label": _("Message"), "value": found.get_code_display()},
        {"label": _("Customer"), "value": found.customer or "–"},
        {"label": _("Phone"), "value": found.phone or "–"},
        {"label": _("Since"), "value": when(found.created_at)},
    ]
    return verb_page(
        request,
        MarkToldForm(request.POST or None, by=request.actor),  # type: ignore[attr-defined]
        actions.mark_told,
        found,
        heading=_("The customer was told"),
        text=_("Confirm that you told the customer by phone, by message or in person."),
        facts=facts,
        done=_("It is noted that the customer was told."),
        target=reverse("messages"),
        template="core/confirm.html",
    )
