"""The catalogue and the menus: kept for a company, and taken over into an order in one tap."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from core.actor import Actor, allow, allow_company
from core.logbook import record
from core.models import Company, Trade
from core.rows import Refused, atomic, lock
from core.taxes import cents
from service.actions.derive import derive_visit, open_order
from service.actions.lines import of_company, write_lines
from service.actions.sharing import spread
from service.models import CatalogueItem, Job, Line, Menu, MenuItem, Order

KEEP = "service.keep_catalogue"


def checked_item(values: dict[str, Any]) -> dict[str, Any]:
    """An item's values in their stored form; a part or another item needs a price, labour has the store's rate."""
    if values["price"] is None and values["kind"] != Line.Kind.LABOUR:
        raise Refused(_("A part needs a price; only labour may be at the store's rate."), field="price")
    unit = values["unit"].strip() or ("h" if values["kind"] == Line.Kind.LABOUR else "")
    code, name = " ".join(values["code"].split()), " ".join(values["name"].split())
    return values | {"code": code, "name": name, "unit": unit}


@atomic
def add_item(*, company: Company, by: Actor, **values: Any) -> CatalogueItem:
    """Put a labour operation, a part or another item into the company's catalogue."""
    allow_company(by, KEEP, company.pk)
    item = CatalogueItem.objects.create(company=company, **checked_item(values))
    record("item.added", item, by=by, code=item.code, name=item.name, price=item.price)
    return item


@atomic
def edit_item(item: CatalogueItem, *, by: Actor, **values: Any) -> CatalogueItem:
    """Change an item or offer it no longer; the lines that were made of it stay as the customer saw them."""
    allow_company(by, KEEP, item.company_id)
    item = lock(item)
    changed = _change(item, checked_item(values))
    if changed:
        record("item.edited", item, by=by, **{"code": item.code, **changed})
    return item


def _change(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    changed = {}
    for name, value in values.items():
        if getattr(row, name) != value:
            changed[name] = [getattr(row, name), value]
            setattr(row, name, value)
    if changed:
        row.version += 1
        row.save(update_fields=[*changed, "version"])
    return changed


@atomic
def compose_menu(*, company: Company, items: Iterable[dict[str, Any]], by: Actor, **values: Any) -> Menu:
    """Compose a menu (套餐) of items of the catalogue, at a price of its own or at their sum."""
    allow_company(by, KEEP, company.pk)
    menu = Menu.objects.create(company=company, **_checked_menu(values))
    _put_items(menu, list(items))
    record("menu.composed", menu, by=by, code=menu.code, name=menu.name, price=menu.price)
    return menu


@atomic
def edit_menu(menu: Menu, *, items: Iterable[dict[str, Any]], by: Actor, **values: Any) -> Menu:
    """Change a menu, its price or its items; orders that took it keep what they have."""
    allow_company(by, KEEP, menu.company_id)
    menu = lock(menu)
    present = {x.item_id: x.quantity for x in menu.items.all()}
    rows = list(items)
    changed = _change(menu, _checked_menu(values))
    if present != {one["item"].pk: one["quantity"] for one in rows} or len(present) != len(rows):
        menu.items.all().delete()
        _put_items(menu, rows)
        changed["items"] = [one["item"].code for one in rows]
        if len(changed) == 1:
            menu.version += 1
            menu.save(update_fields=["version"])
    if changed:
        record("menu.edited", menu, by=by, **{"code": menu.code, **changed})
    return menu


def _checked_menu(values: dict[str, Any]) -> dict[str, Any]:
    since, until = values["since_km"], values["until_km"]
    if since is not None and until is not None and until < since:
        raise Refused(_("A menu is offered until more kilometres than it is offered from."), field="until_km")
    return values | {"code": " ".join(values["code"].split()), "name": " ".join(values["name"].split())}


def _put_items(menu: Menu, rows: list[dict[str, Any]]) -> None:
    if not rows:
        raise Refused(_("A menu needs at least one item."), field="items")
    if any(one["item"].company_id != menu.company_id for one in rows):
        raise Refused(_("This item stands in another company's catalogue."), field="items")
    if len({one["item"].pk for one in rows}) < len(rows):
        raise Refused(_("An item stands in a menu once; raise its quantity instead."), field="items")
    MenuItem.objects.bulk_create([MenuItem(menu=menu, item=one["item"], quantity=one["quantity"]) for one in rows])


@atomic
def add_menu(order: Order, *, menu: Menu, by: Actor) -> Order:
    """Take a menu into the order: a job with all its lines, which wait for the customer's consent."""
    allow(by, "service.add_menu", order.store)
    order = open_order(order)
    job = put_menu(order, menu, by=by)
    derive_visit(order.visit)
    order.refresh_from_db()
    amount = sum((line.amount for line in job.lines.all()), Decimal(0))
    record("order.menu_added", order, by=by, about=[order.visit], name=menu.name, amount=amount)
    return order


def put_menu(order: Order, menu: Menu, *, by: Actor) -> Job:
    """A menu as a job of an order that is locked; told by reception. A price of its own is spread over its lines."""
    of_company(order, menu, "menus", _("This menu belongs to another company."))
    if not menu.is_active:
        raise Refused(_("“%(menu)s” is not offered any more.") % {"menu": menu}, field="menus")
    items = list(menu.items.select_related("item").order_by("id"))
    last = order.jobs.aggregate(last=Max("position"))["last"] or 0
    job = Job.objects.create(
        order=order,
        position=last + 1,
        words=menu.name,
        kind=menu.job_kind,
        scope=menu.scope,
        trade=_trade(items),
        menu=menu,
    )
    rate = order.store.labour_rate
    rows: list[dict[str, Any]] = [
        {
            "item": x.item,
            "kind": x.item.kind,
            "code": x.item.code,
            "name": x.item.name,
            "quantity": x.quantity,
            "unit": x.item.unit,
            "price": x.item.price_at(rate),
        }
        for x in items
    ]
    if menu.price is not None:
        parts = spread(menu.price, [cents(row["quantity"] * row["price"]) for row in rows])
        for row, part in zip(rows, parts, strict=True):
            row |= {"amount": part, "price": cents(part / row["quantity"])}
    write_lines(order, job, rows, by=by)
    return job


def _trade(items: list[MenuItem]) -> str:
    """The trade with most hours does the job."""
    hours: dict[str, Decimal] = {}
    for x in items:
        if x.item.kind == Line.Kind.LABOUR:
            hours[x.item.trade] = hours.get(x.item.trade, Decimal(0)) + x.quantity
    return max(hours, key=lambda trade: hours[trade]) if hours else Trade.MECHANIC
