"""What stands on the printed settlement list (结算单) and gate pass (出门证): the same numbers as on the screen."""

from decimal import Decimal
from typing import Any

from core.prints import head, in_chinese, moment, money, plain, plate
from finance.models import GatePass, Payment, Settlement, SettlementLine
from finance.tables import state_of
from service.models import Line, Order, Share
from service.prints import GUARANTEE

TERMS = [
    "本清单逐项列明工时费与材料费；未列明的项目不收费。付款后可凭本清单索取发票。",
    GUARANTEE,
]


def _line(line: SettlementLine) -> list[str]:
    return [
        line.code or "–",
        line.name,
        str(Share.Reason(line.reason).label),
        f"{plain(line.quantity)} {line.unit}".strip(),
        money(line.price),
        money(line.net),
        money(line.amount),
    ]


def _parts(lines: list[SettlementLine]) -> list[dict[str, Any]]:
    titles = {Line.Kind.LABOUR: "工时费", Line.Kind.PART: "材料费（配件）", Line.Kind.OTHER: "其他"}
    parts = []
    for kind, title in titles.items():
        own = [line for line in lines if line.kind == kind]
        if own:
            parts.append(
                {
                    "title": title,
                    "lines": [_line(line) for line in own],
                    "net": money(sum((line.net for line in own), Decimal(0))),
                    "amount": money(sum((line.amount for line in own), Decimal(0))),
                }
            )
    return parts


def _note(settlement: Settlement) -> str:
    if settlement.reverses_id:
        return f"本单冲销结算单 {settlement.reverses}，原因：{settlement.reason}"
    if settlement.reversed_at:
        by = Settlement.objects.filter(reverses=settlement).first()
        at = moment(settlement.reversed_at, settlement.store)
        return f"本单已于 {at} 由 {by or '–'} 冲销，原因：{settlement.reason}"
    return ""


def _payment(payment: Payment) -> list[str]:
    word = f"（退 {payment.refunds_number}）" if payment.refunds_number else ""
    return [
        payment.number,
        f"{payment.get_method_display()}{word}",
        moment(payment.at, payment.store),
        money(payment.amount),
    ]


def settlement_list(settlement: Settlement) -> dict[str, Any]:
    """The data of the printed settlement list of one payer."""
    visit, store = settlement.visit, settlement.store
    lines = list(settlement.lines.all())
    orders = Order.objects.filter(pk__in={line.order_id for line in lines}).order_by("pk")
    due = settlement.due if not (settlement.reversed_at or settlement.reverses_id) else Decimal(0)
    with in_chinese():
        return {
            "title": "机动车维修结算单",
            "number": str(settlement),
            "state": state_of(settlement)[1],
            "date": f"结算 {moment(settlement.settled_at, store)}　服务顾问 {visit.advisor or '–'}",
            "created": settlement.settled_at,
            "head": head(store),
            "meta": [
                ["付款方", f"{settlement.payer_name}（{settlement.get_payer_display()}）"],
                ["车主", str(visit.customer or "–")],
                ["送修人", visit.driver_name or "–"],
                ["委托书", "、".join(str(one) for one in orders) or "–"],
                ["车牌号", plate(visit.vehicle.plate)],
                ["品牌车型", visit.vehicle.title or "–"],
                ["车辆识别代号（VIN）", visit.vehicle.vin or "–"],
                ["进厂里程", f"{visit.mileage:,} km" if visit.mileage is not None else "–"],
                ["进厂时间", moment(visit.arrived_at, store)],
                ["竣工时间", moment(visit.ready_at, store)],
            ],
            "parts": _parts(lines),
            "net": money(settlement.net),
            "vat": money(settlement.amount - settlement.net),
            "total": money(settlement.amount),
            "paid": money(settlement.paid),
            "due": money(due),
            "payments": [_payment(one) for one in settlement.payments.select_related("store")],
            "note": _note(settlement),
            "terms": TERMS,
        }


def gate_pass(gate_pass: GatePass) -> dict[str, Any]:
    """The data of the printed gate pass; a used or cancelled one says so."""
    visit, store = gate_pass.visit, gate_pass.store
    worn = plate(visit.vehicle.plate) if visit.vehicle.plate else visit.vehicle.vin or str(visit.vehicle)
    state, statement = "准予放行", "客户应付款项已结清，准予本车出厂一次。"
    if gate_pass.cancelled_at:
        state, statement = "已作废", f"本证已于 {moment(gate_pass.cancelled_at, store)} 作废，不得放行。"
    elif gate_pass.used_at:
        state, statement = "已放行", f"本车已于 {moment(gate_pass.used_at, store)} 出厂，本证已使用。"
    with in_chinese():
        return {
            "title": "车辆出门证",
            "number": gate_pass.number,
            "state": state,
            "date": f"签发 {moment(gate_pass.issued_at, store)}",
            "created": gate_pass.issued_at,
            "head": head(store),
            "plate": worn,
            "plate_size": 54 if len(worn) <= 10 else 34,
            "vehicle": visit.vehicle.title or "–",
            "meta": [
                ["车主", str(visit.customer or "–")],
                ["送修人", visit.driver_name or "–"],
                ["车辆识别代号（VIN）", visit.vehicle.vin or "–"],
                ["交车时间", moment(visit.handed_over_at, store)],
                ["结算单", "、".join(_standing(visit)) or "无收费项目"],
                ["服务顾问", str(visit.advisor or "–")],
            ],
            "statement": statement,
        }


def _standing(visit: Any) -> list[str]:
    return [str(one) for one in Settlement.objects.standing().of_customer().filter(visit=visit).order_by("pk")]
