"""What stands in a settlement agreement (和解协议): proposed as a text, frozen when drawn up, printed as signed."""

from typing import Any

from django.core.files.storage import default_storage

from complaints.models import Agreement, Compensation, CompensationKind, Complaint
from core.models import Attachment
from core.prints import day, head, in_chinese, moment, money, plain, plate

UNITS = {CompensationKind.Unit.TIMES: "次", CompensationKind.Unit.MONTHS: "个月"}
# The house draws the paper up and is 甲方, the customer 乙方, as in the other contracts of a dealership.
OLD = "甲方（顾客）"  # texts that were drawn up the other way round keep their words, and sign as they say
DRAFT = """甲方（经销店）：{company}（{store}）
乙方（顾客）：{who}

乙方于 {received} 就{car}向甲方提出投诉（编号 {number}）。双方经友好协商，自愿达成如下协议：

一、处理方案：{words}
{given}二、履行期限：甲方于 {due} 前履行完毕。
三、双方确认，本方案履行完毕后，本次投诉事项即告了结，双方就同一事项不再提出其他要求；本协议不影响乙方依照法律享有的三包、质量保证等法定权利。
四、双方对本协议的内容负有保密义务，依法向监管部门、司法机关提供的除外。
五、本协议一式两份，双方各执一份，自双方签字之日起生效。"""


def given_said(one: Compensation) -> str:
    """One thing that is given, as it stands on paper: 免费保养 2 次（价值 ¥ 800.00）."""
    unit = UNITS.get(CompensationKind.Unit(one.kind.unit), "")
    if not unit:
        return f"{one.kind.name_zh} {money(one.quantity)}"
    return f"{one.kind.name_zh} {plain(one.quantity)} {unit}（价值 {money(one.worth)}）"


def agreement_draft(complaint: Complaint) -> str:
    """A first text of the agreement on what was decided; never what it costs the house."""
    option = complaint.options.standing().filter(is_chosen=True).with_given().first()
    if option is None:
        return ""
    store, car = complaint.store, complaint.vehicle
    given = "、".join(given_said(one) for one in option.compensations.all())
    with in_chinese():
        return DRAFT.format(
            who=complaint.who or "–",
            store=store.name,
            company=store.company.name,
            received=day(complaint.received_on),
            car=f"车辆 {plate(car.plate)} " if car and car.plate else "服务事项",
            number=complaint,
            words=f"{option.words.rstrip('。')}。",
            given=f"　　补偿：{given}。\n" if given else "",
            due=moment(complaint.instruction_due, store)[:10] if complaint.instruction_due else "双方约定之日",
        )


def _signature(agreement: Agreement) -> dict[str, Any] | None:
    """The signature that was drawn on screen, as the bytes of its picture."""
    rows = Attachment.objects.of(agreement).filter(purpose=Attachment.Purpose.SIGNATURE)
    kept = rows.order_by("-id").first()
    if kept is None:
        return None
    try:
        with default_storage.open(kept.path) as file:
            picture = list(file.read())
    except FileNotFoundError:
        return None
    return {"picture": picture, "by": kept.remark, "at": moment(kept.added_at, agreement.complaint.store)}


def _state(agreement: Agreement) -> str:
    if agreement.cancelled_at:
        return "已撤销"
    return "已签署" if agreement.signed_at else "待签署"


def settlement_agreement(agreement: Agreement) -> dict[str, Any]:
    """The data of the printed settlement agreement."""
    case = agreement.complaint
    store, car = case.store, case.vehicle
    with in_chinese():
        return {
            "title": "和解协议",
            "number": str(case),
            "state": _state(agreement),
            "date": f"拟定 {moment(agreement.made_at, store)}",
            "created": agreement.signed_at or agreement.made_at,
            "head": head(store),
            "meta": [
                ["顾客", case.who or "–"],
                ["电话", case.phone or (case.customer.phone if case.customer else "") or "–"],
                ["车牌号", plate(car.plate) if car else "–"],
                ["品牌车型", (car.title if car else "") or "–"],
            ],
            "text": agreement.text.splitlines(),
            "parties": ["甲方（顾客）", "乙方（经销店）"]
            if OLD in agreement.text
            else ["乙方（顾客）", "甲方（经销店）"],
            "signed": f"{agreement.signed_name}　{moment(agreement.signed_at, store)}" if agreement.signed_at else "",
            "signature": _signature(agreement),
        }
