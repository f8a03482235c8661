"""What stands on the printed gate pass (出门证): the same as on the guard's phone."""

from typing import Any

from core.models import Detail, Entry
from core.prints import head, in_chinese, moment, plate
from finance.models import GatePass, Settlement

TITLES: dict[str, str] = {
    GatePass.Kind.SERVICE: "车辆出门证",
    GatePass.Kind.ROAD_TEST: "试车出门证",
    GatePass.Kind.SUBLET: "外协出门证",
    GatePass.Kind.SALE: "售车出门证",
    GatePass.Kind.TRANSFER: "车辆调拨出门证",
}


def _statement(one: GatePass) -> tuple[str, str]:
    """The word in the corner, and the sentence the guard reads."""
    at, back = moment(one.used_at, one.store), moment(one.back_at, one.store)
    due = f"，应于 {moment(one.expected_at, one.store)} 前返厂" if one.expected_at else ""
    said: dict[str, tuple[str, str]] = {
        GatePass.State.CANCELLED: ("已作废", f"本证已于 {moment(one.cancelled_at, one.store)} 作废，不得放行。"),
        GatePass.State.LEFT: ("已放行", f"本车已于 {at} 出厂，本证已使用。"),
        GatePass.State.BACK: ("已返厂", f"本车 {at} 出厂，{back} 返厂，本证已使用。"),
        GatePass.State.OUTSIDE: ("未返厂", f"本车已于 {at} 出厂{due}，本证已使用。"),
        GatePass.State.OVERDUE: ("逾期未返", f"本车已于 {at} 出厂{due}，逾期未返。"),
        GatePass.State.HELD: ("待审批", "尚待经理审批，审批通过前不得放行。"),
        GatePass.State.REFUSED: ("未批准", "经理未批准，不得放行。"),
    }
    if one.state in said:
        return said[one.state]
    if one.kind == GatePass.Kind.SERVICE:
        owed = Settlement.objects.to_pay().of_customer().filter(visit=one.visit).exists()
        return "准予放行", f"客户应付款项{'经批准挂账' if owed else '已结清'}，准予本车出厂一次。"
    return "准予放行", f"准予本车出厂一次{due}。"


def _issued_by(one: GatePass) -> str:
    line = Entry.objects.filter(kind=one.kind_name(), object_id=one.pk, verb="gate_pass.issued").first()
    detail = Detail.objects.filter(entry_id=line.pk).first() if line else None
    return detail.by_name if detail else ""


def _meta(one: GatePass) -> list[list[str]]:
    visit, store = one.visit, one.store
    if visit is None:
        return [
            ["事由", one.get_kind_display()],
            ["驾驶人", one.driver or "–"],
            ["车辆识别代号（VIN）", one.vin or "–"],
            ["说明", one.reason or "–"],
            ["签发人", _issued_by(one) or "–"],
        ]
    rows = [["车主", str(visit.customer or "–")], ["车辆识别代号（VIN）", visit.vehicle.vin or "–"]]
    if one.kind == GatePass.Kind.SERVICE:
        rows += [
            ["送修人", visit.driver_name or "–"],
            ["交车时间", moment(visit.handed_over_at, store)],
            ["结算单", "、".join(_standing(visit)) or "无收费项目"],
            ["服务顾问", str(visit.advisor or "–")],
        ]
    else:
        rows += [
            ["事由", one.get_kind_display()],
            ["驾驶人", one.driver or "–"],
            ["预计返厂", moment(one.expected_at, store)],
            ["说明", one.reason or "–"],
        ]
    return [*rows, ["签发人", _issued_by(one) or "–"]]


def gate_pass(gate_pass: GatePass) -> dict[str, Any]:
    """The data of the printed gate pass; one that was used, cancelled or not granted says so."""
    store, worn = gate_pass.store, plate(gate_pass.worn)
    with in_chinese():
        state, statement = _statement(gate_pass)
        return {
            "title": TITLES[gate_pass.kind],
            "number": gate_pass.number,
            "state": state,
            "date": f"签发 {moment(gate_pass.issued_at, store)}",
            "created": gate_pass.issued_at,
            "head": head(store),
            "plate": worn,
            "plate_size": 54 if len(worn) <= 10 else 34,
            "vehicle": gate_pass.title or "–",
            "meta": _meta(gate_pass),
            "statement": statement,
            "comes_back": gate_pass.kind in GatePass.COMES_BACK,
        }


def _standing(visit: Any) -> list[str]:
    return [str(one) for one in Settlement.objects.standing().of_customer().filter(visit=visit).order_by("pk")]
