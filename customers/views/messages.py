"""The outbox: what customers are to be told."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.lists import list_page
from core.templatetags.ui import when
from core.web import door, verb_page
from customers import actions
from customers.filters import MessageFilter
from customers.forms import MarkToldForm, RetryMessageForm
from customers.models import Message
from customers.tables import MessageTable

SENT_BY = (Message.Channel.SMS, Message.Channel.WECHAT)  # channels that a provider can take


@door("customers.see_messages", methods=("GET",))
def messages(request: HttpRequest) -> HttpResponse:
    """What customers are to be told: what waits, what a provider took, what was told by hand, what was given up."""
    rows = Message.objects.visible_to(request.actor).select_related("customer", "store")  # type: ignore[attr-defined]
    given_up = rows.given_up()
    tabs = {
        "open": (_("Waiting"), rows.waiting()),
        "given_up": (_("Given up"), given_up),
        "sent": (_("Sent"), rows.sent()),
        "told": (_("Told by hand"), rows.told_by_hand()),
        "all": (_("All"), rows),
    }
    tab = request.GET.get("tab", "open")
    tab = tab if tab in tabs else "open"
    counts = {"given_up": min(given_up.order_by()[:100].count(), 99) or ""}
    return list_page(
        request,
        rows=tabs[tab][1],
        table_class=MessageTable,
        filterset_class=MessageFilter,
        orderings={"-id": ("-id",)},
        heading=_("Outbox"),
        name="messages",
        template="customers/messages.html",
        unset=_listed(Message.Channel(one).label for one in SENT_BY if one not in settings.MESSAGE_GATEWAYS),
        tabs=[
            {"label": label, "url": f"?tab={key}", "active": key == tab, "count": counts.get(key, "")}
            for key, (label, _r) in tabs.items()
        ],
        empty={"icon": "message-circle", "title": _("Nobody waits for word"), "text": ""},
    )


def _listed(words: Iterable[Any]) -> str:
    return ("、" if get_language() == "zh-hans" else ", ").join(map(str, words))


def _message(request: HttpRequest, pk: int) -> Message:
    rows = Message.objects.visible_to(request.actor).select_related("customer", "store")  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=pk)


def _facts(found: Message) -> list[dict[str, Any]]:
    return [
        {"label": _("Message"), "value": found.get_code_display()},
        {"label": _("Customer"), "value": found.customer or "–"},
        {"label": _("Phone"), "value": found.phone or "–"},
        {"label": _("Since"), "value": when(found.created_at)},
    ]


@door("customers.mark_told")
def mark_told(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer was told by hand; the words to say, the number to dial, and the confirmation."""
    found = _message(request, pk)
    return verb_page(
        request,
        MarkToldForm(request.POST or None, by=request.actor),  # type: ignore[attr-defined]
        actions.mark_told,
        found,
        heading=_("The customer was told"),
        text=_("Confirm that you told the customer by phone, by message or in person."),
        facts=_facts(found),
        done=_("It is noted that the customer was told."),
        target=reverse("messages"),
        template="customers/mark_told.html",
    )


@door("customers.mark_told")
def retry_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a message that was given up to its provider once more."""
    found = _message(request, pk)
    return verb_page(
        request,
        RetryMessageForm(request.POST or None, by=request.actor),  # type: ignore[attr-defined]
        actions.retry_message,
        found,
        heading=_("Send once more"),
        text=_("The provider gets the message again, five times at most."),
        facts=[*_facts(found), {"label": _("Why it was given up"), "value": found.why or "–"}],
        done=_("The message is on its way again."),
        target=reverse("messages"),
        template="core/confirm.html",
    )
