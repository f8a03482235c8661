"""A house in the middle of a day: a car at every step of the way, and beside them the other papers of a dealership."""

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate, now

from customers.models import Customer, Vehicle
from tests.conftest import Chain
from tests.hard.pages import picture, plate_of

# the steps of the chain at which a car of its own stands
STEPS = ("arrived", "received", "estimated", "authorised", "dispatched", "started", "finished", "checked", "ready",
         "explained", "settled", "paid", "handed_over", "passed", "left")  # fmt: skip


def car_of(cast: Any, dice: random.Random) -> Any:
    """A new customer with a car that nobody knows yet."""
    name = "客户" + str(dice.randrange(10**6))
    owner = Customer.objects.create(company=cast.store.company, name=name, phone=f"138{dice.randrange(10**8):08}")
    return Vehicle.objects.create(
        company=cast.store.company,
        owner=owner,
        plate=plate_of(dice),
        plate_kind="ordinary",
        brand="奥迪",
        model="A4L",
    )


def _workshop(chain: Chain, step: str) -> Any:
    from service import actions

    cast, visit = chain.cast, chain.authorised()
    for job in visit.orders.get().jobs.all():
        actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
        if step != "dispatched":
            actions.start(job, by=cast.by("technician"))
        if step == "finished":
            actions.finish(job, cause="磨损", remedy="更换", by=cast.by("technician"))
    return visit


def stand(cast: Any, step: str, dice: random.Random) -> Any:
    """A car of its own at a step of the way."""
    chain = Chain(cast, car_of(cast, dice))
    return _workshop(chain, step) if step in {"dispatched", "started", "finished"} else getattr(chain, step)()


PAPERS: list[Callable[[Any, random.Random], Any]] = []


def paper(make: Callable[[Any, random.Random], Any]) -> Callable[[Any, random.Random], Any]:
    """A paper of the day that no car brings along by itself."""
    PAPERS.append(make)
    return make


def day(cast: Any, dice: random.Random) -> None:
    """A car at every step, the follow-up calls of the one that left, and whatever else lies on the desks."""
    from customers import actions as customers

    for step in STEPS:
        stand(cast, step, dice)
    customers.plan_calls(by=cast.by("care_manager"))
    for make in PAPERS:
        make(cast, dice)


@paper
def catalogue(cast: Any, dice: random.Random) -> None:
    """An item, a menu of it, a payer."""
    from service.models import CatalogueItem, Menu, MenuItem, Party

    code = f"L-{dice.randrange(10**9)}"
    company = cast.store.company
    item = CatalogueItem.objects.create(company=company, kind="labour", code=code, name="四轮定位", price=Decimal(280))
    menu = Menu.objects.create(company=company, code=code, name="定位套餐", is_quick=True)
    MenuItem.objects.create(menu=menu, item=item, quantity=Decimal(1))
    Party.objects.create(company=company, kind="manufacturer", name=f"厂家{code}")
    Party.objects.create(company=company, kind="insurer", name=f"保险{code}")
    Party.objects.create(company=company, kind="store", name=f"本店{code}")


@paper
def desks(cast: Any, dice: random.Random) -> None:
    """Tasks of several people, an absence, a deputy, a discount that waits for its decision."""
    from core import actions as core
    from finance import actions as finance

    tomorrow = now() + timedelta(days=1 + dice.randrange(300))
    for role in ("advisor", "cashier", "service_manager", "greeter", "greeter"):
        given = {"store": cast.store, "assignee": cast.people[role], "title": "回电话", "due_at": tomorrow}
        task = core.add_task(**given, by=cast.by(role))
    core.finish_task(task, outcome="办好了", by=cast.by("greeter"))
    absent = {"starts_at": tomorrow, "ends_at": tomorrow + timedelta(hours=4)}
    core.add_absence(store=cast.store, employee=cast.technician, **absent, by=cast.by("controller"))
    days = {"starts_on": tomorrow.date(), "ends_on": tomorrow.date() + timedelta(days=2)}
    core.delegate(store=cast.store, deputy=cast.advisor, **days, by=cast.by("service_manager"))
    off = {"discount": Decimal(300), "discount_reason": "老客户"}
    for _n in range(2):
        finance.ask_discount(stand(cast, "explained", dice), **off, by=cast.by("advisor"))


@paper
def cases(cast: Any, dice: random.Random) -> None:
    """Complaints at every stage, an enquiry that was answered, a case that was withdrawn."""
    from complaints import actions
    from tests.complaints.conftest import Cases

    way, keeper, lead = Cases(cast), cast.by("care_agent"), cast.by("care_manager")

    def one(step: Any, **more: Any) -> Any:
        car = car_of(cast, dice)
        return step(customer=car.owner, vehicle=car, phone=car.owner.phone, name=car.owner.name, **more)

    actions.end_case(one(way.received), result="withdrawn", words="客户撤回", by=lead)
    actions.answer(one(way.received, nature="enquiry"), text="保养间隔是一万公里", channel="phone", by=keeper)
    one(way.judged, holds=False)
    for step in (way.judged, way.decided, way.decided, way.accepted, way.carried_out):
        one(step)
    for option in one(way.proposed).options.standing():
        actions.stamp(option, by=lead)
    for text in ("免费返修", "更换总成"):
        actions.draw_agreement(one(way.decided), text=text, by=keeper)
    _accountable(cast, [one(way.investigated) for _n in range(2)])
    _outside(cast, one(way.received), dice)
    for _n in range(2):
        drawn_up = one(way.investigated)
        for words in ("免费检修", "更换压缩机总成"):
            actions.propose(drawn_up, words=words, by=keeper)
    actions.promise(one(way.received), words="周五前回复", due_at=now() + timedelta(days=1), by=keeper)


def _accountable(cast: Any, found: list[Any]) -> None:
    """Somebody who is to answer for a fault: once before they were heard, once after."""
    from complaints import actions

    said = {"part": "direct", "rule": "《维修作业规范》3.2", "words": "未按诊断流程检查", "measure": "talk"}
    for case in found:
        row = actions.hold_accountable(case, employee=cast.technician, **said, by=cast.by("care_manager"))
    actions.hear(row, words="当时缺检测设备", by=cast.by("technician"))


def _outside(cast: Any, case: Any, dice: random.Random) -> None:
    """What others keep of a case: with an appeal and without, and statements that are drafted, approved, not there."""
    from complaints import actions
    from complaints.models import Target

    lead, limit = cast.by("care_manager"), {"amount": 24, "unit": "hours"}
    for due in ("oem_contact", "oem_end", "press_answer"):
        known = {"company": cast.store.company, "due": due, "severity": ""}
        Target.objects.get_or_create(**known, since=localdate(), defaults=limit)
    Target.objects.create(**known, since=localdate() + timedelta(days=1 + dice.randrange(10**5)), **limit)
    for n in range(2):
        oem = actions.note_outside(case, body="oem", number=f"400{dice.randrange(10**9)}", by=lead)
        if not n:
            actions.appeal(oem, words="不属本店责任", by=lead)
    for words in ("已联系客户处理", "正在核实", "", ""):
        seen = actions.note_outside(case, body="douyin", url=f"https://example.com/{dice.randrange(10**6)}", by=lead)
        if words:
            actions.draft_statement(seen, statement=words, by=lead)
        if words.startswith("已"):
            actions.approve_statement(seen, by=cast.by("general_manager"))


@paper
def learning(cast: Any, dice: random.Random) -> None:
    """What is learned from complaints and what they are run by: a known issue, what is changed, the data of cases."""
    from complaints import actions, models

    lead, n = cast.by("care_manager"), dice.randrange(10**6)
    known = {"title": "空调膨胀阀", "source": "own", "brand": "奥迪", "words": "膨胀阀易堵"}
    actions.publish_bulletin(company=cast.store.company, by=lead, **known)
    given = {"owner": cast.technician, "due_on": localdate() + timedelta(days=7)}
    for is_done in (True, False, False):
        one = actions.add_correction(store=cast.store, words="交车前试车", **given, by=lead)
        if is_done:
            actions.do_correction(one, done_words="已写入交车单", by=cast.by("technician"))
    letter = models.ProblemClass.objects.create(letter=f"{n:x}"[-4:], name_zh="发动机")
    models.Problem.objects.create(problem_class=letter, code=f"P{n}", name_zh="异响")
    models.CompensationKind.objects.create(code=f"K{n}", name_zh="代金券", unit="yuan")
    models.ConductRule.objects.create(position=1 + n % 99, words_zh="先听完，不打断")
    models.Phrase.objects.create(words=f"没办法{n}", instead="我们一起想想别的办法")
    models.ReplyTemplate.objects.create(title=f"答复{n}", text="{name}您好，关于{number}：……")
    models.Step.objects.get_or_create(due="calling", level=1 + n % 9, defaults={"percent": 80})


@paper
def money(cast: Any, dice: random.Random) -> None:
    """A deposit, a credit account with a payment on it, invoices at every state, a refusal, a count of the drawer."""
    from core import actions as core
    from core.models import Approval
    from finance import actions as finance
    from finance.models import CreditAgreement, Settlement

    cashier, day_ = cast.by("cashier"), localdate()
    visit = stand(cast, "received", dice)
    finance.take_visit_deposit(visit, amount=Decimal(200), method="cash", reason="订件", by=cashier)
    visit = stand(cast, "settled", dice)
    agreement = CreditAgreement.objects.create(
        company=cast.store.company,
        customer=visit.customer,
        number=f"JZ-{dice.randrange(10**9)}",
        limit=Decimal(9000),
        since=day_,
    )
    finance.pay(Settlement.objects.get(visit=visit), amount=Decimal(900), method="account", by=cashier)
    finance.pay_account(agreement, store=cast.store, amount=Decimal(300), method="transfer", by=cashier)
    asked = {"kind": "ordinary", "title": "顺达物流", "tax_number": "", "email": ""}
    for n in range(2):
        one = finance.ask_invoice(Settlement.objects.get(visit=stand(cast, "paid", dice)), **asked, by=cashier)
        if n:
            finance.issue_invoice(one, number=f"{dice.randrange(10**8):08}", issued_on=day_, by=cashier)
    for n in range(2):
        refused = Settlement.objects.get(visit=stand(cast, "settled", dice))
        finance.refuse_payment(refused, reason="太贵", by=cast.by("advisor"))
        if n:
            asked_ = Approval.objects.open().get(kind="settlement", object_id=refused.pk)
            core.decide(asked_, granted=True, reason="下次付", by=cast.by("general_manager"))
    late = stand(cast, "settled", dice)
    Settlement.objects.filter(visit=late).update(due_on=day_ - timedelta(days=3))


@paper
def payers(cast: Any, dice: random.Random) -> None:
    """A claim on a manufacturer."""
    from service import actions as service
    from service.models import Line, Party

    visit = stand(cast, "estimated", dice)
    party = Party.objects.filter(company=cast.store.company, kind="manufacturer").last()
    for line in Line.objects.filter(job__order__visit=visit):
        share = {"payer": "manufacturer", "party": party, "reason": "warranty", "amount": None}
        service.share_line(line, shares=[share], by=cast.by("advisor"))
    chain = Chain(cast, visit.vehicle)
    chain.estimated = lambda **_more: visit  # type: ignore[method-assign]
    chain.settled()


@paper
def put_off(cast: Any, dice: random.Random) -> None:
    """A car that is here again, with work that was put off the last time."""
    from service import actions as service
    from service.models import Line

    car = car_of(cast, dice)
    chain = Chain(cast, car)
    visit = chain.estimated()
    order = visit.orders.get()
    first, *rest = Line.objects.filter(job__order=order).order_by("pk")
    answers = [{"line": first.pk, "answer": "deferred"}, *({"line": x.pk, "answer": "authorised"} for x in rest)]
    given = {"answers": answers, "via": "paper", "consent_by": "刘"}
    service.authorise(order, **given, by=cast.by("advisor"))
    chain.authorised = lambda **_more: visit  # type: ignore[method-assign]
    chain.left()
    Chain(cast, car).received()


@paper
def gate(cast: Any, dice: random.Random) -> None:
    """A car outside on a road test, one that may go, a sold car."""
    from finance import actions as finance

    given = {"kind": "road_test", "driver_name": "李", "expected_at": now() + timedelta(hours=1), "reason": ""}
    for n in range(2):
        one = finance.issue_test_pass(stand(cast, "started", dice), **given, by=cast.by("inspector"))
        if n:
            finance.let_out(one, plate_seen=one.worn[-4:], by=cast.by("guard"))
    sold = {"store": cast.store, "kind": "sale", "plate": plate_of(dice), "driver_name": "周", "reason": "交车"}
    finance.issue_other_pass(**sold, by=cast.by("finance_manager"))


@paper
def workshop(cast: Any, dice: random.Random) -> None:
    """A job that waits for parts, an estimate that was sent by link."""
    from service import actions as service

    order = stand(cast, "started", dice).orders.get()
    service.hold(order.jobs.get(), kind="parts", by=cast.by("controller"))
    visit = stand(cast, "estimated", dice)
    service.send_link(visit.orders.get(), channel="wechat", hours=24, by=cast.by("advisor"))


@paper
def photos(cast: Any, dice: random.Random) -> None:
    """A photo of a car that is in."""
    from core import actions as core
    from core.uploads import clean_upload

    visit = stand(cast, "received", dice)
    given = {"purpose": "damage", "files": [clean_upload(picture())], "remark": "划痕"}
    core.attach(visit, **given, by=cast.by("advisor"))
