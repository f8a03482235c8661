"""The stories of the cars on the Saturday, one function a story, and what each must come to."""

import base64
import io
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.timezone import localdate, now

from bench.saturday_desks import Do, Look, Start, Story, Visitor
from bench.saturday_house import House

CENT = Decimal("0.01")
HANDED = dict.fromkeys(("explained", "operation_explained", "old_parts_shown", "car_clean", "belongings_back"), True)
WORK = [("更换前制动片", "labour", "1.5", "380.00"), ("前制动片组", "part", "1", "798.90"),
        ("空调系统清洗", "labour", "0.7", "333.33"), ("雨刮片", "part", "2", "64.50"),
        ("蓄电池", "part", "1", "1099.99"), ("四轮定位", "labour", "1.25", "286.00"),
        ("玻璃水", "other", "0.3", "19.90")]  # fmt: skip


def cents(amount: Decimal) -> Decimal:
    """As a line is rounded."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def signature(dice: random.Random) -> str:
    """A name drawn on the tablet."""
    from PIL import Image, ImageDraw

    drawn = Image.new("RGB", (320, 120), "white")
    points = [(x, 60 + dice.randrange(-40, 40)) for x in range(20, 300, 12)]
    ImageDraw.Draw(drawn).line(points, fill="black", width=3)
    held = io.BytesIO()
    drawn.save(held, "PNG")
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()


@dataclass
class Played:
    """What was played with one car: what its payers owe, and the money that was taken and given back."""

    plate: str
    story: str = ""
    visit: int = 0
    counts: bool = True  # as a car that came in
    ready: bool = False
    owed: Counter[str] = field(default_factory=Counter)  # payer: settled, after what was taken off
    kinds: Counter[str] = field(default_factory=Counter)  # payer:kind of line
    off: Decimal = Decimal(0)
    orders: int = 0
    taken: list[tuple[int, str, Decimal]] = field(default_factory=list)  # cashier, method, amount in or (below 0) out
    paid: Counter[str] = field(default_factory=Counter)  # payer: what was paid on settlements
    deposits: Decimal = Decimal(0)  # left of deposits
    on_account: Decimal = Decimal(0)
    passes: int = 0


class Car:
    """One car of the day; its steps are used by the stories."""

    def __init__(self, house: House, told: dict[str, Any], dice: random.Random) -> None:
        self.house, self.told, self.dice = house, told, dice
        self.played = Played(told["plate"])
        self.order: dict[str, Any] = {}
        self.settled: list[dict[str, Any]] = []

    @property
    def visit(self) -> str:
        return f"visits/{self.played.visit}"

    # Coming in

    def arrive(self) -> Story:
        """At the gate: a known car by its plate, a new one with its customer."""
        body = {"store": self.house.store, "plate": self.told["plate"]}
        if not self.told.get("is_known"):
            body |= {"customer_name": self.told["name"], "phone": self.told["phone"], "brand": "奥迪", "model": "A4L"}
        visit = yield Do("greeter", "visits/", body)
        self.played.visit = visit["id"]
        if self.dice.random() < 0.5:
            yield Do("greeter", f"{self.visit}/greet/")
        return ""

    def receive(self, *words: str, **more: Any) -> Story:
        """At the counter."""
        jobs = [{"words": word, "kind": more.pop("kind", "repair")} for word in words or ("刹车异响",)]
        body = {"promised_at": _in(hours=4), "jobs": jobs, "mileage": self.dice.randrange(500, 180_000)} | more
        visit = yield Do("advisor", f"{self.visit}/receive/", body)
        yield from self.look()
        self.played.orders = len(visit["orders"])
        return ""

    def look(self) -> Story:
        """The order with its jobs and lines, as an advisor opens it."""
        if not self.order:
            found = yield Look("advisor", f"{self.visit}/")
            self.order = {"id": found["orders"][0]["id"]}
        self.order = yield Look("advisor", f"orders/{self.order['id']}/")
        return ""

    def job(self, n: int = -1) -> dict[str, Any]:
        return self.order["jobs"][n]

    def estimate(self, job: int, count: int, **payer: Any) -> Story:
        """Lines of a job; answers with what they come to."""
        lines = []
        total = Decimal(0)
        for name, kind, quantity, price in self.dice.sample(WORK, count):
            base = {"kind": kind, "name": name, "quantity": quantity, "price": price, "cost": "10.00", "code": ""}
            lines.append(base | {"unit": "", "payer": "customer", "reason": "repair"} | payer)
            total += cents(Decimal(quantity) * Decimal(price))
        yield Do("advisor", f"jobs/{job}/add-lines/", {"lines": lines})
        yield from self.look()
        return str(total)

    def authorise(self, via: str = "signature", **other: str) -> Story:
        """The customer's answer: agreed, but for lines (by id) that are answered otherwise."""
        asked = [line for job in self.order["jobs"] for line in job["lines"] if line["consent"] == "asked"]
        answers = [{"line": line["id"], "answer": other.get(f"line{line['id']}", "authorised")} for line in asked]
        body = {"answers": answers, "via": via, "consent_by": self.told["name"]}
        if via == "signature":
            body["signature"] = signature(self.dice)
        yield Do("advisor", f"orders/{self.order['id']}/authorise/", body)
        yield from self.look()
        return ""

    # The workshop

    def work(self, job: int, *, fails: int = 0, found: Any = None, held: str = "") -> Story:
        """Dispatched, started, finished, checked; what is found on the way asks its own consent."""
        crew = self.house.people["technician"]
        technician = self.dice.choice(crew).pk
        yield Do("controller", f"jobs/{job}/dispatch/", {"technician": technician})
        if held:
            row = yield Do("controller", f"jobs/{job}/hold/", {"kind": held, "expected_at": _in(hours=1)})
            hold = next(one for one in row["holds"] if one["kind"] == held and not one["ended_at"])
            yield Do("controller", f"holds/{hold['id']}/resume/")
        yield Do("technician", f"jobs/{job}/start/", person=technician)
        if found:
            yield from found
        for n in range(fails + 1):
            done = {"cause": "磨损", "remedy": "更换"}
            yield Do("technician", f"jobs/{job}/finish/", done, person=technician)
            checked = {"passed": n == fails, "remark": "" if n == fails else "异响还在"}
            yield Do("inspector", f"jobs/{job}/check/", checked)
        return ""

    def extra(self, *, put_off: bool) -> Story:
        """Extra work is found while the car is on the lift; a part of it is put off by phone."""
        yield Do(
            "advisor",
            f"orders/{self.order['id']}/add-job/",
            {"words": "轮胎磨损", "kind": "repair", "trade": "mechanic"},
        )
        yield from self.look()
        job = self.job()["id"]
        yield from self.estimate(job, 2)
        lines = self.job()["lines"]
        other = {f"line{lines[0]['id']}": self.dice.choice(("deferred", "declined"))} if put_off else {}
        yield from self.authorise("phone", **other)
        self.tally(self.job())
        yield from self.work(job)
        return ""

    def road_test(self) -> Story:
        """Out and back with an inspector while the visit stays open."""
        body = {"kind": "road_test", "driver_name": "inspector", "expected_at": _in(minutes=30)}
        one = yield Do("inspector", f"{self.visit}/test-pass/", body)
        yield Do("guard", f"gate-passes/{one['id']}/let-out/", {"plate_seen": "0000Z"}, expected=(400,))
        yield Do("guard", f"gate-passes/{one['id']}/let-out/", {"plate_seen": self.told["plate"][-4:]})
        yield Do("guard", f"gate-passes/{one['id']}/note-back/", {})
        self.played.passes += 1
        return ""

    # What it comes to

    def tally(
        self, *jobs: dict[str, Any], shares: Callable[[dict[str, Any]], dict[str, Decimal]] | None = None
    ) -> None:
        """Add what the lines that were agreed to come to, worked out from quantity and price, by payer and kind."""
        for job in jobs or self.order["jobs"]:
            for line in job["lines"]:
                if line["consent"] != "authorised":
                    continue
                amount = cents(Decimal(line["quantity"]) * Decimal(line["price"]))
                split = shares(line) if shares else {line["shares"][0]["payer"]: amount}
                for payer, part in split.items():
                    self.played.owed[payer] += part
                    self.played.kinds[f"{payer}:{line['kind']}"] += part

    def ready(self, *, wash: bool = False) -> Story:
        if wash:
            yield Do("inspector", f"{self.visit}/wash/", {"done": True})
        yield Do("advisor", f"{self.visit}/ready/", {"channel": self.dice.choice(("phone", "wechat"))})
        self.played.ready = True
        yield Do("advisor", f"{self.visit}/explain/", {})
        return ""

    def settle(self, **off: str) -> Story:
        """One list for each payer, and each as it was worked out here."""
        found = yield Do("advisor", f"{self.visit}/settle/", off)
        self.settled = found["settlements"]
        if off:
            self.played.off = Decimal(off.get("discount", "0")) + Decimal(off.get("rounding", "0"))
            self.played.owed["customer"] -= self.played.off
        told = {one["payer"]: Decimal(one["amount"]) for one in self.settled}
        played = {payer: amount for payer, amount in self.played.owed.items() if amount or payer in told}
        if told != played:
            raise AssertionError(f"settled {told}, played {played}")
        return ""

    def own(self) -> dict[str, Any]:
        return next(one for one in self.settled if one["payer"] == "customer")

    def pay(self, amount: Decimal | None = None, method: str = "", **more: Any) -> Story:
        """At the cash desk: what is open, or a part of it."""
        own = self.own()
        amount = Decimal(own["amount"]) - self.played.paid["customer"] if amount is None else amount
        method = method or self.dice.choice(("cash", "card", "wechat", "alipay", "transfer"))
        body = {"amount": str(amount), "method": method} | more
        found = yield Do("cashier", f"settlements/{own['id']}/pay/", body)
        for means in [body, *more.get("more", [])]:
            part = Decimal(means["amount"])
            self.played.paid["customer"] += part
            if means["method"] == "deposit":
                self.played.deposits -= part
            elif means["method"] == "account":
                self.played.on_account += part
            else:
                self.played.taken.append((found["by"], means["method"], part))
        if Decimal(found["paid"]) != self.played.paid["customer"]:
            raise AssertionError(f"paid {found['paid']}, played {self.played.paid['customer']}")
        return ""

    def deposit(self, amount: str) -> Story:
        body = {"amount": amount, "method": "cash", "reason": "订件"}
        found = yield Do("cashier", f"{self.visit}/take-deposit/", body)
        self.played.deposits += Decimal(amount)
        self.played.taken.append((found["by"], "cash", Decimal(amount)))
        return ""

    # Out of the gate

    def leave(self) -> Story:
        """Handed over, passed, out; the guard first mistypes the plate now and then."""
        yield Do("advisor", f"{self.visit}/hand-over/", HANDED)
        one = yield Do("cashier", f"{self.visit}/gate-pass/")
        if self.dice.random() < 0.3:
            yield Do("guard", f"gate-passes/{one['id']}/let-out/", {"plate_seen": "9999Q"}, expected=(400,))
        yield Do("guard", f"gate-passes/{one['id']}/let-out/", {"plate_seen": self.told["plate"][-4:].lower()})
        self.played.passes += 1
        return "left"


def _in(**span: float) -> str:
    return (now() + timedelta(**span)).isoformat()


# The stories: one car each


def quick(car: Car) -> Story:
    """快修: one screen, one signature, the menu's price."""
    code = car.dice.choice(sorted(car.house.menus))
    body = {"store": car.house.store, "plate": car.told["plate"], "menus": [car.house.menus[code]], "mileage": 60_000}
    body |= {"promised_at": _in(hours=1), "consent_by": car.told["name"], "signed_on_paper": True, "waits": True}
    if not car.told.get("is_known"):
        body |= {"customer_name": car.told["name"], "phone": car.told["phone"], "brand": "奥迪", "model": "A4L"}
    visit = yield Do("advisor", "visits/quick/", body)
    car.played.visit, car.played.orders = visit["id"], 1
    yield from car.look()
    for line in (line for job in car.order["jobs"] for line in job["lines"]):
        car.played.kinds[f"customer:{line['kind']}"] += Decimal(line["amount"])
    car.played.owed["customer"] = car.house.menu_prices[code]
    yield from car.work(car.job()["id"])
    return (yield from _out(car))


def _out(car: Car, *, wash: bool = False, **off: str) -> Story:
    """From ready to the gate out, paid at once."""
    yield from car.ready(wash=wash)
    yield from car.settle(**off)
    yield from car.pay()
    return (yield from car.leave())


def _in_work(car: Car, count: int = 2, **more: Any) -> Story:
    yield from car.arrive()
    yield from car.receive(**more)
    yield from car.estimate(car.job()["id"], count)
    yield from car.authorise()
    return ""


def plain(car: Car) -> Story:
    """A repair as most are, with a wash."""
    yield from _in_work(car, 3, wants_wash=True)
    car.tally()
    yield from car.work(car.job()["id"])
    return (yield from _out(car, wash=True))


def extra_and_rework(car: Car) -> Story:
    """Extra work is found and half of it put off; the check is failed twice before it is passed."""
    yield from _in_work(car)
    car.tally()
    yield from car.work(car.job()["id"], fails=2, found=car.extra(put_off=True))
    return (yield from _out(car))


def warranty(car: Car) -> Story:
    """One job on the manufacturer, one on the customer; the gate looks at the customer's share only."""
    yield from car.arrive()
    yield from car.receive("车机黑屏", "保养")
    first, second = car.order["jobs"]
    party = {"payer": "manufacturer", "party": car.house.parties["manufacturer"], "reason": "warranty"}
    yield from car.estimate(first["id"], 2, **party)
    yield from car.estimate(second["id"], 2)
    yield from car.authorise()
    car.tally()
    for job in car.order["jobs"]:
        yield from car.work(job["id"])
    return (yield from _out(car))


def accident(car: Car) -> Story:
    """The insurer pays what was assessed, the customer the difference."""
    yield from car.arrive()
    yield from car.receive("右前碰撞", kind="accident")
    job = car.job()["id"]
    total = Decimal((yield from car.estimate(job, 3)))
    assessed = cents(total * 2 / 3)
    yield Do("advisor", f"jobs/{job}/assess/", {"insurer": car.house.parties["insurer"], "amount": str(assessed)})
    yield from car.look()
    yield from car.authorise()
    _tally_as_shared(car)
    if car.played.owed["insurer"] != assessed or car.played.owed["customer"] != total - assessed:
        raise AssertionError(f"{car.played.owed} of {total}, assessed {assessed}")
    yield from car.work(job, held="assessment")
    return (yield from _out(car))


def _tally_as_shared(car: Car) -> None:
    """What was split adds up line by line; how it is split in the line the house has said."""

    def split(line: dict[str, Any]) -> dict[str, Decimal]:
        parts: Counter[str] = Counter()
        for share in line["shares"]:
            parts[share["payer"]] += Decimal(share["amount"])
        if sum(parts.values()) != cents(Decimal(line["quantity"]) * Decimal(line["price"])):
            raise AssertionError(f"shares {parts} of {line['amount']}")
        return dict(parts)

    car.tally(shares=split)


def goodwill(car: Car) -> Story:
    """Half of it is the manufacturer's goodwill; the parts have to be waited for."""
    yield from car.arrive()
    yield from car.receive()
    job = car.job()["id"]
    yield from car.estimate(job, 3)
    half = {"payer": "manufacturer", "party": car.house.parties["manufacturer"], "reason": "goodwill", "percent": "50"}
    rest = {"payer": "customer", "party": None, "reason": "repair"}
    yield Do("advisor", f"jobs/{job}/share/", {"shares": [half, rest]})
    yield from car.look()
    yield from car.authorise()
    _tally_as_shared(car)
    yield from car.work(job, held="parts")
    return (yield from _out(car))


def discount(car: Car) -> Story:
    """A discount and a rounding within the advisor's authority."""
    yield from _in_work(car, 3)
    car.tally()
    yield from car.work(car.job()["id"])
    small = cents(car.played.owed["customer"] * Decimal("0.03"))
    return (yield from _out(car, discount=str(small), rounding="0.07", discount_reason="老客户"))


def approved_discount(car: Car) -> Story:
    """A discount beyond it: refused, asked for, granted by the manager, taken."""
    yield from _in_work(car, 3)
    car.tally()
    yield from car.work(car.job()["id"])
    yield from car.ready()
    large = cents(car.played.owed["customer"] * Decimal("0.12"))
    off = {"discount": str(large), "discount_reason": "投诉补偿"}
    asked = yield Do("advisor", f"{car.visit}/ask-discount/", off)
    yield Do("advisor", f"{car.visit}/settle/", off, expected=(400, 409), person=asked["by"])
    yield Do("service_manager", f"approvals/{asked['id']}/decide/", {"granted": True, "reason": "同意"})
    yield from car.settle(**off)
    yield from car.pay()
    return (yield from car.leave())


def deposit_and_parts(car: Car) -> Story:
    """A deposit for parts, then the bill in three goes by several means."""
    yield from car.arrive()
    yield from car.receive()
    yield from car.deposit("200.00")
    yield from car.estimate(car.job()["id"], 3)
    yield from car.authorise("paper")
    car.tally()
    yield from car.work(car.job()["id"], held="parts")
    yield from car.ready()
    yield from car.settle()
    whole = car.played.owed["customer"]
    yield from car.pay(min(Decimal("200.00"), whole), "deposit")
    rest = whole - car.played.paid["customer"]
    if rest > 1:
        third = cents(rest / 3)
        yield from car.pay(third, "cash", more=[{"amount": str(third), "method": "wechat"}])
    if whole > car.played.paid["customer"]:
        yield from car.pay()
    return (yield from car.leave())


def refusal(car: Car) -> Story:
    """The customer pays a part and refuses the rest; the manager lets the car go on credit."""
    yield from _in_work(car, 3)
    car.tally()
    yield from car.work(car.job()["id"])
    yield from car.ready()
    yield from car.settle()
    yield from car.pay(Decimal("50.00"), "cash")
    own = car.own()["id"]
    refused = yield Do("advisor", f"settlements/{own}/refuse-payment/", {"reason": "对工时有异议"})
    due = (localdate() + timedelta(days=30)).isoformat()
    yield Do("service_manager", f"settlements/{own}/release/", {"due_on": due, "reason": "老客户"})
    assert refused["id"] == own
    return (yield from car.leave())


def reversal(car: Car) -> Story:
    """Settled, paid, and found to be wrong: reversed with its payment, settled again with a discount."""
    yield from _in_work(car)
    car.tally()
    yield from car.work(car.job()["id"])
    yield from car.ready()
    yield from car.settle()
    yield from car.pay(None, "card")
    own = car.own()
    back = yield Do("finance_manager", f"settlements/{own['id']}/reverse/", {"reason": "折扣漏记", "refund": True})
    car.played.taken.append((back["by"], "card", -car.played.paid["customer"]))
    car.played.paid.clear()
    yield from car.settle(discount="5.00", discount_reason="老客户")
    yield from car.pay()
    return (yield from car.leave())


def wrong_means(car: Car) -> Story:
    """Paid by the wrong card: given back by a counter-entry, the gate is shut meanwhile, paid in cash."""
    yield from _in_work(car)
    car.tally()
    yield from car.work(car.job()["id"])
    yield from car.ready()
    yield from car.settle()
    yield from car.pay(None, "card")
    row = yield Look("cashier", f"settlements/{car.own()['id']}/")
    amount = car.played.paid["customer"]
    back = yield Do("cashier", f"payments/{row['payments'][0]['id']}/refund/", {"reason": "刷错卡"})
    car.played.taken.append((back["by"], "card", -amount))
    car.played.paid.clear()
    yield Do("advisor", f"{car.visit}/hand-over/", HANDED)
    yield Do("cashier", f"{car.visit}/gate-pass/", expected=(409,))
    yield from car.pay(None, "cash")
    one = yield Do("cashier", f"{car.visit}/gate-pass/")
    yield Do("guard", f"gate-passes/{one['id']}/let-out/", {"plate_seen": car.told["plate"]})
    car.played.passes += 1
    return "left"


def road_test(car: Car) -> Story:
    """A road test before the check."""
    yield from _in_work(car)
    car.tally()
    yield from car.work(car.job()["id"], found=car.road_test())
    return (yield from _out(car))


def link(car: Car) -> Story:
    """The customer answers on the phone by a link, without an account."""
    yield from car.arrive()
    yield from car.receive()
    yield from car.estimate(car.job()["id"], 3)
    body = {"to": "driver", "channel": "wechat", "hours": 24}
    sent = yield Do("advisor", f"orders/{car.order['id']}/send-link/", body)
    status = yield Visitor(lambda port: _answer(port, sent["address"], car.told["name"]))
    if status != 302:
        raise AssertionError(f"the customer's answer was refused: {status}")
    yield from car.look()
    car.tally()
    yield from car.work(car.job()["id"])
    return (yield from _out(car))


def _answer(port: int, address: str, name: str) -> int:
    """The page as the customer sees it, every line agreed to, and sent."""
    from tests.hard.pages import form_at
    from tests.hard.web import Program

    path = "/" + re.sub(r"^https?://[^/]+/", "", address)
    browser = Program(port)
    page = browser.visit(path)
    form = form_at(page.body.decode(), path)
    if form is None:
        raise AssertionError(f"{path}: {page.status}, no form to answer by")
    fields = {key: value for key, value in form.fields if key != "csrfmiddlewaretoken"} | {"name": name, "step": "send"}
    for key in list(fields):
        if key.startswith("answers-") and key.endswith("-line"):
            fields[key.removesuffix("line") + "answer"] = "authorised"
    status = browser.submit(path, fields).status
    browser.close()
    return status


def declined(car: Car) -> Story:
    """The price is too high: the car goes without the work, and nothing is charged."""
    yield from car.arrive()
    yield from car.receive()
    yield from car.estimate(car.job()["id"], 2)
    yield Do("advisor", f"{car.visit}/exit/", {"exit": "declined", "reason": "价格高"})
    yield Do("advisor", f"{car.visit}/settle/", {})
    return (yield from car.leave())


def cancelled(car: Car) -> Story:
    """Turns round at the counter: no visit that counts."""
    yield from car.arrive()
    yield Do("advisor", f"{car.visit}/exit/", {"exit": "cancelled", "reason": "改天再来"})
    car.played.counts = False
    yield Do("advisor", f"{car.visit}/settle/", {})
    return (yield from car.leave())


def taken_away(car: Car) -> Story:
    """Two jobs, one is done; the customer cannot wait for the other and pays for what is done."""
    yield from car.arrive()
    yield from car.receive("刹车异响", "空调不凉")
    first, second = car.order["jobs"]
    yield from car.estimate(first["id"], 2)
    yield from car.estimate(second["id"], 2)
    yield from car.authorise()
    car.tally(car.job(0))
    yield from car.work(first["id"])
    yield Do("advisor", f"{car.visit}/exit/", {"exit": "taken_away", "reason": "等不及"})
    yield Do("advisor", f"{car.visit}/explain/", {})
    yield from car.settle()
    yield from car.pay()
    return (yield from car.leave())


def stays(car: Car) -> Story:
    """Waits for its parts over Sunday."""
    yield from _in_work(car)
    job = car.job()["id"]
    technician = car.house.people["technician"][0].pk
    yield Do("controller", f"jobs/{job}/dispatch/", {"technician": technician})
    yield Do("controller", f"jobs/{job}/hold/", {"kind": "parts", "expected_at": _in(days=2)})
    car.played.orders = 0
    return "received"


def on_account(car: Car) -> Story:
    """A car of the fleet: on the firm's credit account."""
    yield from car.receive(kind="maintenance")
    yield from car.estimate(car.job()["id"], 2)
    yield from car.authorise("paper")
    car.tally()
    yield from car.work(car.job()["id"])
    yield from car.ready()
    yield from car.settle()
    yield from car.pay(None, "account")
    return (yield from car.leave())


def fleet(house: House, cars: list[Car]) -> Story:
    """Four cars of one firm come together."""
    body = {"store": house.store, "customer": house.fleet["customer"], "cars": []}
    for car in cars:
        body["cars"].append({"plate": car.told["plate"], "vin": "", "brand": "大众", "model": "途观"})
    found = yield Do("advisor", "visits/arrive-fleet/", body)
    if len(found["visits"]) != len(cars) or found["refused"]:
        raise AssertionError(f"the fleet was not let in: {found['refused']}")
    by_plate = {one["vehicle"]["name"]: one["id"] for one in found["visits"]}
    for car in cars:
        car.played.visit = by_plate[car.told["plate"]]
    yield Start([(car.told["plate"], on_account(car)) for car in cars])
    return "fleet"


# as often as they come on a Saturday
STORIES = [quick, plain, extra_and_rework, warranty, deposit_and_parts, refusal, road_test, approved_discount,
           accident, quick, discount, goodwill, link, declined, reversal, quick, wrong_means, taken_away, stays,
           cancelled]  # fmt: skip
