"""What stands on the printed delivery list (交车清单): the same steps, work and certificates as on the screen."""

from decimal import Decimal
from typing import Any

from django.utils.timezone import now

from core.prints import day, head, in_chinese, moment, money, plate
from service.forms import HandOverForm
from service.models import Job, Line, Visit
from service.models.bill import delivery_steps
from service.prints.orders import guarantee_on


def _jobs(visit: Visit) -> list[Job]:
    found = (
        Job.objects.filter(order__visit=visit)
        .select_related("technician", "inspector")
        .prefetch_related("helpers", "lines")
    )
    return list(found.order_by("order", "position"))


def _guarantee(job: Job) -> str:
    if not job.guaranteed_until:
        return "自出厂之日起，见下"
    return day(job.guaranteed_until) + (f" 或 {job.guaranteed_km:,} km" if job.guaranteed_km else "")


def _done(job: Job) -> list[str]:
    team = "、".join(str(one) for one in (job.technician, *job.helpers.all()) if one)
    found = "；".join(one for one in (job.cause, job.remedy) if one)
    return [
        str(job.get_kind_display()),
        f"{job.words}\n{found}" if found else job.words,
        team or "–",
        str(job.inspector or "–"),
        job.certificate or "–",
        _guarantee(job),
    ]


def _steps(visit: Visit) -> list[list[Any]]:
    """The steps of this very delivery, done or still open, in the words of the page."""
    fields = HandOverForm.base_fields
    steps = visit.handed_over if visit.handed_over_at else delivery_steps(visit)
    return [[name in visit.handed_over, str(fields[name].label)] for name in fields if name in steps]


def _left_undone(jobs: list[Job]) -> list[str]:
    """What was found and not done, so that the customer has it in writing."""
    said = {Line.Consent.DEFERRED, Line.Consent.DECLINED}
    lines = [line for job in jobs for line in job.lines.all() if line.consent in said]
    return [f"{line.name} {money(line.amount)}（{line.get_consent_display()}）" for line in lines]


def delivery_list(visit: Visit) -> dict[str, Any]:
    """The data of the printed delivery list: what was done, what goes back to the customer, what is still to do."""
    store, jobs = visit.store, _jobs(visit)
    orders = list(visit.orders.order_by("pk"))
    agreed = sum(
        (x.amount for job in jobs for x in job.lines.all() if x.consent == Line.Consent.AUTHORISED), Decimal(0)
    )
    with in_chinese():
        return {
            "title": "交车清单",
            "number": "、".join(str(one) for one in orders) or str(visit),
            "state": "已交车" if visit.handed_over_at else "待交车",
            "date": f"交车 {moment(visit.handed_over_at, store)}　服务顾问 {visit.advisor or '–'}",
            "created": visit.handed_over_at or visit.ready_at or visit.arrived_at,
            "head": head(store),
            "meta": [
                ["车主", str(visit.customer or "–")],
                ["送修人", visit.driver_name or "–"],
                ["车牌号", plate(visit.vehicle.plate)],
                ["品牌车型", visit.vehicle.title or "–"],
                ["车辆识别代号（VIN）", visit.vehicle.vin or "–"],
                ["进厂里程", f"{visit.mileage:,} km" if visit.mileage is not None else "–"],
                ["进厂时间", moment(visit.arrived_at, store)],
                ["竣工时间", moment(visit.ready_at, store)],
                ["钥匙牌", visit.key_tag or "–"],
                ["停车位", visit.parking or "–"],
                ["维修合计（含税，优惠前）", money(agreed)],
            ],
            "jobs": [_done(job) for job in jobs if job.status != Job.Status.DROPPED],
            "steps": _steps(visit),
            "undone": _left_undone(jobs),
            "guarantee": guarantee_on(orders[0].opened_on if orders else store.business_date(now())),
        }
