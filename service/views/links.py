"""Consent by link: sending it at the desk, and the page that the customer opens on the phone."""

from typing import Any

import segno
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import Attachment
from core.web import HouseRequest, door, open_page, served, submit, verb_page
from service import actions
from service.forms import LinkForm, NoFieldsForm, SendLinkForm
from service.models import ConsentLink, Job, Line, Order, Party, Visit
from service.models.links import phone_for


def _order(request: HouseRequest, pk: int) -> Order:
    return get_object_or_404(Order.objects.visible_to(request.actor).with_names(), pk=pk)


@door("service.send_link")
def send_link(request: HouseRequest, pk: int) -> HttpResponse:
    """Send the estimate as a link; the newest one with its address, to copy or to scan."""
    order = _order(request, pk)
    link = ConsentLink.objects.filter(order=order).order_by("-id").first()
    visit = order.visit
    is_limited = visit.spending_limit is not None and visit.customer_id is not None
    first = {"to": ConsentLink.To.OWNER if is_limited else ConsentLink.To.DRIVER}
    form = SendLinkForm(request.POST or None, by=request.actor, initial=first)
    return verb_page(
        request,
        form,
        actions.send_link,
        order,
        heading=_("Send the estimate by link"),
        pretitle=str(order),
        done=_("The link is made and its message lies in the outbox."),
        target=reverse("send_link", args=[order.pk]),
        cancel=order.get_absolute_url(),
        template="service/link_send.html",
        visit=visit,
        link=link if link and link.is_alive else None,
        last=link,
        qr=segno.make(link.address, error="m").svg_data_uri(scale=4, border=2) if link and link.is_alive else "",
        lines=list(Line.objects.open().filter(job__order=order).with_own_amount().order_by("job__position", "id")),
        phones={to: phone_for(visit, to) for to in ConsentLink.To.values},
    )


@door("service.send_link")
def close_link(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a link back."""
    order = _order(request, pk)
    return verb_page(
        request,
        NoFieldsForm(request.POST or None, by=request.actor),
        actions.close_link,
        order,
        heading=_("Take the link back"),
        text=_("Whoever opens it is told that it is closed. You can send a new one at any time."),
        pretitle=str(order),
        template="core/confirm.html",
        danger=True,
        done=_("The link is closed."),
    )


# What the customer opens


def _link(token: str) -> ConsentLink | None:
    names = ("order__store__company", "order__visit__vehicle", "order__visit__customer", "order__visit__advisor")
    return ConsentLink.objects.by_token(token).select_related(*names).first()


def _photos_of(order: Order) -> Any:
    """Photos of the work on this order: what was found, and what it is about."""
    jobs = Job.objects.filter(order=order).values("pk")
    of = Q(kind=Job.kind_name(), object_id__in=jobs)
    of |= Q(kind=Order.kind_name(), object_id=order.pk) | Q(kind=Visit.kind_name(), object_id=order.visit_id)
    rows = Attachment.objects.filter(of, purpose=Attachment.Purpose.WORK, removed_at__isnull=True)
    return rows.filter(content_type__startswith="image/").order_by("id")


def _jobs_of(order: Order) -> list[Any]:
    """The jobs with the lines that were ever asked about, each with what the customer pays and who pays the rest."""
    lines: list[Any] = list(
        Line.objects.filter(job__order=order)
        .exclude(consent=Line.Consent.DROPPED)
        .with_own_amount()
        .prefetch_related("shares__party")
        .order_by("job__position", "id")
    )
    jobs: dict[int, Any] = {}
    for i, line in enumerate(lines):
        job = jobs.setdefault(line.job_id, line.job)
        job.rows = [*getattr(job, "rows", []), line]
        line.number = i
        line.others = [one for one in line.shares.all() if one.payer != Party.Kind.CUSTOMER and one.amount]
        line.chosen = ""
    return list(jobs.values())


def _closed(request: HouseRequest, link: ConsentLink | None) -> HttpResponse:
    """A wrong address tells nothing at all; a closed one tells whom to ask."""
    store = link.order.store if link else None
    return render(request, "service/link_closed.html", {"store": store}, status=410 if link else 404)


@open_page("service.answer_link")
def consent(request: HouseRequest, token: str) -> HttpResponse:
    """The estimate on the customer's phone: answer line by line, look at it once more, send."""
    link = _link(token)
    if link is None or not (link.is_alive or link.is_answered):
        return _closed(request, link)
    if link.is_alive and link.order.visit.status != Visit.Status.RECEIVED:
        return _closed(request, link)
    jobs, data = _jobs_of(link.order), request.POST.copy()
    if request.method == "POST" and request.user.is_authenticated:
        raise PermissionDenied(_("You are signed in as an employee. By the link only the customer answers."))
    if request.method == "POST" and data.get("step") == "opened":
        actions.open_link(link, by=link.customer())
        return HttpResponse(status=204)
    if request.method == "POST" and data.get("all"):
        data.update({f"answers-{x.number}-answer": Line.Consent.AUTHORISED for x in _open(jobs)})
    return _answered(request, link, jobs, data) if request.method == "POST" else _shown(request, link, jobs)


def _open(jobs: list[Any]) -> list[Any]:
    return [line for job in jobs for line in job.rows if line.consent == Line.Consent.ASKED]


def _shown(request: HouseRequest, link: ConsentLink, jobs: list[Any], **more: Any) -> HttpResponse:
    waiting = _open(jobs)
    context = {
        "link": link,
        "order": link.order,
        "visit": link.order.visit,
        "store": link.order.store,
        "jobs": jobs,
        "waiting": waiting if link.is_alive else [],
        "total": sum(line.own_amount for line in waiting),
        "chosen_total": sum(x.own_amount for x in waiting if x.chosen == Line.Consent.AUTHORISED),
        "photos": list(_photos_of(link.order)),
        "form": LinkForm(),
        "sent": request.GET.get("sent", ""),
    }
    is_refused = "form" in more and bool(more["form"].errors)
    return render(request, "service/link.html", context | more, status=422 if is_refused else 200)


def _answered(request: HouseRequest, link: ConsentLink, jobs: list[Any], data: Any) -> HttpResponse:
    """The choices: shown once more before they are sent, then written down, then a receipt."""
    for line in _open(jobs):
        line.chosen = data.get(f"answers-{line.number}-answer", "")
    chosen = [line for line in _open(jobs) if line.chosen in _ANSWERS]
    has_words = bool(data.get("question", "").strip() or data.get("call_back"))
    if data.get("step") == "change":
        return _shown(request, link, jobs, form=_unbound(data))
    if data.get("step") != "send":
        ready = bool(chosen or has_words)
        return _shown(request, link, jobs, form=_unbound(data), confirm=ready, nothing=not ready)
    for line in _open(jobs):
        if line.chosen not in _ANSWERS:
            data[f"answers-{line.number}-answer"] = Line.Consent.ASKED
    form = LinkForm(data, by=None)
    request.actor = link.customer(data.get("name", "").strip()[:80])
    if submit(request, form, actions.answer_link, link) is None:
        fresh = _jobs_of(link.order)
        for line in _open(fresh):
            line.chosen = data.get(f"answers-{line.number}-answer", "")
        return _shown(request, link, fresh, form=form, confirm=True)
    return redirect(f"{request.path}?sent={'words' if has_words else 'answers'}")


_ANSWERS = {Line.Consent.AUTHORISED, Line.Consent.DEFERRED, Line.Consent.DECLINED}


def _unbound(data: Any) -> LinkForm:
    """The words that were typed so far, not judged yet."""
    return LinkForm(initial={name: data.get(name, "") for name in ("name", "question", "call_back")})


@open_page("service.answer_link", methods=("GET",))
def consent_photo(request: HouseRequest, token: str, pk: int) -> HttpResponseBase:
    """A photo of the work, through the link that shows it."""
    link = _link(token)
    if link is None or not (link.is_alive or link.is_answered):
        raise Http404
    found = get_object_or_404(_photos_of(link.order), pk=pk)
    return served(found, is_small=request.GET.get("size") == "small")
