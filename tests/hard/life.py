"""The life of orders as random steps: each is tried at any time, and the rules say whether it may be done."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils.timezone import localdate, now
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core import actions as core
from core.models import Approval
from core.rows import Refused, refused_by_database
from finance import actions as finance
from finance.models import CreditAgreement, Deposit, GatePass, Invoice, Payment, Settlement
from service import actions as service
from service.models import Hold, Job, Line, Order, Visit
from tests.conftest import HANDED
from tests.hard.invariants import broken, there
from tests.hard.next_step import next_step

CENT = Decimal("0.01")
PICK = st.integers(0, 7)
CENTS = st.integers(1, 400_000).map(lambda n: Decimal(n) / 100)
# prices and hours that do not divide evenly
PRICES = st.sampled_from([Decimal(text) for text in ("380", "0.01", "33.33", "798.90", "1999.99", "0.07")])
HOURS = st.sampled_from([Decimal(text) for text in ("1", "0.3", "1.5", "2.75", "0.01", "7")])
ANSWERS = st.lists(
    st.sampled_from(["authorised", "authorised", "declined", "deferred", "asked"]), min_size=6, max_size=6
)
METHODS = st.sampled_from(["cash", "card", "wechat", "alipay", "transfer", "deposit", "account"])


def needs(*words: str) -> Any:
    """A step that is tried only where there is something to try it on; whether it may be done the rules say."""
    return precondition(lambda life: bool(life.there.intersection(words)))


class OrderLife(RuleBasedStateMachine):
    """Two stores, a few cars, everybody who has a hand in an order; a run leaves nothing behind."""

    house: Any  # the stores' crews, set by the test
    tried: dict[str, list[int]] = {}  # rule: refused, done

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.before: tuple[dict[Any, Any], ...] = ({}, {}, {})
        self.is_changed, self.there = False, set[str]()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    # How a step is tried

    def attempt(self, action: Callable[..., Any], *rows: Any, **given: Any) -> Any:
        """Do it, or be told no in a sentence; anything else is a mistake of the house."""
        count = self.tried.setdefault(action.__name__, [0, 0])
        try:
            with transaction.atomic():
                result = action(*rows, **given)
        except (Refused, PermissionDenied) as problem:
            assert str(problem), action
            count[0] += 1
            return None
        except DatabaseError as problem:
            assert refused_by_database(problem), problem
            count[0] += 1
            return None
        count[1] += 1
        self.is_changed = True
        return result

    def one(self, rows: Any, pick: int) -> Any:
        """One of the rows that are there, or None."""
        found = list(rows.order_by("pk")[:8])
        return found[pick % len(found)] if found else None

    def by(self, row: Any, role: str) -> Any:
        """Somebody of the row's store."""
        return self.house.by(_store_of(row), role)

    def manager(self, row: Any) -> Any:
        return self.by(row, "general_manager")

    @initialize(steps=st.lists(st.integers(0, 11), min_size=1, max_size=2))
    def open(self, steps: list[int]) -> None:
        """The day has begun: some cars are in already, each somewhere on its way."""
        self.cars = self.house.cars
        for n, count in enumerate(steps):
            self.let_in(n)
            visit = Visit.objects.order_by("pk").last()
            for _n in range(count):
                if visit.status != "left" and next_step(self, visit):
                    visit.refresh_from_db()

    def let_in(self, pick: int) -> None:
        inside = set(Visit.objects.in_store().values_list("vehicle", flat=True))
        # now and then one that is here already
        free = [one for one in self.cars if one[1].pk not in inside or pick == 7] or self.cars
        store, vehicle = free[pick % len(free)]
        by = self.house.by(store, "greeter")
        self.attempt(service.arrive, store=store, plate=vehicle.plate, vin=vehicle.vin, by=by)

    # Coming in

    @needs("room")
    @rule(pick=PICK)
    def arrive(self, pick: int) -> None:
        self.let_in(pick)

    @needs("arrived")
    @rule(pick=PICK, count=st.integers(1, 2), wash=st.booleans())
    def receive(self, pick: int, count: int, wash: bool) -> None:
        visit = self.one(Visit.objects.in_store(), pick)
        if visit:
            jobs = [{"words": f"异响{n}", "kind": "accident" if n else "repair"} for n in range(count)]
            given = {"jobs": jobs, "promised_at": now() + timedelta(hours=3), "mileage": 1000, "wants_wash": wash}
            self.attempt(service.receive, visit, **given, by=self.by(visit, "advisor"))

    # Estimate, payers, answers

    @needs("job")
    @rule(pick=PICK, price=PRICES, hours=HOURS, kind=st.sampled_from(["labour", "part", "other"]), payer=PICK)
    def add_lines(self, pick: int, price: Decimal, hours: Decimal, kind: str, payer: int) -> None:
        job = self.one(Job.objects.exclude(order__visit__status="left"), pick)
        if job:
            who = ("customer", None) if payer < 5 else ("manufacturer", self.house.parties["manufacturer"])
            line = {"kind": kind, "name": "项目", "quantity": hours, "price": price, "payer": who[0], "party": who[1]}
            more = {"code": "", "unit": "", "reason": "repair", "cost": price / 2}
            self.attempt(service.add_lines, job, lines=[line | more], by=self.by(job.order, "advisor"))

    @needs("received")
    @rule(pick=PICK, words=st.sampled_from(["雨刮", "空调"]))
    def add_job(self, pick: int, words: str) -> None:
        """Extra work is found."""
        order = self.one(Order.objects.open(), pick)
        if order:
            self.attempt(service.add_job, order, words=words, kind="repair", by=self.by(order, "advisor"))

    @needs("asked")
    @rule(pick=PICK)
    def remove_line(self, pick: int) -> None:
        line = self.one(Line.objects.filter(consent="asked"), pick)
        if line:
            self.attempt(service.remove_line, line, by=self.by(line.job.order, "advisor"))

    @needs("line")
    @rule(pick=PICK, parts=st.lists(CENTS, max_size=2), kinds=st.permutations(["customer", "manufacturer", "insurer"]))
    def share_line(self, pick: int, parts: list[Decimal], kinds: list[str]) -> None:
        line = self.one(Line.objects.filter(consent__in=["asked", "authorised"]), pick)
        if line:
            amounts = [min(part, (line.amount / 3).quantize(CENT)) for part in parts] + [None]
            shares = [self._share(kind, amount) for kind, amount in zip(kinds, amounts, strict=False)]
            self.attempt(service.share_line, line, shares=shares, by=self.by(line.job.order, "advisor"))

    @needs("job")
    @rule(
        pick=PICK, percent=st.sampled_from(["33.33", "50", "10", "99.99"]), kind=st.sampled_from(["insurer", "store"])
    )
    def share_job(self, pick: int, percent: str, kind: str) -> None:
        job = self.one(Job.objects.exclude(status="dropped"), pick)
        if job:
            first = self._share(kind, None) | {"percent": Decimal(percent)}
            shares = [first, self._share("customer", None) | {"percent": None}]
            self.attempt(service.share_job, job, shares=shares, by=self.by(job.order, "advisor"))

    def _share(self, kind: str, amount: Decimal | None) -> dict[str, Any]:
        reason = "goodwill" if kind == "store" else "repair"
        return {"payer": kind, "party": self.house.parties.get(kind), "reason": reason, "amount": amount}

    @needs("answer")
    @rule(pick=PICK, answers=ANSWERS, via=st.sampled_from(["signature", "phone", "paper"]))
    def authorise(self, pick: int, answers: list[str], via: str) -> None:
        order = self.one(
            Order.objects.filter(jobs__lines__consent__in=["asked", "declined", "deferred"]).distinct(), pick
        )
        if order:
            lines = Line.objects.filter(job__order=order, consent__in=["asked", "declined", "deferred"]).order_by("pk")
            told = [{"line": line.pk, "answer": answer} for line, answer in zip(lines, answers, strict=False)]
            self.attempt(service.authorise, order, answers=told, via=via, consent_by="刘", by=self.by(order, "advisor"))

    # The workshop

    @needs("job")
    @rule(pick=PICK, other=st.booleans())
    def dispatch(self, pick: int, other: bool) -> None:
        job = self.one(Job.objects.exclude(status__in=["done", "dropped"]), pick)
        if job:
            technician = self.house.person(job.order.store, "technician2" if other else "technician")
            self.attempt(service.dispatch, job, technician=technician, by=self.by(job.order, "controller"))

    @needs("work")
    @rule(pick=PICK, what=st.sampled_from(["start", "finish", "start", "finish", "hold"]))
    def work(self, pick: int, what: str) -> None:
        job = self.one(Job.objects.exclude(status__in=["done", "dropped"]), pick)
        if job is None:
            return
        by = self.by(job.order, "controller")
        if what == "start":
            self.attempt(service.start, job, by=by)
        elif what == "finish":
            self.attempt(service.finish, job, cause="磨损", remedy="更换", by=by)
        else:
            self.attempt(service.hold, job, kind="parts", by=by)

    @needs("held")
    @rule(pick=PICK)
    def resume(self, pick: int) -> None:
        held = self.one(Hold.objects.open(), pick)
        if held:
            self.attempt(service.resume, held, by=self.by(held.job.order, "controller"))

    @needs("checking")
    @rule(pick=PICK, passed=st.sampled_from([True, True, False]))
    def check(self, pick: int, passed: bool) -> None:
        """The check is passed, or the job goes back and counts."""
        job = self.one(Job.objects.to_check(), pick)
        if job:
            failures = job.check_failures
            given = {"passed": passed, "remark": "" if passed else "异响还在"}
            if self.attempt(service.check, job, **given, by=self.by(job.order, "inspector")):
                job.refresh_from_db()
                assert job.check_failures == failures + (not passed)

    # Ready, explained, settled

    @needs("in_store")
    @rule(pick=PICK, what=st.sampled_from(["wash", "ready", "explain", "ready", "explain", "settle", "hand_over"]))
    def leave(self, pick: int, what: str) -> None:
        visit = self.one(Visit.objects.in_store(), pick)
        if visit is None:
            return
        by = self.by(visit, "advisor")
        if what == "wash":
            self.attempt(service.wash, visit, done=True, by=by)
        elif what == "ready":
            self.attempt(service.ready, visit, channel="phone", by=by)
        elif what == "explain":
            self.attempt(service.explain, visit, by=by)
        elif what == "settle":
            self.attempt(finance.settle, visit, by=by)
        else:
            self.attempt(service.hand_over, visit, **HANDED, by=by)

    @needs("arrived", "received")
    @rule(
        pick=PICK, exit=st.sampled_from(["declined", "taken_away", "cancelled"]), fee=st.sampled_from([None, "80.00"])
    )
    def exit(self, pick: int, exit: str, fee: str | None) -> None:
        visit = self.one(Visit.objects.filter(status__in=["arrived", "received"]), pick)
        if visit and pick < 3:  # now and then
            more = {"diagnosis_fee": Decimal(fee), "via": "phone", "consent_by": "刘"} if fee else {}
            self.attempt(service.exit_visit, visit, exit=exit, reason="等不及", **more, by=self.by(visit, "advisor"))

    @needs("unsettled")
    @rule(pick=PICK, discount=st.sampled_from(["0", "0.01", "5", "300"]), rounding=st.sampled_from(["0", "0.07", "9"]))
    def settle_with_discount(self, pick: int, discount: str, rounding: str) -> None:
        visit = self.one(Visit.objects.filter(status="ready", settled_at=None), pick)
        if visit:
            off = {"discount": Decimal(discount), "rounding": Decimal(rounding), "discount_reason": "老客户"}
            by = self.by(visit, "advisor")
            if self.attempt(finance.settle, visit, **off, by=by) is None:
                asked = self.attempt(finance.ask_discount, visit, **off, by=by)
                if (
                    asked
                    and pick % 2
                    and self.attempt(core.decide, asked, granted=True, reason="可以", by=self.manager(visit))
                ):
                    self.attempt(finance.settle, visit, **off, by=by)

    @needs("approval")
    @rule(pick=PICK, granted=st.sampled_from([True, True, False]))
    def decide(self, pick: int, granted: bool) -> None:
        asked = self.one(Approval.objects.open(), pick)
        if asked:
            self.attempt(core.decide, asked, granted=granted, reason="看过", by=self.manager(asked))

    # Money

    @needs("to_pay")
    @rule(pick=PICK, part=st.sampled_from([1, 1, 2, 3, 7]), method=METHODS, wrong=st.booleans())
    def pay(self, pick: int, part: int, method: str, wrong: bool) -> None:
        settlement = self.one(Settlement.objects.to_pay() if not wrong else Settlement.objects.all(), pick)
        if settlement:
            amount = max((settlement.due / part).quantize(Decimal("0.01")), Decimal("0.01"))
            more = {"amount": amount + (Decimal("0.01") if wrong else 0), "method": method}
            self.attempt(finance.pay, settlement, **more, by=self.by(settlement, "cashier"))

    @needs("payment")
    @rule(pick=PICK)
    def refund(self, pick: int) -> None:
        payment = self.one(Payment.objects.filter(refunds_number=None), pick)
        if payment:
            self.attempt(finance.refund, payment, reason="刷错了", by=self.by(payment, "finance_manager"))

    @needs("in_store")
    @rule(pick=PICK, amount=CENTS, method=st.sampled_from(["cash", "wechat", "deposit"]))
    def take_deposit(self, pick: int, amount: Decimal, method: str) -> None:
        visit = self.one(Visit.objects.in_store(), pick)
        if visit:
            given = {"amount": amount, "method": method, "reason": "订件"}
            if pick % 2:
                self.attempt(finance.take_visit_deposit, visit, **given, by=self.by(visit, "cashier"))
            else:
                given |= {"store": visit.store}
                self.attempt(finance.take_deposit, visit.customer, **given, by=self.by(visit, "cashier"))

    @needs("deposit")
    @rule(pick=PICK, amount=CENTS)
    def return_deposit(self, pick: int, amount: Decimal) -> None:
        deposit = self.one(Deposit.objects.all(), pick)
        if deposit:
            amount = min(amount, max(deposit.rest, Decimal("0.01")))
            given = {"amount": amount, "method": "cash", "reason": "不要了"}
            self.attempt(finance.return_deposit, deposit, **given, by=self.by(deposit, "cashier"))

    @needs("standing")
    @rule(pick=PICK, refund=st.booleans())
    def reverse_settlement(self, pick: int, refund: bool) -> None:
        settlement = self.one(Settlement.objects.standing(), pick)
        if settlement:
            given = {"reason": "开错了", "refund": refund}
            self.attempt(finance.reverse_settlement, settlement, **given, by=self.by(settlement, "finance_manager"))

    @needs("to_pay")
    @rule(pick=PICK, what=st.sampled_from(["refuse", "release", "let_go", "write_off"]), amount=CENTS)
    def refuse(self, pick: int, what: str, amount: Decimal) -> None:
        """The customer does not pay; a manager decides."""
        settlement = self.one(Settlement.objects.to_pay(), pick)
        if settlement is None:
            return
        day = localdate() + timedelta(days=30)
        by, manager = self.by(settlement, "advisor"), self.by(settlement, "service_manager")
        if what == "refuse":
            self.attempt(finance.refuse_payment, settlement, reason="太贵", by=by)
            asked = Approval.objects.open().filter(kind="settlement", object_id=settlement.pk).first()
            if asked and pick % 2:
                self.attempt(core.decide, asked, granted=True, reason="下次付", by=self.manager(asked))
                self.attempt(finance.let_go, settlement, due_on=day, by=by)
        elif what == "release":
            self.attempt(finance.release, settlement, reason="老客户", due_on=day, by=manager)
        elif what == "let_go":
            self.attempt(finance.let_go, settlement, due_on=day, by=by)
        else:
            self.attempt(finance.write_off, settlement, amount=min(amount, settlement.due), reason="零头", by=manager)

    @needs("owed")
    @rule(pick=PICK, amount=CENTS)
    def pay_account(self, pick: int, amount: Decimal) -> None:
        agreement = self.one(CreditAgreement.objects.all(), pick)
        if agreement:
            store = self.cars[0][0]
            given = {"store": store, "amount": min(amount, agreement.balance or amount), "method": "transfer"}
            self.attempt(finance.pay_account, agreement, **given, by=self.house.by(store, "cashier"))

    @needs("standing")
    @rule(pick=PICK, kind=st.sampled_from(["ordinary", "special"]))
    def invoice(self, pick: int, kind: str) -> None:
        settlement, by = self.one(Settlement.objects.all(), pick), None
        if settlement:
            by = self.by(settlement, "cashier")
            given = {"kind": kind, "title": "公司", "tax_number": "91310000MA1K35K88X", "email": ""}
            self.attempt(finance.ask_invoice, settlement, **given, by=by)
        asked = self.one(Invoice.objects.to_issue(), pick)
        if asked and pick % 2:
            number = f"{Invoice.objects.count():08}{asked.pk}"
            self.attempt(
                finance.issue_invoice, asked, number=number, issued_on=date.today(), by=self.by(asked, "cashier")
            )

    # The gate

    @needs("in_store")
    @rule(pick=PICK, test=st.booleans())
    def issue_pass(self, pick: int, test: bool) -> None:
        visit = self.one(Visit.objects.in_store(), pick)
        if visit and test:
            given = {"kind": "road_test", "driver_name": "李", "expected_at": now() + timedelta(minutes=30)}
            self.attempt(finance.issue_test_pass, visit, **given, by=self.by(visit, "inspector"))
        elif visit:
            self.attempt(finance.issue_gate_pass, visit, by=self.by(visit, "cashier"))

    @needs("pass")
    @rule(pick=PICK, plate=st.sampled_from([True, True, True, False]))
    def let_out(self, pick: int, plate: bool) -> None:
        gate_pass = self.one(GatePass.objects.waiting(), pick) or self.one(GatePass.objects.all(), pick)
        if gate_pass:
            seen = gate_pass.worn[-4:] if plate else "ZZZZ"
            done = self.attempt(finance.let_out, gate_pass, plate_seen=seen, by=self.by(gate_pass, "guard"))
            assert plate or not done, "another plate stays inside"

    @needs("outside")
    @rule(pick=PICK)
    def note_back(self, pick: int) -> None:
        gate_pass = self.one(GatePass.objects.outside(), pick)
        if gate_pass:
            self.attempt(finance.note_back, gate_pass, by=self.by(gate_pass, "guard"))

    @needs("pass")
    @rule(pick=PICK)
    def cancel_pass(self, pick: int) -> None:
        gate_pass = self.one(GatePass.objects.all(), pick)
        if gate_pass and pick == 0:
            by = self.by(gate_pass, "service_manager" if gate_pass.kind == "road_test" else "cashier")
            self.attempt(finance.cancel_gate_pass, gate_pass, reason="改主意", by=by)

    # As it should go: what the car waits for, so that many runs come to the end

    def on(self, pick: int, steps: int) -> None:
        visit = self.one(Visit.objects.in_store(), pick)
        for _n in range(steps):
            if visit is None or visit.status == "left" or not next_step(self, visit):
                break
            self.whole_and_right()
            visit.refresh_from_db()

    # by several names, since a run leaves some rules out
    @needs("in_store")
    @rule(pick=PICK, steps=st.integers(1, 3))
    def go_on(self, pick: int, steps: int) -> None:
        self.on(pick, steps)

    @needs("in_store")
    @rule(pick=PICK)
    def go_on_a_step(self, pick: int) -> None:
        self.on(pick, 1)

    @needs("in_store")
    @rule(pick=PICK)
    def go_on_two_steps(self, pick: int) -> None:
        self.on(pick, 2)

    # What must be true after every step

    @invariant()
    def whole_and_right(self) -> None:
        if not self.is_changed:
            return
        self.is_changed = False
        wrong = broken()
        assert not wrong, wrong
        self.there = there()
        now_there = (
            dict(Visit.objects.values_list("pk", "status")),
            dict(Job.objects.values_list("pk", "status")),
            dict(Line.objects.values_list("pk", "consent")),
        )
        for model, before, after in zip((Visit, Job, Line), self.before, now_there, strict=True):
            for pk in before.keys() & after.keys():
                assert _reaches(model, before[pk], after[pk]), f"{model.__name__}: {before[pk]} to {after[pk]}"
        self.before = now_there


def _store_of(row: Any) -> Any:
    for step in row.STORE.split("__"):
        row = row if step == "pk" else getattr(row, step)
    return row


def _reaches(model: Any, start: str, end: str) -> bool:
    """Along MOVES; one verb may take two steps, such as the answer that sends a checked job back to work."""
    near = model.MOVES.get(start, set())
    return start == end or end in near or any(end in model.MOVES.get(one, set()) for one in near)
