"""Pages of options: drawn up, chosen among, decided; a case settled on the spot; and the piece of a case's page."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _

from complaints import actions
from complaints.forms.remedies import (
    AskOptionForm,
    CaseNoFieldsForm,
    CaseReasonForm,
    DecideOptionForm,
    OptionForm,
    SettleOnSpotForm,
    StampForm,
)
from complaints.models import Accountability, Complaint, Option, may_see_costs
from complaints.views.accountability import TONES
from complaints.views.carrying import carried
from core.actions import authority
from core.models import Approval, Attachment, Matter
from core.templatetags.ui import money
from core.web import HouseRequest, door, verb_page

Status = Complaint.Status


def soon(days: int = 1) -> datetime:
    """The evening some days from now, as a first proposal of a due time."""
    return make_aware(datetime.combine(localdate() + timedelta(days=days), time(18)))


def _case(request: HouseRequest, pk: int) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.actor).with_names(), pk=pk)


def _option(request: HouseRequest, pk: int) -> Option:
    rows = Option.objects.visible_to(request.actor).with_given().select_related("complaint__store")
    return get_object_or_404(rows, pk=pk)


def beside(case: Complaint) -> dict[str, Any]:
    """What the form of a verb shows of its case: what the customer says and asks for stands beside it."""
    return {"template": "complaints/case_form.html", "aside": "complaints/_beside.html", "complaint": case}


@door("complaints.propose")
def propose(request: HouseRequest, pk: int) -> HttpResponse:
    """One more option."""
    case = _case(request, pk)
    form = OptionForm(request.POST or None, by=request.actor)
    heading, done = _("Draw up an option"), _("The option is drawn up.")
    return verb_page(request, form, actions.propose, case, heading=heading, done=done, target=case, **beside(case))


@door("complaints.propose")
def edit_option(request: HouseRequest, pk: int) -> HttpResponse:
    """Change an option."""
    option = _option(request, pk)
    return verb_page(
        request,
        OptionForm(request.POST or None, by=request.actor, initial=OptionForm.known(option)),
        actions.edit_option,
        option,
        heading=_("Change the option"),
        submit=_("Save"),
        done=_("The change is saved."),
        target=option.complaint,
        **beside(option.complaint),
        version=request.POST.get("version", "") or option.version,
    )


def _confirm(request: HouseRequest, action: Any, row: Any, case: Complaint, **told: Any) -> HttpResponse:
    form = CaseNoFieldsForm(request.POST or None, by=request.actor)
    template = "core/confirm.html"
    return verb_page(request, form, action, row, pretitle=str(case), target=case, template=template, **told)


@door("complaints.propose")
def remove_option(request: HouseRequest, pk: int) -> HttpResponse:
    """Take an option back."""
    option = _option(request, pk)
    heading, done = _("Take the option back"), _("The option is taken back.")
    told: dict[str, Any] = {"heading": heading, "text": option.words, "done": done, "danger": True}
    return _confirm(request, actions.remove_option, option, option.complaint, **told)


@door("complaints.propose")
def prefer(request: HouseRequest, pk: int) -> HttpResponse:
    """Note which option the customer would like best."""
    option = _option(request, pk)
    heading, done = _("The customer prefers this option"), _("The customer's choice is noted.")
    return _confirm(request, actions.prefer, option, option.complaint, heading=heading, text=option.words, done=done)


@door("complaints.propose")
def hand_in(request: HouseRequest, pk: int) -> HttpResponse:
    """Put the options before the manager."""
    case = _case(request, pk)
    text = _("The managers of the store are told. Each of them sees every option with its cost.")
    heading, done = _("Hand the options in"), _("The options lie before the manager.")
    return _confirm(request, actions.hand_in, case, case, heading=heading, text=text, done=done)


@door("complaints.stamp")
def stamp(request: HouseRequest, pk: int) -> HttpResponse:
    """The manager has looked at an option."""
    option = _option(request, pk)
    return verb_page(
        request,
        StampForm(request.POST or None, by=request.actor),
        actions.stamp,
        option,
        heading=_("Mark the option as seen"),
        text=option.words,
        pretitle=str(option.complaint),
        done=_("Your mark stands on the option."),
        target=option.complaint,
    )


@door("complaints.decide_option")
def ask_option(request: HouseRequest, pk: int) -> HttpResponse:
    """Ask for an option beyond one's own authority."""
    option = _option(request, pk)
    return verb_page(
        request,
        AskOptionForm(request.POST or None, by=request.actor),
        actions.ask_option,
        option,
        heading=_("Ask for approval"),
        text=f"{option.words} · {money(option.cost + option.worth)}",
        pretitle=str(option.complaint),
        done=_("A manager is asked. You are told of the decision."),
        target=option.complaint,
    )


@door("complaints.decide_option")
def decide_option(request: HouseRequest, pk: int) -> HttpResponse:
    """Choose an option, with a written instruction."""
    option = _option(request, pk)
    return verb_page(
        request,
        DecideOptionForm(request.POST or None, by=request.actor, initial={"due": soon(2)}),
        actions.decide_option,
        option,
        heading=_("Decide for this option"),
        text=f"{option.words} · {money(option.cost + option.worth)}",
        pretitle=str(option.complaint),
        done=_("It is decided; the keeper of the case is told."),
        target=option.complaint,
        extra="customers/_version.html",
        version=request.POST.get("version", "") or option.version,
    )


@door("complaints.decide_option")
def send_back(request: HouseRequest, pk: int) -> HttpResponse:
    """None of the options is taken."""
    case = _case(request, pk)
    form = CaseReasonForm(request.POST or None, by=request.actor)
    told: dict[str, Any] = {
        "heading": _("Send the options back"),
        "done": _("The options are drawn up again."),
        "target": case,
    }
    return verb_page(request, form, actions.send_back, case, pretitle=str(case), **told)


@door("complaints.propose")
def offer_again(request: HouseRequest, pk: int) -> HttpResponse:
    """The customer does not accept what was decided."""
    case = _case(request, pk)
    form = CaseReasonForm(request.POST or None, by=request.actor)
    told: dict[str, Any] = {
        "heading": _("The customer does not accept it"),
        "done": _("Options are drawn up again."),
        "target": case,
    }
    return verb_page(request, form, actions.offer_again, case, pretitle=str(case), **told)


@door("complaints.settle_on_spot")
def settle_on_spot(request: HouseRequest, pk: int) -> HttpResponse:
    """Settle a complaint on the spot."""
    case = _case(request, pk)
    limit = authority(request.actor, Matter.REMEDY, case.store)
    return verb_page(
        request,
        SettleOnSpotForm(request.POST or None, by=request.actor, initial={"name": case.who}),
        actions.settle_on_spot,
        case,
        heading=_("Settle on the spot"),
        text=_("You may give up to %(limit)s.") % {"limit": money(limit)} if limit is not None else "",
        done=_("It is settled. Carry it out; a closing call follows."),
        target=case,
        **beside(case),
    )


# The piece of a case's page


def _approvals(options: list[Option]) -> dict[int, Approval]:
    """The newest approval of each option as it stands."""
    rows = Approval.objects.filter(verb="complaints.decide_option", kind=Option.kind_name())
    rows = rows.filter(object_id__in=[one.pk for one in options], status__in=["asked", "granted"]).with_names()
    versions = {one.pk: one.version for one in options}
    return {one.object_id: one for one in rows.order_by("pk") if one.object_version == versions[one.object_id]}


def _options(request: HouseRequest, case: Complaint) -> list[Any]:
    """The options with what each costs and which step is possible for it now."""
    options: list[Any] = list(case.options.filter(Q(removed_at=None) | Q(is_chosen=True)).with_given())
    _mark_earlier(case, options)
    if not options:
        return []
    may = {name: request.actor.may(f"complaints.{name}", case.store) for name in ("propose", "stamp", "decide_option")}
    is_deciding = case.status == Status.DECIDING
    all_seen = all(one.seen_at for one in options if not one.is_earlier)
    limit = authority(request.actor, Matter.REMEDY, case.store) if is_deciding and may["decide_option"] else Decimal(0)
    approvals = _approvals(options) if is_deciding else {}
    for one in options:
        one.given = list(one.compensations.all())
        one.total = one.cost + one.worth
        now_offered = not one.is_earlier and case.status in (Status.PROPOSING, Status.DECIDING)
        one.may_edit = may["propose"] and now_offered and not is_deciding
        one.may_prefer = may["propose"] and now_offered and not one.is_preferred
        one.may_stamp = may["stamp"] and is_deciding and not one.seen_at and not one.is_earlier
        one.approval = approvals.get(one.pk)
        is_granted = one.approval is not None and one.approval.status == Approval.Status.GRANTED
        can = is_deciding and all_seen and may["decide_option"] and not one.is_earlier
        one.may_decide = can and (limit is None or one.total <= limit or is_granted)
        one.may_ask = can and not one.may_decide and one.approval is None
    _mark_main(options)
    return options


def _mark_earlier(case: Complaint, options: list[Any]) -> None:
    """What was offered before the case was opened again, the choice of then among it, is no offer any more."""
    is_over = not case.is_decided and any(one.is_chosen for one in options if not one.removed_at)
    for one in options:
        one.is_earlier = is_over or one.removed_at is not None


def _mark_main(options: list[Any]) -> None:
    """The next step of all: the first option that nobody has seen, or the one to decide for that is liked best."""
    unseen = [one for one in options if one.may_stamp]
    liked = sorted((one for one in options if one.may_decide), key=lambda one: (not one.is_preferred, not one.is_best))
    for one in options:
        one.is_main = one in (unseen or liked)[:1]


def _accountabilities(request: HouseRequest, case: Complaint) -> list[Any]:
    if not request.actor.may("complaints.see_accountability", case.store):
        return []
    found: list[Any] = list(case.accountabilities.select_related("employee", "proposed_by", "decided_by"))
    for one in found:
        one.tone = TONES[Accountability.Status(one.status)]
    return found


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """What the page of a case shows of options, decision, carrying out and who answers for the fault."""
    may, store, status = request.actor.may, complaint.store, complaint.status
    options = _options(request, complaint)
    is_complaint = complaint.nature == Complaint.Nature.COMPLAINT and not complaint.origin
    on_spot = is_complaint and status in (Status.RECEIVED, Status.INVESTIGATING)
    judged = is_complaint and complaint.grounds_ok and complaint.cause
    proposes = may("complaints.propose", store)
    return {
        "remedies_options": options,
        "remedies_costs": may_see_costs(request.actor, store),
        "remedies_propose": status == Status.PROPOSING and proposes,
        "remedies_hand_in": status == Status.PROPOSING and proposes and sum(not one.is_earlier for one in options) > 1,
        "remedies_send_back": status == Status.DECIDING and may("complaints.decide_option", store),
        "remedies_offer_again": status == Status.CARRYING_OUT and not complaint.accepted_at and proposes,
        "remedies_on_spot": on_spot and may("complaints.settle_on_spot", store),
        "remedies_accountabilities": _accountabilities(request, complaint),
        "remedies_hold": bool(judged) and may("complaints.hold_accountable", store),
        "remedies_signed": Attachment.objects.of(complaint).filter(purpose=Attachment.Purpose.SIGNATURE),
        **carried(request, complaint),
    }
