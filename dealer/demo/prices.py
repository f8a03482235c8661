"""The demo's prices and payers: a line of the menu priced for a store and a car, and shared among those who pay."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from core.models import Store
from core.taxes import cents, net_of
from dealer.demo import menu
from dealer.demo.garage import Car
from service.models import Line, Party

VAT = Decimal("13.0")


class Priced(NamedTuple):
    """A line of the price list, priced for a store and a car."""

    kind: str
    code: str
    name: str
    unit: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    net: Decimal
    cost: Decimal


class Part(NamedTuple):
    """What one payer takes of a line."""

    payer: str
    party: int | None
    reason: str
    amount: Decimal
    net: Decimal
    cost: Decimal


def price(line: Any, rate: Decimal, dearness: float) -> Priced:
    """A line of the menu at a store's labour rate, or at the price of the car's parts."""
    kind, code, name, unit, quantity, listed, ratio = line
    amount_of = Decimal(quantity)
    if kind == Line.Kind.LABOUR:
        each = rate
        amount = cents(amount_of * each)
        cost = cents(amount_of * menu.LABOUR_COST)
    else:
        each = Decimal(round(listed * dearness))
        amount = cents(amount_of * each)
        cost = cents(amount * Decimal(str(ratio)) / Decimal("1.13"))
    return Priced(kind, code, name, unit, amount_of, each, amount, net_of(amount, VAT), cost)


def menu_lines(package: menu.Package) -> list[Any]:
    """Labour and parts of a package in one shape."""
    labour = [(Line.Kind.LABOUR.value, code, name, "h", hours, 0, 0) for code, name, hours in package.labour]
    parts = [(Line.Kind.PART.value, *part) for part in package.parts]
    return labour + parts


def fitting(kind: str, power: str) -> list[menu.Package]:
    """What of the menu a car of this power can need."""
    own = "electric" if power == "electric" else "fuel"
    return [one for one in menu.BY_KIND[kind] if one.power in ("any", own)]


class Payers:
    """The parties of each company, and how a line is shared among those who pay."""

    def __init__(self, stores: Iterable[Store]) -> None:
        rows: dict[tuple[int, str, str], Party] = {}
        for store in stores:
            wanted = [(Party.Kind.INSURER, name) for name in menu.INSURERS]
            wanted += [(Party.Kind.MANUFACTURER, menu.MANUFACTURERS[store.code])]
            wanted += [(Party.Kind.STORE, menu.GOODWILL), (Party.Kind.EXTENDED, menu.EXTENDED)]
            for kind, name in wanted:
                rows[store.company_id, kind, name] = Party(company_id=store.company_id, kind=kind, name=name)
        Party.objects.bulk_create(rows.values())
        self.rows = rows

    def named(self, store: Store, kind: str, name: str) -> Party:
        """A party by its name."""
        return self.rows[store.company_id, kind, name]

    def manufacturer(self, store: Store) -> Party:
        """Who pays for warranty and recalls in a store."""
        return self.named(store, Party.Kind.MANUFACTURER, menu.MANUFACTURERS[store.code])

    def of_job(self, rng: Random, store: Store, car: Car, kind: str) -> list[tuple[str, int | None, str, Decimal]]:
        """Payer, party, reason and share (the last takes the rest) for all lines of a job."""
        customer = ("customer", None)
        if kind in ("first", "warranty", "recall"):
            maker = self.manufacturer(store)
            reason = "recall" if kind == "recall" else "warranty"
            if kind == "warranty" and rng.random() < 0.15:
                share = Decimal(rng.choice(["0.5", "0.7", "0.8"]))
                return [("manufacturer", maker.pk, "goodwill", share), (*customer, "repair", Decimal(0))]
            return [("manufacturer", maker.pk, reason, Decimal(0))]
        if kind == "comeback":
            return [("store", self.named(store, Party.Kind.STORE, menu.GOODWILL).pk, "goodwill", Decimal(0))]
        if kind == "accident" and rng.random() > 0.08:
            insurer = self.named(store, Party.Kind.INSURER, menu.INSURERS[car.pk % len(menu.INSURERS)])
            if rng.random() < 0.18:
                share = Decimal(rng.choice(["0.8", "0.85", "0.9"]))
                return [("insurer", insurer.pk, "accident", share), (*customer, "accident", Decimal(0))]
            return [("insurer", insurer.pk, "accident", Decimal(0))]
        if kind == "repair":
            chance = rng.random()
            if chance < 0.02:
                own = self.named(store, Party.Kind.STORE, menu.GOODWILL)
                return [("store", own.pk, "goodwill", Decimal("0.5")), (*customer, "repair", Decimal(0))]
            if chance < 0.05 and car.mileage > 60_000:
                return [
                    (
                        "extended",
                        self.named(store, Party.Kind.EXTENDED, menu.EXTENDED).pk,
                        "extended",
                        Decimal(0),
                    )
                ]
        return [(*customer, "accident" if kind == "accident" else "repair", Decimal(0))]


def split(priced: Priced, payers: Sequence[tuple[str, int | None, str, Decimal]]) -> list[Part]:
    """A line shared among its payers; the last takes the rest, so that no fen is lost."""
    left = [priced.amount, priced.net, priced.cost]
    parts = []
    for n, (payer, party, reason, share) in enumerate(payers):
        if n == len(payers) - 1:
            amount, net, cost = left
        else:
            amount = cents(priced.amount * share)
            net = cents(priced.net * amount / priced.amount) if priced.amount else Decimal(0)
            cost = cents(priced.cost * amount / priced.amount) if priced.amount else Decimal(0)
        left = [left[0] - amount, left[1] - net, left[2] - cost]
        parts.append(Part(payer, party, reason, amount, net, cost))
    return parts
