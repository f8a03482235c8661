"""Pages of carrying out: measures, telling the customer, acceptance, the settlement agreement."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions import measures_of
from complaints.forms.carrying import (
    AcceptForm,
    DrawAgreementForm,
    GiveMeasureForm,
    SignAgreementForm,
    TellCustomerForm,
)
from complaints.forms.remedies import (
    CaseNoFieldsForm,
    CaseReasonForm,
)
from complaints.models import Agreement, Complaint
from complaints.prints import agreement_draft, settlement_agreement
from core.actor import allow
from core.models import Attachment, Task
from core.prints import pdf_answer
from core.web import HouseRequest, door, verb_page

Status = Complaint.Status
TONES = {Task.Status.OPEN: "orange", Task.Status.DONE: "green", Task.Status.DROPPED: "secondary"}


def _case(request: HouseRequest, pk: int) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.actor).with_names(), pk=pk)


def _agreement(request: HouseRequest, pk: int) -> Agreement:
    names = ("complaint__store__company", "complaint__customer", "complaint__vehicle", "option")
    return get_object_or_404(Agreement.objects.visible_to(request.actor).select_related(*names), pk=pk)


@door("complaints.give_measure")
def give_measure(request: HouseRequest, pk: int) -> HttpResponse:
    """Give somebody of any department something to do in a case."""
    case = _case(request, pk)
    due = make_aware(datetime.combine(localdate() + timedelta(days=1), time(18)))
    form = GiveMeasureForm(request.POST or None, by=request.actor, initial={"due_at": due})
    told: dict[str, Any] = {
        "heading": _("Give a measure"),
        "done": _("The measure stands in that person's tasks."),
        "target": case,
    }
    return verb_page(request, form, actions.give_measure, case, pretitle=str(case), **told)


@door("complaints.tell_customer")
def tell_customer(request: HouseRequest, pk: int) -> HttpResponse:
    """Tell the customer what is offered or decided."""
    case = _case(request, pk)
    form = TellCustomerForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.tell_customer,
        case,
        heading=_("Tell the customer"),
        text=_("The message holds the address where the customer sees it, chooses, accepts and signs: %(address)s")
        % {"address": case.address},
        pretitle=str(case),
        done=_("The customer is told."),
        target=case,
    )


@door("complaints.accept")
def accept(request: HouseRequest, pk: int) -> HttpResponse:
    """The customer accepts what was decided and signs."""
    case = _case(request, pk)
    form = AcceptForm(request.POST or None, request.FILES or None, by=request.actor, initial={"name": case.who})
    chosen = case.options.standing().filter(is_chosen=True).first()
    return verb_page(
        request,
        form,
        actions.accept,
        case,
        heading=_("The customer accepts"),
        text=chosen.words if chosen else "",
        pretitle=str(case),
        done=_("The acceptance is noted."),
        target=case,
    )


@door("complaints.draw_agreement")
def draw_agreement(request: HouseRequest, pk: int) -> HttpResponse:
    """Draw up the settlement agreement."""
    case = _case(request, pk)
    form = DrawAgreementForm(request.POST or None, by=request.actor, initial={"text": agreement_draft(case)})
    return verb_page(
        request,
        form,
        actions.draw_agreement,
        case,
        heading=_("Draw up the settlement agreement"),
        text=_("Once it is drawn up its text stays as it is; to change it, cancel it and draw up another."),
        pretitle=str(case),
        done=_("The agreement is drawn up. Have it signed."),
        target=case,
        wide=True,
    )


@door("complaints.accept")
def sign_agreement(request: HouseRequest, pk: int) -> HttpResponse:
    """The customer signs the settlement agreement."""
    found = _agreement(request, pk)
    case = found.complaint
    form = SignAgreementForm(request.POST or None, request.FILES or None, by=request.actor, initial={"name": case.who})
    return verb_page(
        request,
        form,
        actions.sign_agreement,
        found,
        heading=_("Sign the settlement agreement"),
        pretitle=str(case),
        done=_("The agreement is signed."),
        target=case,
        template="complaints/sign_agreement.html",
    )


@door("complaints.draw_agreement")
def cancel_agreement(request: HouseRequest, pk: int) -> HttpResponse:
    """Cancel a settlement agreement."""
    found = _agreement(request, pk)
    form = CaseReasonForm(request.POST or None, by=request.actor)
    told: dict[str, Any] = {
        "heading": _("Cancel the agreement"),
        "done": _("The agreement is cancelled."),
        "target": found.complaint,
    }
    return verb_page(request, form, actions.cancel_agreement, found, pretitle=str(found), **told)


@door("complaints.print", methods=("GET",))
def print_agreement(request: HouseRequest, pk: int) -> HttpResponse:
    """The settlement agreement (和解协议) as a PDF."""
    found = _agreement(request, pk)
    allow(request.actor, "complaints.print", found.complaint.store)
    return pdf_answer("settlement-agreement", settlement_agreement(found), f"{found} agreement")


@door("complaints.carry_out")
def carry_out(request: HouseRequest, pk: int) -> HttpResponse:
    """What was decided is done."""
    case = _case(request, pk)
    form = CaseNoFieldsForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.carry_out,
        case,
        heading=_("Carried out"),
        text=_("Everything that was decided is done. The closing call is planned next."),
        pretitle=str(case),
        done=_("It is carried out. The closing call follows."),
        target=case,
        template="core/confirm.html",
    )


def _agreements(case: Complaint) -> list[Any]:
    found: list[Any] = list(case.agreements.order_by("-pk"))
    signed = Attachment.objects.filter(kind=Agreement.kind_name(), removed_at=None)
    by_row: dict[int, list[Attachment]] = {}
    for one in signed.filter(object_id__in=[row.pk for row in found]):
        by_row.setdefault(one.object_id, []).append(one)
    for row in found:
        row.files = by_row.get(row.pk, [])
    return found


def carried(request: HouseRequest, case: Complaint) -> dict[str, Any]:
    """What the page of a case shows of carrying out, and which step is possible now."""
    may, store, is_on = request.actor.may, case.store, case.status == Complaint.Status.CARRYING_OUT
    measures = list(measures_of(case)) if not case.origin else []
    for one in measures:
        one.tone = TONES[Task.Status(one.status)]
        one.said = one.params.get("words", "")
    agreements = _agreements(case)
    standing = next((one for one in agreements if not one.cancelled_at), None)
    to_sign = standing is not None and not standing.signed_at
    is_ready = is_on and case.accepted_at and not to_sign and all(one.status != Task.Status.OPEN for one in measures)
    offers = case.status in (Status.PROPOSING, Status.DECIDING) and case.options.standing().exists()
    return {
        "remedies_measures": measures,
        "remedies_agreements": agreements,
        "remedies_measure": case.is_open and not case.origin and may("complaints.give_measure", store),
        "remedies_tell": ((is_on and not case.accepted_at) or offers) and may("complaints.tell_customer", store),
        "remedies_accept": is_on and not case.accepted_at and may("complaints.accept", store),
        "remedies_draw": is_on and standing is None and may("complaints.draw_agreement", store),
        "remedies_sign": to_sign and is_on and may("complaints.accept", store),
        "remedies_cancel": standing is not None and is_on and may("complaints.draw_agreement", store),
        "remedies_print": may("complaints.print", store),
        "remedies_carry_out": bool(is_ready) and may("complaints.carry_out", store),
    }
