"""Pages of the catalogue and the menus, and of files that bring them."""

import uuid
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.lists import list_page, spreadsheet
from core.web import HouseRequest, back, current_store, door, page, submit, verb_page
from customers.forms import companies_for
from service import actions, imports
from service.filters import ItemFilter, MenuFilter
from service.forms import (
    AddItemForm,
    ComposeMenuForm,
    EditItemForm,
    EditMenuForm,
    LoadCatalogueForm,
    NoFieldsForm,
)
from service.models import CatalogueItem, Menu
from service.tables import ItemTable, MenuTable
from service.views.estimates import without_script

KEPT_SECONDS = 1800  # how long a file that was looked at waits to be taken over
SHOWN = 300  # rows of a file that a page shows
BY_CODE = {"code": ("code", "id"), "-code": ("-code", "-id"), "-id": ("-id",)}


def _tabs(here: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Labour operations and parts"), "url": reverse("catalogue"), "active": here == "catalogue"},
        {"label": _("Menus"), "url": reverse("menus"), "active": here == "menus"},
    ]


@door("service.see_catalogue", methods=("GET",))
def catalogue(request: HouseRequest) -> HttpResponse:
    """Labour operations, parts and other items with hours and prices."""
    may_keep = request.actor.may("service.keep_catalogue")
    return list_page(
        request,
        rows=CatalogueItem.objects.visible_to(request.actor),
        table_class=ItemTable,
        filterset_class=ItemFilter,
        orderings=BY_CODE,
        heading=_("Catalogue"),
        name="catalogue",
        tabs=_tabs("catalogue"),
        new_url=reverse("add_item") if may_keep else "",
        new_label=_("Add an item"),
        template="service/catalogue.html",
        may_keep=may_keep,
        what="catalogue",
        empty={
            "icon": "book",
            "title": _("The catalogue is empty"),
            "text": _("Load a price list from Excel, or add items one by one."),
            "url": reverse("load_catalogue") if may_keep else "",
            "label": _("Load a file"),
        },
    )


@door("service.see_catalogue", methods=("GET",))
def menus(request: HouseRequest) -> HttpResponse:
    """Menus with their prices and the cars they are for."""
    may_keep = request.actor.may("service.keep_catalogue")
    store = current_store(request)

    def prepare(found: list[Any]) -> None:
        for menu in found:
            menu.price_here = menu.price_at(store.labour_rate) if store else menu.price

    return list_page(
        request,
        rows=Menu.objects.visible_to(request.actor).with_items(),
        table_class=MenuTable,
        filterset_class=MenuFilter,
        orderings=BY_CODE,
        heading=_("Menus"),
        name="menus",
        prepare=prepare,
        tabs=_tabs("menus"),
        new_url=reverse("compose_menu") if may_keep else "",
        new_label=_("Compose a menu"),
        template="service/catalogue.html",
        may_keep=may_keep,
        what="menus",
        empty={
            "icon": "package",
            "title": _("No menu yet"),
            "text": _("A menu is a job with its lines at a price of its own. Load them from Excel, or compose one."),
            "url": reverse("compose_menu") if may_keep else "",
            "label": _("Compose a menu"),
        },
    )


@door("service.keep_catalogue")
def add_item(request: HouseRequest) -> HttpResponse:
    """A new item of the catalogue."""
    form = AddItemForm(request.POST or None, by=request.actor)
    target = reverse("catalogue")
    return verb_page(
        request,
        form,
        actions.add_item,
        heading=_("Add an item"),
        done=_("The item is in the catalogue."),
        target=target,
        cancel=target,
    )


@door("service.keep_catalogue")
def edit_item(request: HouseRequest, pk: int) -> HttpResponse:
    """Change an item, or offer it no longer."""
    item = get_object_or_404(CatalogueItem.objects.visible_to(request.actor), pk=pk)
    form = EditItemForm(request.POST or None, by=request.actor, initial=EditItemForm.known(item))
    return verb_page(
        request,
        form,
        actions.edit_item,
        item,
        heading=str(item),
        pretitle=_("Catalogue"),
        submit=_("Save"),
        text=_("Lines that were made of it keep the price that the customer saw."),
        done=_("The change is saved."),
        target=reverse("catalogue"),
        extra="customers/_version.html",
        version=request.POST.get("version", "") or item.version,
    )


def _menu_page(request: HouseRequest, form_class: Any, menu: Menu | None) -> HttpResponse:
    """The page of a new or a known menu, with the search for its items."""
    first = form_class.known(menu) if menu else {}
    form = form_class(request.POST or None, by=request.actor, initial=first)
    form.fields["items"].widget.template_name = "service/_menu_rows.html"
    store = current_store(request)
    context: dict[str, Any] = {
        "heading": str(menu) if menu else _("Compose a menu"),
        "pretitle": _("Menus"),
        "submit": _("Save"),
        "cancel": reverse("menus"),
        "version": request.POST.get("version", "") or menu.version if menu else "",
        "may_find": True,
    }
    if store and (searched := without_script(request, form, "items", store)):
        form = form_class(by=request.actor, initial=searched.pop("rows"))
        form.fields["items"].widget.template_name = "service/_menu_rows.html"
        return page(request, "service/menu_edit.html", context | searched | {"form": form, "row": menu})
    rows = [menu] if menu else []
    return verb_page(
        request,
        form,
        actions.edit_menu if menu else actions.compose_menu,
        *rows,
        done=_("The menu is saved."),
        target=reverse("menus"),
        template="service/menu_edit.html",
        **context,
    )


@door("service.keep_catalogue")
def compose_menu(request: HouseRequest) -> HttpResponse:
    """A new menu of items of the catalogue."""
    return _menu_page(request, ComposeMenuForm, None)


@door("service.keep_catalogue")
def edit_menu(request: HouseRequest, pk: int) -> HttpResponse:
    """Change a menu, or offer it no longer."""
    menu = get_object_or_404(Menu.objects.visible_to(request.actor).with_items(), pk=pk)
    return _menu_page(request, EditMenuForm, menu)


@door("service.keep_catalogue", methods=("GET",))
def catalogue_template(request: HouseRequest, what: str) -> HttpResponse:
    """The Excel file to fill in, with rows that show how."""
    if what not in imports.EXAMPLES:
        raise Http404
    head, rows = imports.EXAMPLES[what]
    return spreadsheet(f"{what}-template", "xlsx", head, rows)


@door("service.keep_catalogue")
def load_catalogue(request: HouseRequest) -> HttpResponse:
    """A price list or menus as a file: looked at first, taken over after that."""
    what = "menus" if request.GET.get("what") == "menus" else "catalogue"
    form = LoadCatalogueForm(request.POST or None, request.FILES or None, by=request.actor, initial={"what": what})
    found = submit(request, form, imports.load_sheet, dry_run=True)
    if found is not None:
        token, given = uuid.uuid4().hex, form.cleaned_data
        kept = {"given": given | {"company": given["company"].pk}, "done": False}
        _keep(request, token, kept, found)
        return redirect("loaded_sheet", token)
    context = {
        "heading": _("Load a file"),
        "form": form,
        "submit": _("Look at it first"),
        "cancel": reverse(what),
    }
    return page(request, "service/catalogue_load.html", context)


def _keep(request: HouseRequest, token: str, kept: dict[str, Any], found: Any) -> None:
    """The file and what became of it, for its sender alone, as long as somebody looks at it."""
    load, rejected = found
    kept |= {"outcome": imports.outcome(load), "rejected": rejected}
    cache.set(f"sheet:{request.user.pk}:{token}", kept, KEPT_SECONDS)


@door("service.keep_catalogue")
def loaded_sheet(request: HouseRequest, token: str) -> HttpResponse:
    """What a file would change, row by row; taken over with one tap, after which the rejected rows can be fetched."""
    kept = cache.get(f"sheet:{request.user.pk}:{token}")
    if kept is None:
        raise Http404
    given = dict(kept["given"])
    target = reverse(given["what"])
    form = NoFieldsForm(request.POST or None, by=request.actor)
    if request.method == "POST" and not kept["done"]:
        given["company"] = get_object_or_404(
            companies_for(request.actor, "service.keep_catalogue"), pk=given["company"]
        )
        found = submit(request, form, imports.load_sheet, **given, dry_run=False)
        if found is not None:
            _keep(request, token, kept | {"done": True}, found)
            return back(request, _taken_over(found[0]), reverse("loaded_sheet", args=[token]) if found[1] else target)
    label = _labels(given["what"])
    rows = [
        one | {"changes": [(label.get(name, name), *pair) for name, pair in one["changes"].items()]}
        for one in kept["outcome"]["rows"]
        if one["state"] != "same"
    ]
    rejected = [one | {"field": label.get(one["field"], one["field"])} for one in kept["outcome"]["rejected"]]
    context = kept["outcome"] | {"heading": given["sheet"].name, "form": form, "done": kept["done"], "token": token}
    context |= {"rows": rows[:SHOWN], "more": max(0, len(rows) - SHOWN), "target": target, "rejected": rejected}
    return page(request, "service/catalogue_loaded.html", context)


def _labels(what: str) -> dict[str, str]:
    """The fields of a file in the reader's language."""
    fields = EditMenuForm.base_fields if what == "menus" else EditItemForm.base_fields
    found = {name: str(field.label) for name, field in fields.items()}
    return found | (
        {"item": _("Item"), "item_kind": _("Kind"), "quantity": _("Quantity or hours")} if what == "menus" else {}
    )


def _taken_over(load: Any) -> str:
    return _("%(new)s new, %(changed)s changed, %(same)s as before, %(wrong)s not taken over.") % {
        "new": load.created,
        "changed": load.updated,
        "same": load.unchanged,
        "wrong": len(load.rejected),
    }


@door("service.keep_catalogue", methods=("GET",))
def rejected_rows(request: HouseRequest, token: str) -> HttpResponse:
    """The rows that were not taken over, each with its reason, to be mended and loaded again."""
    kept = cache.get(f"sheet:{request.user.pk}:{token}")
    if kept is None or not kept["rejected"]:
        raise Http404
    response = HttpResponse("\ufeff" + kept["rejected"], content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rejected.csv"'
    return response
