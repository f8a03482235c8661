"""The page by which a customer follows a case: where it stands, what comes next and by when, and what they may do."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.public import is_followed
from complaints.forms.public import AddByLinkForm, ReactForm, SignForm
from complaints.models import Complaint
from complaints.views.journey import stage_of, steps_of
from core.forms import HouseForm
from core.logbook import note_read
from core.models import Attachment
from core.web import HouseRequest, answer, open_page, submit
from core.web.limits import is_too_often
from customers.models import Message

Status, Nature, Reaction = Complaint.Status, Complaint.Nature, Complaint.Reaction


def speak(request: HouseRequest) -> None:
    """Chinese first: English only for those who chose it here or whose telephone asks for it."""
    chosen, asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME), request.headers.get("Accept-Language", "")
    if not chosen and "en" not in asked.lower():
        translation.activate("zh-hans")
        request.LANGUAGE_CODE = "zh-hans"


def case_of_link(token: str) -> Complaint | None:
    """The case of an address, as long as it is shown."""
    found = Complaint.objects.by_token(token).select_related("store", "customer", "same_as__keeper", "keeper").first()
    return found if found and is_followed(found) else None


def nothing_here(request: HouseRequest) -> HttpResponse:
    """A wrong address and one that is over tell the same: nothing."""
    return render(request, "complaints/follow_none.html", {}, status=404)


def _shared(case: Complaint) -> list[Any]:
    """The options that the house shares: what the manager has looked at, or what the customer was told to look at."""
    rows = case.options.standing().prefetch_related("compensations__kind")
    if case.is_decided:
        return list(rows.filter(is_chosen=True))
    if case.status not in (Status.PROPOSING, Status.DECIDING) or rows.filter(is_chosen=True).exists():
        return []  # what was offered before the case was opened again is no offer any more
    told = Message.objects.filter(code=Message.Code.CASE_NEWS, kind=case.kind_name(), object_id=case.pk)
    if not told.filter(params__what="options").exists():
        rows = rows.exclude(seen_at=None) if case.status == Status.DECIDING else rows.none()
    return list(rows)


def _given(option: Any) -> list[str]:
    """What is given with an option, in the reader's language; what it is worth to the house stays inside."""
    is_chinese = (translation.get_language() or "").startswith("zh")
    return [
        f"{one.kind.name_zh if is_chinese else one.kind.name_en or one.kind.name_zh} "
        f"{one.quantity.normalize():f} {one.kind.get_unit_display()}"
        for one in option.compensations.all()
    ]


def _by_when(case: Complaint) -> dict[str, Any]:
    """Until when the next step is promised; a promise that has passed is not repeated."""
    running = {clock.due: clock for clock in case.clocks.filter(ended_at=None)}
    clock = running.get(case.status)
    due: datetime | None = clock.due_at if clock and not clock.paused_at else None
    agreed = case.agreed_until if "agreed" in running else None
    until = agreed or due
    is_late = until is not None and until < now()
    return {"until": None if is_late else until, "is_late": is_late, "waits": bool(clock and clock.paused_at)}


def _context(request: HouseRequest, case: Complaint) -> dict[str, Any]:
    """What the page shows of a case, and what the customer may do now."""
    options: list[Any] = _shared(case)
    for option in options:
        option.given = _given(option)
    is_offer = case.status in (Status.PROPOSING, Status.DECIDING)
    is_decided = case.status == Status.CARRYING_OUT
    agreement = case.agreements.filter(cancelled_at=None).first()
    may_sign = bool(is_decided and agreement and not agreement.signed_at)
    return {
        "case": case,
        "store": case.store,
        "stage": stage_of(case),
        "steps": steps_of(case),
        "options": options,
        "may_prefer": is_offer and bool(options),
        "agreement": agreement,
        "may_sign": may_sign,
        "may_accept": is_decided and bool(options) and case.accepted_at is None and not may_sign,
        "may_react": _may_react(case),
        "said": case.said.filter(is_shown=True),
        "photos": _photos(case),
        "sent": request.GET.get("sent", ""),
        "add_form": AddByLinkForm(),
        "sign_form": SignForm(),
        "react_form": ReactForm(),
    } | _by_when(case)


def _photos(case: Complaint) -> int:
    """How many photos of the customer have arrived: they are not shown again, but nobody need send them twice."""
    files = Attachment.objects.of(case).filter(purpose=Attachment.Purpose.DAMAGE, removed_at=None)
    return files.filter(added_by=case.name).count() if case.name else 0


def _may_react(case: Complaint) -> bool:
    """Whether an answer waits for the customer's word; whether a suggestion is adopted the house says itself."""
    is_answered = case.status == Status.ANSWERING and bool(case.replied_at)
    return is_answered and case.nature != Nature.SUGGESTION and case.reaction in ("", Reaction.NO_ANSWER)


def _page(request: HouseRequest, case: Complaint, **more: Any) -> HttpResponse:
    context = _context(request, case) | more
    forms = [one for one in (context["add_form"], context["sign_form"], context["react_form"]) if one.errors]
    status = 422 if forms or more.get("problem") else 200
    return render(request, "complaints/follow.html", context | {"form": forms[0] if forms else None}, status=status)


@open_page("complaints.follow")
def follow(request: HouseRequest, token: str) -> HttpResponse:
    """A case on the customer's phone: how it goes on, and everything the customer may say to it."""
    speak(request)
    case = case_of_link(token)
    if case is None:
        return nothing_here(request)
    if not request.user.is_authenticated:
        request.actor = case.follower()
    if request.method != "POST":
        note_read(case, by=request.actor)
        return _page(request, case)
    if request.user.is_authenticated:
        raise PermissionDenied(_("You are signed in as an employee. By the link only the customer answers."))
    if is_too_often(f"follow:{token}", 20, 600):
        return answer(request, 429, _("Too many requests. Wait a moment."))
    step = {"add": _add, "prefer": _prefer, "accept": _accept, "sign": _sign, "react": _react}.get(
        request.POST.get("step", "")
    )
    return step(request, case) if step else _page(request, case)


def _done(request: HouseRequest, what: str) -> HttpResponse:
    return redirect(f"{request.path}?sent={what}")


def _add(request: HouseRequest, case: Complaint) -> HttpResponse:
    form = AddByLinkForm(request.POST, request.FILES)
    if submit(request, form, actions.add_by_link, case) is None:
        return _page(request, case, add_form=form)
    return _done(request, "words")


def _prefer(request: HouseRequest, case: Complaint) -> HttpResponse:
    chosen = {str(one.pk): one for one in _shared(case)}.get(request.POST.get("option", ""))
    form = HouseForm(request.POST)
    if chosen is None or submit(request, form, actions.prefer, chosen) is None:
        return _page(request, case, problem=_problem(form) or _("Please choose one of the options."))
    return _done(request, "choice")


def _accept(request: HouseRequest, case: Complaint) -> HttpResponse:
    form = SignForm(request.POST)
    if submit(request, form, actions.accept, case) is None:
        return _page(request, case, sign_form=form)
    return _done(request, "accepted")


def _sign(request: HouseRequest, case: Complaint) -> HttpResponse:
    agreement = get_object_or_404(case.agreements.filter(cancelled_at=None))
    form = SignForm(request.POST)
    if submit(request, form, actions.sign_agreement, agreement) is None:
        return _page(request, case, sign_form=form)
    return _done(request, "signed")


def _react(request: HouseRequest, case: Complaint) -> HttpResponse:
    form = ReactForm(request.POST)
    if not _may_react(case):
        return _page(request, case, problem=_("This was answered already."))
    if submit(request, form, actions.note_reaction, case) is None:
        return _page(request, case, react_form=form)
    return _done(request, "reaction")


def _problem(form: HouseForm) -> str:
    return " ".join(str(one) for one in form.non_field_errors()) if form.is_bound else ""
