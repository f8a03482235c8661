"""Records that may be one: where they are found, side by side, and the way back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.ui import plate, when
from core.web import back, door, page, submit, verb_page
from customers import actions
from customers.forms import (
    MergeCustomerForm,
    MergeVehicleForm,
    OtherCustomerForm,
    OtherVehicleForm,
    UndoMergeForm,
    companies_for,
)
from customers.models import Customer, Merge
from customers.models.alike import alike, customers_alike, vehicles_alike
from customers.views.people import the_customer
from customers.views.vehicles import the_vehicle

MOST = 50  # pairs a page


@door("customers.merge", methods=("GET",))
def duplicate_customers(request: HttpRequest) -> HttpResponse:
    """Customers who may be one and the same: one phone, or one name and nearly one phone."""
    companies = companies_for(request.actor, "customers.merge").values_list("pk", flat=True)  # type: ignore[attr-defined]
    pairs = customers_alike(companies, MOST)
    return page(request, "customers/duplicates.html", {"pairs": pairs, "most": MOST, "of": "customer"})


@door("customers.merge", methods=("GET",))
def duplicate_vehicles(request: HttpRequest) -> HttpResponse:
    """Cars that may be one and the same: of one owner, one known by plate, one by VIN."""
    companies = companies_for(request.actor, "customers.merge").values_list("pk", flat=True)  # type: ignore[attr-defined]
    pairs = vehicles_alike(companies, MOST)
    return page(request, "customers/duplicates.html", {"pairs": pairs, "most": MOST, "of": "vehicle"})


@door("customers.merge")
def merge_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """First the other record, then both side by side."""
    found = the_customer(request, pk)
    return _merge(request, found, OtherCustomerForm, MergeCustomerForm, actions.merge_customer, "merge_customer")


@door("customers.merge")
def merge_vehicle(request: HttpRequest, pk: int) -> HttpResponse:
    """First the other record, then both side by side."""
    found = the_vehicle(request, pk)
    return _merge(request, found, OtherVehicleForm, MergeVehicleForm, actions.merge_vehicle, "merge_vehicle")


def _merge(request: HttpRequest, found: Any, other_form: Any, form_class: Any, action: Any, name: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    asked = {key: value for key, value in request.GET.items() if key.startswith("other")}
    picked = other_form(asked or None, by=actor) if request.method == "GET" else other_form(request.POST, by=actor)
    other = picked.cleaned_data["other"] if asked | request.POST.dict() and picked.is_valid() else None
    form = form_class(request.POST or None, by=actor, initial=_suggested(found, other, form_class))
    if result := submit(request, form, action, found):
        return back(request, _("The two records are one now."), result)
    context = {
        "row": found,
        "other": other if other and other.pk != found.pk else None,
        "form": form if other else picked,
        "picked": picked,
        "alike": alike(found) if isinstance(found, Customer) and not other else [],
        "rows": _rows(form, found, other) if other else [],
        "here": reverse(name, args=[found.pk]),
        "version": found.version,  # of the values that the page shows
    }
    return page(request, "customers/merge.html", context)


_HOURS = {"call_hours": ("call_from", "call_until"), "quiet_hours": ("quiet_from", "quiet_until")}


def _said(row: Any, name: str) -> str:
    """A value of a record as people read it; empty where it has none."""
    if name in _HOURS:
        begin, end = (getattr(row, one) for one in _HOURS[name])
        return f"{begin:%H:%M}–{end:%H:%M}" if begin else ""
    display = getattr(row, f"get_{name}_display", None)
    value = getattr(row, name)
    if display:
        return str(display()) if value else ""
    if name == "plate":
        return plate(value) if value else ""
    return "" if value is None else str(value)


def _names(form_class: Any) -> list[str]:
    return [name for name in form_class.base_fields if name != "other"]


def _suggested(found: Any, other: Any, form_class: Any) -> dict[str, str]:
    """This record's values, and the other's where this one has none."""
    if other is None:
        return {}
    return {n: "lost" if _said(other, n) and not _said(found, n) else "kept" for n in _names(form_class)}


def _rows(form: Any, found: Any, other: Any) -> list[dict[str, Any]]:
    """What differs, value beside value."""
    rows = []
    for name in _names(type(form)):
        kept, lost = _said(found, name), _said(other, name)
        if kept != lost:
            rows.append({"name": name, "field": form[name], "kept": kept, "lost": lost, "value": form[name].value()})
    return rows


@door("customers.merge")
def undo_merge_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last merge into this record back."""
    return _undo(request, the_customer(request, pk))


@door("customers.merge")
def undo_merge_vehicle(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last merge into this record back."""
    return _undo(request, the_vehicle(request, pk))


def _undo(request: HttpRequest, found: Any) -> HttpResponse:
    merge = Merge.objects.filter(of=found.kind_name(), kept_id=found.pk, undone_at=None).order_by("-pk").first()
    facts = []
    if merge:
        lost = type(found)._base_manager.get(pk=merge.lost_id)
        facts = [
            {"label": _("Merged into it"), "value": lost},
            {"label": _("By"), "value": merge.by_name},
            {"label": _("When"), "value": when(merge.at)},
        ]
    return verb_page(
        request,
        UndoMergeForm(request.POST or None, by=request.actor),  # type: ignore[attr-defined]
        actions.undo_merge,
        found,
        heading=_("Make two records of it again"),
        pretitle=str(found),
        text=_("What came with the other record goes with it again. Possible as long as nothing new happened to it."),
        facts=facts,
        done=_("There are two records again."),
        template="core/confirm.html",
    )


@door("customers.merge")
def keep_customers_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Two people who only look alike."""
    return _keep_apart(request, the_customer(request, pk), OtherCustomerForm, "duplicate_customers")


@door("customers.merge")
def keep_vehicles_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Two cars that only look alike."""
    return _keep_apart(request, the_vehicle(request, pk), OtherVehicleForm, "duplicate_vehicles")


def _keep_apart(request: HttpRequest, found: Any, form_class: Any, then: str) -> HttpResponse:
    form = form_class(request.POST or None, by=request.actor, initial={"other": request.GET.get("other", "")})  # type: ignore[attr-defined]
    return verb_page(
        request,
        form,
        actions.keep_apart,
        found,
        heading=_("These are two"),
        text=_("They will not be shown as possible duplicates again."),
        done=_("It is noted that these are two."),
        target=reverse(then),
    )
