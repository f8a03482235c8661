"""What a customer agrees to."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.web import door, verb_page
from customers import actions
from customers.forms import NoteConsentForm
from customers.models.consents import ANSWERS, words_of_customer
from customers.views.people import the_customer


@door("customers.note_consent")
def note_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Purpose by purpose and channel by channel; taking back is as easy as giving."""
    found = the_customer(request, pk)
    said = {(one.purpose, one.channel): one for one in words_of_customer(found)}
    names = {matter: name for name, matter in ANSWERS.items()}
    initial = {names[matter]: "yes" if word.is_given else "no" for matter, word in said.items()}
    form = NoteConsentForm(request.POST or None, by=request.actor, initial=initial)  # type: ignore[attr-defined]
    return verb_page(
        request,
        form,
        actions.note_consent,
        found,
        heading=_("What %(name)s agrees to") % {"name": found},
        submit=_("Save"),
        done=_("It is noted what the customer agrees to."),
        template="customers/note_consent.html",
        sections=_sections(form),
        past=found.consents.order_by("-at", "-id")[:20],
        extra="customers/_version.html",
        version=request.POST.get("version", "") or found.version,
    )


def _sections(form: NoteConsentForm) -> list[dict[str, Any]]:
    """The answers by purpose, each with the sentence that tells the customer what it means."""
    told = {
        "service": (_("The car and the service"), _("Needed for the order; what is refused is told another way.")),
        "marketing": (_("Marketing"), _("Offers and campaigns. Nothing is sent before the customer agrees.")),
        "sharing": (_("Sharing of data"), _("Each company keeps its own data unless the customer agrees.")),
    }
    return [
        {"title": title, "text": text, "fields": [form[n] for n, matter in ANSWERS.items() if matter[0] == purpose]}
        for purpose, (title, text) in told.items()
    ]
