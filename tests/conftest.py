"""The cast and the plumbing of the tests.

The cast: Hongda (宏达) with the stores HD01 and HD02, and Yuanhang (远航), a foreign company, with YH01. In HD01
there is somebody in every role, named by it: `cast.advisor`, `cast.cashier`, … and `cast.stranger`, YH01's advisor.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.timezone import now

pytest_plugins = ["tests.conftest_db"]

PASSWORD = "a long enough password"


@dataclass
class Cast:
    """Who plays in a test."""

    store: Any
    sister: Any
    foreign: Any
    people: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def by(self, name: str, door: str = "browser") -> Any:
        """The actor of one of the cast, as a door would make it."""
        from core.web import actor_of

        return actor_of(self.people[name], door)


def make_person(username: str, name: str, role: str, store: Any = None, company: Any = None) -> Any:
    """An employee with one posting."""
    from core.models import Employee, Posting

    person = Employee.objects.create_user(username=username, password=PASSWORD, name=name, store=store)
    Posting.objects.create(employee=person, role=role, store=store, company=company)
    return person


@pytest.fixture
def cast(db: None) -> Cast:
    """Two companies, three stores, somebody in every role."""
    from core.actions import lay_authorities
    from core.calendar import lay_frames
    from core.models import Calendar, Company, Group, HolidayYear, Store, WeekFrame
    from core.roles import Role

    group = Group.objects.create(name="群星集团")
    hongda = Company.objects.create(group=group, name="宏达汽车", tax_number="91310000TEST000001")
    yuanhang = Company.objects.create(group=group, name="远航汽车", tax_number="91310000TEST000002")
    for company in (hongda, yuanhang):
        lay_authorities(company)
    opening, calling = Calendar.objects.create(name="营业时间"), Calendar.objects.create(name="回访时间")
    for day in range(8):
        WeekFrame.objects.create(calendar=opening, day=day, starts=time(0, 0), ends=time(23, 59))
        WeekFrame.objects.create(calendar=calling, day=day, starts=time(9, 0), ends=time(12, 0))
        WeekFrame.objects.create(calendar=calling, day=day, starts=time(13, 30), ends=time(18, 0))
    today = now().astimezone().date()
    for year in (today.year, today.year + 1):
        HolidayYear.objects.create(year=year, source="test")
    for calendar in (opening, calling):
        lay_frames(calendar, today - timedelta(days=3), today + timedelta(days=10))

    def store(company: Any, code: str, name: str) -> Any:
        return Store.objects.create(
            company=company,
            code=code,
            name=name,
            live_from=date(2020, 1, 1),
            opening=opening,
            calling=calling,
            labour_rate=Decimal("380.00"),
        )

    found = Cast(
        store(hongda, "HD01", "宏达一店"), store(hongda, "HD02", "宏达二店"), store(yuanhang, "YH01", "远航店")
    )
    for role in Role:
        if role == Role.GROUP_MANAGER:
            found.people[role] = make_person(role, Role(role).name, role)
        else:
            found.people[role] = make_person(role, Role(role).name, role, found.store)
    found.people["stranger"] = make_person("stranger", "远航顾问", Role.ADVISOR, found.foreign)
    return found


@pytest.fixture
def car(cast: Cast) -> Any:
    """刘建国's car, known to Hongda."""
    from customers.models import Customer, Vehicle

    owner = Customer.objects.create(company=cast.store.company, name="刘建国", phone="13800006621", level="gold")
    return Vehicle.objects.create(
        company=cast.store.company,
        owner=owner,
        plate="沪A8K721",
        plate_kind="ordinary",
        vin="LFV2A21K0D3123456",
        brand="奥迪",
        model="A4L 40 TFSI",
    )


# every step of a delivery done
HANDED = dict.fromkeys(("explained", "operation_explained", "old_parts_shown", "car_clean", "belongings_back"), True)


class Chain:
    """Takes a visit through the house by its actions, as far as a test needs it."""

    def __init__(self, cast: Cast, vehicle: Any) -> None:
        self.cast, self.vehicle = cast, vehicle

    def arrived(self) -> Any:
        from service import actions

        return actions.arrive(
            store=self.cast.store, plate=self.vehicle.plate, vin=self.vehicle.vin, by=self.cast.by("greeter")
        )

    def received(self, **more: Any) -> Any:
        from service import actions

        given: dict[str, Any] = {
            "promised_at": now() + timedelta(hours=3),
            "mileage": 68214,
            "jobs": [{"words": "刹车异响", "kind": "repair"}],
        } | more
        return actions.receive(self.arrived(), **given, by=self.cast.by("advisor"))

    def estimated(self, **more: Any) -> Any:
        from service import actions

        visit = self.received(**more)
        base = {"code": "", "unit": "", "payer": "customer", "party": None, "reason": "repair"}
        for job in visit.orders.get().jobs.all():
            lines = [
                base
                | {
                    "kind": "labour",
                    "name": "更换前制动片",
                    "quantity": Decimal("1.5"),
                    "price": Decimal(380),
                    "cost": Decimal(90),
                },
                base
                | {
                    "kind": "part",
                    "name": "前制动片组",
                    "quantity": Decimal(1),
                    "price": Decimal(798),
                    "cost": Decimal(510),
                },
            ]
            actions.add_lines(job, lines=lines, by=self.cast.by("advisor"))
        return visit

    def authorised(self, **more: Any) -> Any:
        from service import actions
        from service.models import Line

        visit = self.estimated(**more)
        order = visit.orders.get()
        answers = [{"line": line.pk, "answer": "authorised"} for line in Line.objects.filter(job__order=order)]
        actions.authorise(order, answers=answers, via="signature", consent_by="刘建国", by=self.cast.by("advisor"))
        return visit

    def checked(self, **more: Any) -> Any:
        from service import actions

        visit = self.authorised(**more)
        for job in visit.orders.get().jobs.all():
            actions.dispatch(job, technician=self.cast.technician, by=self.cast.by("controller"))
            actions.start(job, by=self.cast.by("technician"))
            actions.finish(job, cause="制动片磨损", remedy="更换制动片", by=self.cast.by("technician"))
            actions.check(job, passed=True, remark="", by=self.cast.by("inspector"))
        return visit

    def ready(self, **more: Any) -> Any:
        from service import actions

        return actions.ready(self.checked(**more), channel="phone", by=self.cast.by("advisor"))

    def explained(self, **more: Any) -> Any:
        from service import actions

        return actions.explain(self.ready(**more), by=self.cast.by("advisor"))

    def settled(self, **more: Any) -> Any:
        from finance import actions

        return actions.settle(self.explained(**more), by=self.cast.by("advisor"))

    def paid(self, **more: Any) -> Any:
        from finance import actions
        from finance.models import Settlement

        visit = self.settled(**more)
        for one in Settlement.objects.to_pay().of_customer().filter(visit=visit):
            actions.pay(one, amount=one.due, method="wechat", by=self.cast.by("cashier"))
        return visit

    def handed_over(self, **more: Any) -> Any:
        from service import actions

        return actions.hand_over(self.paid(**more), **HANDED, by=self.cast.by("advisor"))

    def passed(self, **more: Any) -> Any:
        """A gate pass, ready for the guard."""
        from finance import actions

        return actions.issue_gate_pass(self.handed_over(**more), by=self.cast.by("cashier"))

    def left(self, **more: Any) -> Any:
        from finance import actions

        gate_pass = self.passed(**more)
        return actions.let_out(gate_pass, plate_seen=self.vehicle.plate[-4:], by=self.cast.by("guard")).visit


@pytest.fixture
def chain(cast: Cast, car: Any) -> Chain:
    """The chain from the gate in to the gate out, for 刘建国's car."""
    return Chain(cast, car)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment in the store's time zone."""
    from zoneinfo import ZoneInfo

    return datetime.combine(day, time(hour, minute), ZoneInfo("Asia/Shanghai"))
