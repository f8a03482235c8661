"""What stands on the registration form of a case (顾客投诉登记表) and on the customer's receipt (受理回执)."""

import io
from typing import Any

import segno
from django.utils.translation import gettext as _

from complaints.models import Complaint
from core.prints import day, head, in_chinese, moment, plain, plate

TITLES = {"complaint": "顾客投诉登记表", "enquiry": "顾客咨询登记表", "suggestion": "顾客建议登记表"}


def _yes_no(value: bool | None, yes: str, no: str) -> str:
    return "" if value is None else yes if value else no


def _car(complaint: Complaint) -> list[tuple[str, str]]:
    car = complaint.vehicle
    said = complaint.stated_plate
    named = f"{complaint.brand} {complaint.series} {complaint.model_name}".split()
    return [
        ("车牌号", plate(car.plate) if car and car.plate else f"{plate(said)}（顾客自述）" if said else "–"),
        ("车架号", car.vin if car and car.vin else "–"),
        ("车型", car.title if car else " ".join(named) or "–"),
        ("行驶里程", f"{plain(car.mileage)} km" if car and car.mileage is not None else "–"),
    ]


def _base(complaint: Complaint, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "number": complaint.number,
        "state": str(complaint.get_result_display() or complaint.get_status_display()),
        "date": moment(complaint.received_at, complaint.store),
        "head": head(complaint.store),
        "created": complaint.received_at,
    }


def registration(complaint: Complaint) -> dict[str, Any]:
    """The registration form: what was taken in, and how far the case has come; what is not known yet is left free."""
    store, channels = complaint.store, list(complaint.channels.all())
    with in_chinese():
        ways = "、".join(dict.fromkeys(str(one.get_way_display()) for one in channels)) or "–"
        taken_by = next((one.by_name for one in channels if one.by_name), "")
        order = complaint.order
        return _base(complaint, TITLES[complaint.nature]) | {
            "who": [
                ("顾客姓名", complaint.who or "–"),
                ("联系电话", complaint.phone or "–"),
                ("受理时间", moment(complaint.received_at, store)),
                ("受理渠道", ways),
                *_car(complaint),
                ("维修工单", str(order) if order else "–"),
                ("发生日期", day(complaint.happened_on) if complaint.happened_on else "–"),
                ("严重程度", str(complaint.get_severity_display())),
                ("投诉分类", "、".join(map(str, complaint.problems.all())) or "–"),
            ],
            "words": complaint.words,
            "demand": complaint.demand or "–",
            "said": [
                [moment(one.at, store), _("Customer") if one.is_customer else one.by_name, one.text]
                for one in complaint.said.all()
            ],
            "judgement": [
                ["理由是否充分", _yes_no(complaint.grounds_ok, "充分", "不充分"), complaint.grounds_reason],
                ["要求是否合理", _yes_no(complaint.demand_ok, "合理", "不合理"), complaint.demand_reason],
                ["责任部门", str(complaint.get_department_display()), ""],
                ["与顾客约定的期限", moment(complaint.agreed_until, store) if complaint.agreed_until else "",
                 complaint.agreed_words],
                ["处理结果", str(complaint.get_result_display()), complaint.result_words],
            ],
            "keeper": str(complaint.keeper or ""),
            "taken_by": taken_by,
        }  # fmt: skip


def receipt(complaint: Complaint) -> dict[str, Any]:
    """The receipt: number, what was taken in, and the address by which the customer follows the case."""
    drawn = io.BytesIO()
    segno.make(complaint.address, error="m").save(drawn, kind="svg", border=1, scale=4)
    with in_chinese():
        return _base(complaint, "受理回执") | {
            "state": "",
            "who": [
                ("顾客姓名", complaint.who or "–"),
                ("受理编号", complaint.number),
                ("受理时间", moment(complaint.received_at, complaint.store)),
                ("类别", str(complaint.get_nature_display())),
                *_car(complaint)[:1],
                ("承办人", str(complaint.keeper or "客户关怀部")),
            ],
            "words": complaint.words,
            "demand": complaint.demand or "–",
            "address": complaint.address,
            "code": drawn.getvalue().decode(),
        }
