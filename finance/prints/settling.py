"""What stands on the printed settlement list (结算单): the same numbers as on the screen."""

from decimal import Decimal
from typing import Any

from core.prints import day, head, in_chinese, moment, money, plain, plate
from finance.actions.drafting import by_rate
from finance.models import Payment, Settlement, SettlementLine
from finance.prints.capitals import capitals
from finance.prints.sums import with_sums
from service.models import Line, Order, Share
from service.prints import GUARANTEE

TERMS = [
    "本清单逐项列明工时费与材料费；未列明的项目不收费。付款后可凭本清单索取发票。",
    GUARANTEE,
]


def _line(line: Any, has_cut: bool) -> list[str]:
    cut = line.discount + line.rounding
    return [
        line.code or "–",
        f"{line.name}\n{line.made}" if line.made else line.name,
        str(Share.Reason(line.reason).label),
        f"{plain(line.quantity)} {line.unit}".strip(),
        money(line.price),
        *([money(cut) if cut else "–"] if has_cut else []),
        money(line.net),
        money(line.amount),
    ]


def _sum(lines: list[SettlementLine], name: str) -> Decimal:
    return sum((getattr(line, name) for line in lines), Decimal(0))


def _parts(lines: list[SettlementLine], has_cut: bool) -> list[dict[str, Any]]:
    titles = {Line.Kind.LABOUR: "工时费", Line.Kind.PART: "材料费（配件）", Line.Kind.OTHER: "其他"}
    parts = []
    for kind, title in titles.items():
        own = [line for line in lines if line.kind == kind]
        if own:
            parts.append(
                {
                    "title": title,
                    "lines": [_line(line, has_cut) for line in own],
                    "cut": money(_sum(own, "discount") + _sum(own, "rounding")),
                    "net": money(_sum(own, "net")),
                    "amount": money(_sum(own, "amount")),
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
    if settlement.released_at and settlement.due > 0:
        return f"本单经同意挂账，应于 {day(settlement.due_on)} 前付清。"
    return ""


def _state(settlement: Settlement) -> str:
    """Where it stands, in words for the customer's copy."""
    if settlement.reverses_id:
        return "冲销单"
    if settlement.reversed_at:
        return "已冲销"
    if settlement.due <= 0:
        return "已付清"
    if settlement.released_at:
        return "挂账"
    return "部分付款" if settlement.paid else "待付款"


def _payment(payment: Payment) -> list[str]:
    word = f"（退 {payment.refunds_number}）" if payment.refunds_number else ""
    return [
        payment.number,
        f"{payment.get_method_display()}{word}",
        moment(payment.at, payment.store),
        money(payment.amount),
    ]


def _others(settlement: Settlement) -> str:
    """What the other payers of the same visit were charged, each on a list of their own."""
    rows = Settlement.objects.standing().filter(visit=settlement.visit_id).exclude(pk=settlement.pk)
    if not settlement.stands:
        return ""
    return "；".join(f"{one.payer_name} {money(one.amount)}（{one}）" for one in rows.with_names().order_by("pk"))


def settlement_list(settlement: Settlement) -> dict[str, Any]:
    """The data of the printed settlement list of one payer."""
    visit, store = settlement.visit, settlement.store
    with in_chinese():
        lines = with_sums(settlement.lines.all())
    has_cut = any(line.discount or line.rounding for line in lines)
    orders = Order.objects.filter(pk__in={line.order_id for line in lines}).order_by("pk")
    due = settlement.due if settlement.stands else Decimal(0)
    with in_chinese():
        return {
            "title": "机动车维修结算单",
            "number": str(settlement),
            "state": _state(settlement),
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
            "has_cut": has_cut,
            "parts": _parts(lines, has_cut),
            "rates": [
                [f"{plain(one.percent)}%", money(one.net), money(one.vat), money(one.amount)] for one in by_rate(lines)
            ],
            "net": money(settlement.net),
            "vat": money(settlement.amount - settlement.net),
            "gross": money(settlement.gross),
            "discount": money(settlement.discount) if settlement.discount else "",
            "rounding": money(settlement.rounding) if settlement.rounding else "",
            "total": money(settlement.amount),
            "capitals": capitals(settlement.amount),
            "paid": money(settlement.paid),
            "due": money(due),
            "others": _others(settlement),
            "payments": [_payment(one) for one in settlement.payments.select_related("store")],
            "note": _note(settlement),
            "terms": TERMS,
        }
