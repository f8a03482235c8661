"""Writes the past visits as tables: visits, orders, work, settlements, payments and gate passes, with their numbers."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from core.figures import touch_many
from core.models import Counter, Store
from dealer.demo.garage import moment
from dealer.demo.history import Past
from dealer.demo.prices import VAT
from dealer.demo.sheets import Sheet
from finance.models import GatePass, LedgerEntry, Payment, Settlement, SettlementLine
from service.models import Job, Line, Order, Share, Visit

GUARANTEE = (10, 2000)  # days and kilometres of a small repair (rule 13), as the gate would have given them
METHODS = ["wechat", "alipay", "card", "transfer", "cash"]
TERMS = 30  # days that manufacturers, insurers and the store itself have


class Owed(NamedTuple):
    """Whose claim a posting is about."""

    number: str
    payer: str
    party: int | None
    customer: int | None


class Books:
    """The ledger as the verbs of money would have written it."""

    def __init__(self) -> None:
        self.entries = Sheet(
            LedgerEntry,
            *"store_id business_date at posting account debit credit document".split(),
            *"settlement_number payer party_id customer_id".split(),
        )

    def post(self, store: Store, at: datetime, document: str, owed: Owed, **sides: Decimal) -> None:
        """One posting: what is above zero is a debit, what is below a credit."""
        posting = uuid5(NAMESPACE_OID, document)
        for account, amount in sides.items():
            if amount:
                sums = max(amount, Decimal(0)), max(-amount, Decimal(0))
                self.entries.add(store.pk, at.date(), at, posting, account, *sums, document, *owed)


class Numbers:
    """Document numbers in the order of time, and the counters to go on from."""

    def __init__(self) -> None:
        self.last: dict[tuple[int, str, str], int] = defaultdict(int)

    def next(self, store: Store, kind: str, day: date) -> str:
        """The next number of a store for a kind of document in a month."""
        month = f"{day:%y%m}"
        self.last[store.pk, kind, month] = last = self.last[store.pk, kind, month] + 1
        return f"{store.code}-{kind}-{month}-{last:05d}"

    def write(self) -> None:
        """Set the counters, so that the next number given out goes on from here."""
        Counter.objects.bulk_create(
            Counter(store_id=store, kind=kind, month=month, last=last)
            for (store, kind, month), last in self.last.items()
        )


def write(pasts: list[Past], today: date, rng: Random) -> int:
    """Write visits, orders, settlements, payments and gate passes; say how many rows that was."""
    numbers = Numbers()
    rows = _write_visits(pasts)
    rows += _write_orders(pasts, numbers)
    rows += _write_work(pasts, rng)
    rows += _write_money(pasts, numbers, today, rng)
    numbers.write()
    days = {
        (past.store.pk, past.times[name].date()) for past in pasts for name in ("arrived", "ready", "settled", "left")
    }
    touch_many(days)
    return rows


def _write_visits(pasts: list[Past]) -> int:
    sheet = Sheet(
        Visit,
        *"store_id vehicle_id customer_id driver_name driver_phone advisor_id status exit exit_reason kind".split(),
        *"waits mileage arrived_at arrived_on received_at promised_first promised_at ready_at told_at".split(),
        *"explained_at settled_at cleared_at handed_over_at left_at left_on satisfaction version".split(),
    )
    for past in pasts:
        t = past.times
        past.pk = sheet.add(
            past.store.pk,
            past.car.pk,
            past.car.owner.pk,
            *past.driver,
            past.advisor,
            "left",
            "declined" if past.declined else "served",
            past.declined,
            past.kind,
            past.waits,
            past.mileage,
            t["arrived"],
            past.day,
            t["received"],
            t["first"],
            t["promised"],
            t["ready"],
            t.get("told"),
            None if past.declined else t["settled"] - timedelta(minutes=2),
            t["settled"],
            t["paid"],
            t["handed_over"],
            t["left"],
            past.left_on,
            past.satisfaction,
            6,
        )
    return sheet.write()


def _write_orders(pasts: list[Past], numbers: Numbers) -> int:
    sheet = Sheet(Order, *"store_id visit_id number opened_at opened_on oem_number status amount version".split())
    for past in sorted(pasts, key=lambda one: one.times["received"]):
        charged = [i for t in past.tasks for i in t.items if i.consent == "authorised"]
        by_maker = any(part.payer == "manufacturer" for item in charged for part in item.parts)
        opened = past.times["received"]
        past.order = sheet.add(
            past.store.pk,
            past.pk,
            numbers.next(past.store, "RO", opened.date()),
            opened,
            opened.date(),
            f"WC{opened:%y%m}{past.pk % 100_000:05d}" if by_maker else "",
            "dropped" if past.declined else "closed",
            sum((item.priced.amount for item in charged), Decimal(0)),
            9,
        )
    return sheet.write()


def _write_work(pasts: list[Past], rng: Random) -> int:
    jobs = Sheet(
        Job,
        *"order_id position words kind cause remedy status technician_id dispatched_at started_at finished_at".split(),
        *"checked_at inspector_id check_failures guaranteed_until guaranteed_km".split(),
    )
    lines = Sheet(
        Line,
        *"job_id kind code name quantity unit price amount vat_percent net cost".split(),
        *"consent consent_via consent_by consent_at".split(),
    )
    shares = Sheet(Share, *"line_id payer party_id reason amount".split())
    for past in pasts:
        start, span = past.times["received"], past.times["ready"] - past.times["received"]
        for position, task in enumerate(past.tasks, 1):
            package = task.package
            done: tuple[Any, ...] = ("", "", "dropped", None, None, None, None, None, None, 0, None, None)
            if not past.declined:
                slot = 0.3 + 0.5 * (position - 1) / len(past.tasks)
                stamps = (start + span * 0.2, start + span * slot, start + span * (slot + 0.2), start + span * 0.95)
                guarantee = (past.left_on + timedelta(days=GUARANTEE[0]), past.mileage + GUARANTEE[1])
                worked = (package.cause, package.remedy, "done", task.technician, *stamps)
                done = (*worked, past.inspector, task.failures, *guarantee)
            job = jobs.add(past.order, position, package.words, task.kind, *done)
            via = rng.choices(["signature", "phone", "wechat"], [86, 7, 7])[0]
            for item in task.items:
                p = item.priced
                consent = (item.consent, via, past.driver[0], start + span * 0.12)
                line = lines.add(
                    job, p.kind, p.code, p.name, p.quantity, p.unit, p.price, p.amount, VAT, p.net, p.cost, *consent
                )
                for part in item.parts:
                    shares.add(line, part.payer, part.party, part.reason, part.amount)
                    if item.consent == "authorised":
                        past.piles[part.payer, part.party].append((line, item, part))
                        past.worth += part.net
    return jobs.write() + lines.write() + shares.write()


def _pays_at(payer: str, past: Past, today: date, rng: Random) -> datetime | None:
    """When a payer pays: the customer and the store at once, manufacturers and insurers weeks later, a few not yet."""
    if payer in ("customer", "store"):
        return past.times["paid"]
    if rng.random() < 0.02 and (today - past.day).days < 130:
        return None
    wait = rng.randint(9, 34) if payer == "manufacturer" else rng.randint(5, 27)
    day = past.times["settled"].date() + timedelta(days=wait)
    return moment(day, rng.uniform(600, 1000)) if day < today else None


def _write_money(pasts: list[Past], numbers: Numbers, today: date, rng: Random) -> int:
    settlements = Sheet(
        Settlement,
        *"store_id visit_id number payer party_id amount net cost paid settled_at settled_on".split(),
        *"gross due_on customer_id".split(),
    )
    lines = Sheet(
        SettlementLine,
        *"settlement_id line_id order_id kind reason code name quantity unit price amount net cost".split(),
        "vat_percent",
    )
    books = Books()
    payments = Sheet(Payment, *"store_id settlement_id number method amount at business_date".split())
    passes = Sheet(GatePass, *"store_id visit_id number issued_at used_at".split())
    paid: list[tuple[datetime, Store, int, str, Decimal, Owed]] = []
    for past in sorted(pasts, key=lambda one: one.times["settled"]):
        at, store = past.times["settled"], past.store
        for payer, party in sorted(past.piles, key=lambda one: (one[0] != "customer", one[0], one[1] or 0)):
            pile = past.piles[payer, party]
            amount = sum((part.amount for _line, _item, part in pile), Decimal(0))
            pays_at = _pays_at(payer, past, today, rng) if amount else None
            number = numbers.next(store, "ST", at.date())
            net = sum((part.net for _line, _item, part in pile), Decimal(0))
            customer = past.car.owner.pk if payer == "customer" else None
            settlement = settlements.add(
                store.pk,
                past.pk,
                number,
                payer,
                party,
                amount,
                net,
                sum((part.cost for _line, _item, part in pile), Decimal(0)),
                amount if pays_at else Decimal(0),
                at,
                at.date(),
                amount,
                at.date() + timedelta(days=0 if customer else TERMS),
                customer,
            )
            owed = Owed(number, payer, party, customer)
            books.post(store, at, number, owed, receivable=amount, revenue=-net, vat=net - amount)
            for line, item, part in pile:
                p = item.priced
                lines.add(
                    settlement,
                    line,
                    past.order,
                    p.kind,
                    part.reason,
                    p.code,
                    p.name,
                    p.quantity,
                    p.unit,
                    p.price,
                    part.amount,
                    part.net,
                    part.cost,
                    VAT,
                )
            if pays_at:
                method = rng.choices(METHODS, [46, 22, 18, 10, 4])[0] if payer == "customer" else "transfer"
                paid.append((pays_at, store, settlement, method, amount, owed))
    for at, store, settlement, method, amount, owed in sorted(paid, key=lambda one: (one[0], one[2])):
        number = numbers.next(store, "PM", at.date())
        payments.add(store.pk, settlement, number, method, amount, at, at.date())
        books.post(store, at, number, owed, **{method: amount}, receivable=-amount)
    for past in sorted(pasts, key=lambda one: one.times["passed"]):
        at = past.times["passed"]
        passes.add(past.store.pk, past.pk, numbers.next(past.store, "GP", at.date()), at, past.times["left"])
    return settlements.write() + lines.write() + payments.write() + passes.write() + books.entries.write()
