"""What a car waits for, done by whoever does it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import now

from core.models import Approval
from finance import actions as finance
from finance.models import GatePass, Settlement
from service import actions as service
from service.models import Hold, Job, Line, Visit
from tests.conftest import HANDED


def next_step(life: Any, visit: Visit) -> bool:
    """One step on the way to the gate; whether there was one."""
    step = {"arrived": _receive, "received": _work, "ready": _money, "handed_over": _gate}.get(visit.status)
    return bool(step and step(life, visit))


def _receive(life: Any, visit: Visit) -> bool:
    given = {"jobs": [{"words": "刹车异响", "kind": "repair"}], "promised_at": now() + timedelta(hours=3)}
    return bool(life.attempt(service.receive, visit, **given, mileage=1000, by=life.by(visit, "advisor")))


def _work(life: Any, visit: Visit) -> bool:
    held = Hold.objects.open().exclude(kind="consent").filter(job__order__visit=visit).first()
    if held:
        return bool(life.attempt(service.resume, held, by=life.by(visit, "controller")))
    for order in visit.orders.order_by("pk"):
        asked = Line.objects.open().filter(job__order=order)
        if asked:
            answers = [{"line": line.pk, "answer": "authorised"} for line in asked]
            given = {"answers": answers, "via": "signature", "consent_by": "刘"}
            return bool(life.attempt(service.authorise, order, **given, by=life.by(visit, "advisor")))
        for job in order.jobs.exclude(status__in=["done", "dropped"]):
            return _job(life, job)
    if visit.wants_wash and not visit.washed_at:
        return bool(life.attempt(service.wash, visit, done=True, by=life.by(visit, "advisor")))
    return bool(life.attempt(service.ready, visit, channel="phone", by=life.by(visit, "advisor")))


def _job(life: Any, job: Job) -> bool:
    controller = life.by(job.order, "controller")
    if job.status == Job.Status.OPEN:
        line = {
            "kind": "labour",
            "name": "检修",
            "quantity": Decimal(1),
            "price": Decimal(380),
            "cost": Decimal(90),
            "code": "",
            "unit": "h",
        }
        return bool(life.attempt(service.add_lines, job, lines=[line], by=life.by(job.order, "advisor")))
    if job.status == Job.Status.TO_DISPATCH:
        technician = life.house.person(job.order.store, "technician")
        return bool(life.attempt(service.dispatch, job, technician=technician, by=controller))
    if job.status == Job.Status.DISPATCHED:
        return bool(life.attempt(service.start, job, by=controller))
    if job.status == Job.Status.IN_WORK:
        return bool(life.attempt(service.finish, job, cause="磨损", remedy="更换", by=controller))
    return bool(life.attempt(service.check, job, passed=True, remark="", by=life.by(job.order, "inspector")))


def _money(life: Any, visit: Visit) -> bool:
    advisor = life.by(visit, "advisor")
    if not visit.settled_at:
        if not visit.explained_at:
            return bool(life.attempt(service.explain, visit, by=advisor))
        return bool(life.attempt(finance.settle, visit, by=advisor))
    return _pay(life, visit) or bool(life.attempt(service.hand_over, visit, **HANDED, by=advisor))


def _pay(life: Any, visit: Visit) -> bool:
    open_one = Settlement.objects.holding_gate().filter(visit=visit).first()
    if open_one is None:
        return False
    given = {"amount": open_one.due, "method": "wechat"}
    return bool(life.attempt(finance.pay, open_one, **given, by=life.by(visit, "cashier")))


def _gate(life: Any, visit: Visit) -> bool:
    outside = GatePass.objects.outside().filter(visit=visit).first()
    if outside:
        return bool(life.attempt(finance.note_back, outside, by=life.by(visit, "guard")))
    if _pay(life, visit):
        return True
    one = GatePass.objects.waiting().filter(visit=visit, kind="service").first()
    if one is None:
        return bool(life.attempt(finance.issue_gate_pass, visit, by=life.by(visit, "cashier")))
    assert not Approval.objects.filter(kind=one.kind_name(), object_id=one.pk).exists()
    return bool(life.attempt(finance.let_out, one, plate_seen=one.worn[-4:], by=life.by(visit, "guard")))
