"""Pages of the estimate: lines from the catalogue or one's own, menus, work put off earlier."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from core.models import Store
from core.templatetags.ui import money, plate
from core.web import HouseRequest, current_store, door, page, verb_page
from service import actions
from service.forms import AddLinesForm, AddMenuForm, NoFieldsForm, TakeUpAgainForm
from service.models import CatalogueItem, Job, Line, Order
from service.models.catalogue import suits
from service.views.reception import chosen, menus_for, put_off

HITS = 12


def job_of(request: HouseRequest, pk: int) -> Job:
    """A job that this reader may see."""
    return get_object_or_404(Job.objects.visible_to(request.actor).with_names(), pk=pk)


def order_of(request: HouseRequest, pk: int) -> Order:
    """An order that this reader may see."""
    return get_object_or_404(Order.objects.visible_to(request.actor).with_names(), pk=pk)


def line_of(request: HouseRequest, pk: int) -> Line:
    """A line that this reader may see."""
    rows = Line.objects.visible_to(request.actor).select_related("job__order__store", "job__order__visit")
    return get_object_or_404(rows, pk=pk)


def title_of(job: Job) -> str:
    """A job as the pretitle of its pages."""
    return f"{plate(str(job.order.visit.vehicle))} · {job.words}"


def items_for(request: HouseRequest, store: Store, text: str, job: Job | None = None) -> list[Any]:
    """Items of the catalogue that fit what was typed, with their price in this store; those for the car first."""
    if not text.strip():
        return []
    rows = CatalogueItem.objects.visible_to(request.actor).filter(company=store.company_id).active().found_by(text)
    found: list[Any] = list(rows.order_by("code", "id")[: HITS * 3])
    vehicle = job.order.visit.vehicle if job else None
    for one in found:
        one.fit = vehicle is None or suits(one, vehicle.brand, vehicle.model)
        one.price_here = one.price_at(store.labour_rate)
    return sorted(found, key=lambda one: not one.fit)[:HITS]


def as_row(item: Any, store: Store) -> dict[str, Any]:
    """An item as a filled row of the estimate."""
    copied = {name: getattr(item, name) for name in ("kind", "code", "name", "quantity", "unit", "supply")}
    return copied | {"item": item.pk, "price": item.price_at(store.labour_rate)}


@door("service.see_catalogue", methods=("GET",))
def find_items(request: HouseRequest) -> HttpResponse:
    """Hits of the catalogue while one types; each is taken over with a tap."""
    job, pk = None, request.GET.get("job", "")
    if pk.isdecimal() and len(pk) < 19:
        job = job_of(request, int(pk))
    store = job.order.store if job else current_store(request)
    text = request.GET.get("find", "")[:60]
    context = {"hits": items_for(request, store, text, job) if store else [], "find": text.strip()}
    return render(request, "service/_items.html", context)


def without_script(request: HouseRequest, form: Any, name: str, store: Store, job: Job | None = None) -> dict[str, Any]:
    """Searching and taking over by the form itself, for pages without JavaScript: nothing typed is lost."""
    text = request.POST.get("find", "").strip()
    picked = request.POST.get("add", "")
    if request.method != "POST" or not (text or picked):
        return {}
    rows = form[name].value() or []
    if picked.isdecimal() and len(picked) < 19:
        visible = CatalogueItem.objects.visible_to(request.actor).filter(company=store.company_id)
        item = visible.active().filter(pk=picked).first()
        rows = [*rows, as_row(item, store)] if item else rows
        text = ""
    typed = {key: form[key].value() for key in form.fields if key != name}
    request.POST = QueryDict()  # the next request is another one: it gets its own token
    return {"rows": typed | {name: rows}, "find": text, "hits": items_for(request, store, text, job)}


@door("service.add_lines")
def add_lines(request: HouseRequest, pk: int) -> HttpResponse:
    """Labour and parts of a job: found in the catalogue, or written down."""
    job = job_of(request, pk)
    store = job.order.store
    form = AddLinesForm(request.POST or None, by=request.actor)
    context: dict[str, Any] = {
        "heading": _("Estimate"),
        "pretitle": title_of(job),
        "rate": store.labour_rate,
        "may_find": request.actor.may("service.see_catalogue", store),
        "menus": menus_for(job.order.visit.vehicle, store, request.actor)[:6],
        "may_add_menu": request.actor.may("service.add_menu", store),
    }
    _dress(form, store)
    if searched := without_script(request, form, "lines", store, job):
        form = AddLinesForm(by=request.actor, initial=searched.pop("rows"))
        _dress(form, store)
        context |= searched | {
            "form": form,
            "row": job,
            "submit": _("Estimate"),
            "cancel": job.order.get_absolute_url(),
        }
        return page(request, "service/add_lines.html", context)
    return verb_page(
        request,
        form,
        actions.add_lines,
        job,
        target=job.order.get_absolute_url(),
        template="service/add_lines.html",
        done=_("The lines wait for the customer's consent."),
        **context,
    )


def _dress(form: AddLinesForm, store: Store) -> None:
    """Rows as a table; a spare one is labour at the store's rate."""
    rows: Any = form.fields["lines"].widget
    rows.template_name = "service/_line_rows.html"
    rows.blank = {"price": store.labour_rate, "unit": "h"}


@door("service.remove_line")
def remove_line(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a line out of the estimate again."""
    line = line_of(request, pk)
    form = NoFieldsForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.remove_line,
        line,
        heading=_("Take the line out"),
        pretitle=f"{line.name} · {money(line.amount)}",
        template="core/confirm.html",
        target=line.job.order.get_absolute_url(),
        danger=True,
        done=_("The line is out of the estimate."),
    )


@door("service.add_menu")
def add_menu(request: HouseRequest, pk: int) -> HttpResponse:
    """A menu as a job of the order, in one tap."""
    order = order_of(request, pk)
    form = AddMenuForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.add_menu,
        order,
        heading=_("Add a menu"),
        pretitle=f"{plate(str(order.visit.vehicle))} · {order}",
        done=_("The menu is in the order; its lines wait for consent."),
        template="service/add_menu.html",
        menus=menus_for(order.visit.vehicle, order.store, request.actor),
    )


@door("service.add_lines")
def take_up_again(request: HouseRequest, pk: int) -> HttpResponse:
    """Work that the customer put off earlier, offered again."""
    order = order_of(request, pk)
    form = TakeUpAgainForm(request.POST or None, by=request.actor)
    found = Line.objects.visible_to(request.actor).to_offer_again(order.visit.vehicle)
    rows = put_off(found.exclude(job__order__visit=order.visit), order.store)
    ticked = chosen(form, "lines")
    for line in rows:
        line.checked = str(line.pk) in ticked
    return verb_page(
        request,
        form,
        actions.take_up_again,
        order,
        heading=_("Offer work again"),
        pretitle=f"{plate(str(order.visit.vehicle))} · {order}",
        done=_("The work is offered again; its lines wait for consent."),
        template="service/take_up_again.html",
        again=rows,
    )
