"""Bringing in price lists and menus from files: set-based, and a second time nothing changes."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.actor import Actor, allow_company
from core.imports import Load, Row, Told, fill, parts_of
from core.logbook import record
from core.rows import atomic
from service.actions.catalogue import KEEP
from service.models import CatalogueItem, Line, Menu, MenuItem

_OF_ITEM = ("name", "unit", "quantity", "price", "cost", "supply", "trade", "brand", "fits", "is_active")
_OF_MENU = ("name", "job_kind", "scope", "price", "brand", "fits", "since_km", "until_km", "is_quick", "is_active")


@atomic
def load_catalogue(load: Load, rows: Sequence[Row], *, by: Actor) -> None:
    """Write down a price list: labour operations, parts and other items. Lines that exist keep their prices."""
    company = load.place.company
    allow_company(by, KEEP, company.pk)
    known: dict[tuple[str, str], CatalogueItem] = {}
    for part in parts_of([row["code"] for row in rows]):
        found = CatalogueItem.objects.filter(company=company, code__in=part).select_for_update(no_key=True)
        known |= {(one.kind, one.code): one for one in found.order_by("pk")}
    new: list[CatalogueItem] = []
    changed: list[CatalogueItem] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row["kind"], row["code"])
        if key in seen:
            load.reject(row, "code", _("Line %(line)s of this file has the same code.") % {"line": seen[key]})
            continue
        seen[key] = row.line
        present = known.get(key)
        item = present or CatalogueItem(company=company, kind=row["kind"], code=row["code"])
        before = {name: getattr(item, name) for name in _OF_ITEM}
        told = fill(item, {name: row[name] for name in _OF_ITEM}, by_hand=False)
        if item.price is None and item.kind != Line.Kind.LABOUR:
            load.reject(row, "price", _("A part needs a price; only labour may be at the store's rate."))
        elif present is None:
            item.unit = item.unit or ("h" if item.kind == Line.Kind.LABOUR else "")
            _tell(load, row, str(item), None)
            new.append(item)
        else:
            _tell(load, row, str(item), {name: [before[name], getattr(item, name)] for name in told})
            if told:
                item.version += 1
                changed.append(item)
    CatalogueItem.objects.bulk_create(new, batch_size=1000)
    CatalogueItem.objects.bulk_update(changed, [*_OF_ITEM, "version"], batch_size=1000)
    record("catalogue.loaded", load.place, by=by, **load.counts())


def _tell(load: Load, row: Row, title: str, changes: dict[str, list[Any]] | None) -> None:
    """Count a row and keep what becomes of it; `changes` is None for what is new."""
    state = "new" if changes is None else "changed" if changes else "same"
    if changes is None:
        load.created += 1
    elif changes:
        load.updated += 1
    else:
        load.unchanged += 1
    told = {name: ["" if one is None else str(one) for one in pair] for name, pair in (changes or {}).items()}
    load.told.append(Told(row.line, state, title, told))


@atomic
def load_menus(load: Load, rows: Sequence[Row], broken: dict[str, int], *, by: Actor) -> None:
    """Write down menus, a row for each item. A menu comes in whole or not at all: `broken` are those with a bad row."""
    company = load.place.company
    allow_company(by, KEEP, company.pk)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["code"], []).append(row)
    found = Menu.objects.filter(company=company, code__in=list(groups)).select_for_update(no_key=True)
    known = {one.code: one for one in found.order_by("pk").prefetch_related("items__item")}
    items: dict[str, list[CatalogueItem]] = {}
    for one in CatalogueItem.objects.filter(company=company, code__in={row["item"] for row in rows}):
        items.setdefault(one.code, []).append(one)
    for code, group in groups.items():
        wanted = _items_of(load, group, items, broken.get(code))
        if wanted is not None:
            _write_menu(load, known.get(code) or Menu(company=company, code=code), group, wanted)
    record("menus.loaded", load.place, by=by, **load.counts())


def _items_of(
    load: Load, group: list[Row], items: dict[str, list[CatalogueItem]], broken: int | None
) -> dict[CatalogueItem, Any] | None:
    """The items of a menu with their quantities; None, and every row rejected, when one of them is wrong."""
    wanted: dict[CatalogueItem, Any] = {}
    wrong: dict[int, tuple[str, str]] = {}
    for row in group:
        fit = [one for one in items.get(row["item"], []) if row["item_kind"] in (None, one.kind)]
        if not fit:
            wrong[row.line] = ("item", _("The catalogue has no such item. Load the catalogue first."))
        elif len(fit) > 1:
            wrong[row.line] = ("item", _("Several items have this code. Say in a column of which kind it is."))
        elif fit[0] in wanted:
            wrong[row.line] = ("item", _("An item stands in a menu once; raise its quantity instead."))
        else:
            wanted[fit[0]] = row["quantity"] or fit[0].quantity
    if not wrong and broken is None:
        return wanted
    other = next(iter(wrong), broken)
    for row in group:
        name, sentence = wrong.get(
            row.line, ("", _("Line %(line)s of the same menu cannot be loaded, so the menu waits.") % {"line": other})
        )
        load.reject(row, name, sentence)
    return None


def _write_menu(load: Load, menu: Menu, group: list[Row], wanted: dict[CatalogueItem, Any]) -> None:
    """One menu with its items; a cell that is empty in its first row may stand in a later one."""
    is_new = menu.pk is None
    before = {name: getattr(menu, name) for name in _OF_MENU}
    values = {name: next((row[name] for row in group if row[name] is not None), None) for name in _OF_MENU}
    told = fill(menu, values, by_hand=False)
    changes: dict[str, list[Any]] = {name: [before[name], getattr(menu, name)] for name in told}
    present = {} if is_new else {x.item: x.quantity for x in menu.items.all()}
    if not is_new and present != wanted:
        changes["items"] = [_list_of(present), _list_of(wanted)]
    _tell(load, group[0], str(menu), None if is_new else changes)
    if not is_new and not changes:
        return
    menu.version += 0 if is_new else 1
    menu.save()
    if present != wanted:
        menu.items.all().delete()
        MenuItem.objects.bulk_create([MenuItem(menu=menu, item=x, quantity=n) for x, n in wanted.items()])


def _list_of(items: dict[CatalogueItem, Any]) -> str:
    return ", ".join(f"{item.code} × {number.normalize():f}" for item, number in items.items())
