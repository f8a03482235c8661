"""What stands on the printed repair order (委托书) and job card (派工单): the same as on the screen."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.storage import default_storage

from core.models import Attachment
from core.prints import head, in_chinese, moment, money, plain, plate
from service.models import GuaranteeRule, Job, Line, Order

# Rules of the market, as they stand on the document: settlement before payment, extra work only with consent, removed
# parts, the repair guarantee (first reached, from the day the car leaves), the record of the repair.
GUARANTEE = (  # as the rules in force since 2005 say it; `guarantee_on` says it for any day
    "质量保证期自竣工出厂之日起计算，里程与时间以先到者为准：整车修理或总成修理 20000 公里或 100 日；"
    "二级维护 5000 公里或 30 日；一级维护、小修及专项修理 2000 公里或 10 日。"
)
TERMS = [
    "维修过程中发现需要增加项目的，须先征得客户同意并在本委托书上记录后方可施工；未列明的项目不收费。",
    "承修方结算前提供工时费、材料费分列的结算清单；预计费用发生变化时及时告知客户。",
    "更换下的旧件交客户自行处理，客户声明不要的除外；承修方不得擅自使用客户车辆。",
    GUARANTEE,
    "质量保证期内因同一故障返修的，承修方在 3 日内不能证明属于其他原因的，无偿返修。车内贵重物品请客户自行保管。",
]


SCOPES = {
    Job.Scope.ASSEMBLY: "整车修理或总成修理",
    Job.Scope.SECOND: "二级维护",
    Job.Scope.SMALL: "一级维护、小修及专项修理",
}


def guarantee_on(day: date) -> str:
    """The terms of the repair guarantee by the rules in force on a day."""
    rules = GuaranteeRule.objects.filter(since__lte=day).order_by("since")
    latest = {rule.scope: rule for rule in rules}
    spans = [
        f"{name} {latest[scope].km} 公里或 {latest[scope].days} 日" for scope, name in SCOPES.items() if scope in latest
    ]
    return f"质量保证期自竣工出厂之日起计算，里程与时间以先到者为准：{'；'.join(spans)}。"


def terms_on(day: date) -> list[str]:
    """What is agreed by signing, with the guarantee of that day."""
    return [guarantee_on(day) if one is GUARANTEE else one for one in TERMS]


def _consent(line: Line) -> str:
    """The customer's answer to a line: by whom, when and how."""
    said = str(line.get_consent_display())
    if not line.consent_at:
        return said
    at = moment(line.consent_at, line.job.order.store)[5:]
    return f"{said}\n{line.consent_by} {line.get_consent_via_display()}\n{at}"


def _line(line: Line) -> list[str]:
    payers = "、".join(
        f"{share.party or share.get_payer_display()}（{share.get_reason_display()}）"
        + (f" {money(share.amount)}" if share.amount != line.amount else "")
        for share in line.shares.all()
    )
    return [
        str(line.get_kind_display()),
        line.code or "–",
        line.name,
        f"{plain(line.quantity)} {line.unit}".strip(),
        money(line.price),
        money(line.amount),
        payers or "–",
        _consent(line),
    ]


def _job(job: Job) -> dict[str, Any]:
    return {
        "position": job.position,
        "words": job.words,
        "kind": str(job.get_kind_display()),
        "status": str(job.get_status_display()),
        "technician": "、".join(str(one) for one in (job.technician, *job.helpers.all()) if one),
        "cause": job.cause,
        "remedy": job.remedy,
        "lines": [_line(line) for line in job.lines.all()],
    }


def _jobs(order: Order) -> list[Job]:
    rows = order.jobs.select_related("technician", "menu").prefetch_related("lines__shares__party", "helpers", "holds")
    jobs = list(rows)
    for job in jobs:
        job.order = order
        for line in job.lines.all():
            line.job = job
    return jobs


def _signature(order: Order) -> dict[str, Any] | None:
    """The newest signature that was drawn on screen for this order, as the bytes of its picture."""
    kept = Attachment.objects.of(order).filter(purpose=Attachment.Purpose.SIGNATURE).order_by("-id").first()
    if kept is None:
        return None
    try:
        with default_storage.open(kept.path) as file:
            picture = list(file.read())
    except FileNotFoundError:
        return None
    return {"picture": picture, "by": kept.remark, "at": moment(kept.added_at, order.store)}


def _meta(order: Order) -> list[list[str]]:
    visit, store = order.visit, order.store
    owner, vehicle = visit.customer, visit.vehicle
    return [
        ["委托方（车主）", str(owner) if owner else "–"],
        ["车主电话", (owner.phone if owner else "") or "–"],
        ["送修人", visit.driver_name or "–"],
        ["送修人电话", visit.driver_phone or "–"],
        ["付款方", str(visit.payer or owner or "–")],
        ["送修人可同意金额", money(visit.spending_limit) if visit.spending_limit is not None else "不限"],
        ["车牌号", plate(vehicle.plate)],
        ["品牌车型", vehicle.title or "–"],
        ["车辆识别代号（VIN）", vehicle.vin or "–"],
        ["进厂里程", f"{visit.mileage:,} km" if visit.mileage is not None else "–"],
        ["进厂时间", moment(visit.arrived_at, store)],
        ["接车时间", moment(visit.received_at, store)],
        ["承诺交车时间", moment(visit.promised_at, store)],
        ["首次承诺", moment(visit.promised_first, store)],
        ["客户在店等候", "是" if visit.waits else "否"],
        ["旧件", "交还客户" if visit.wants_old_parts else "客户不要"],
        ["洗车", "已洗" if visit.washed_at else "需要" if visit.wants_wash else "不需要"],
        ["钥匙牌", visit.key_tag or "–"],
        ["停车位", visit.parking or "–"],
        ["交车地点与方式", f"{store.name}，结算后凭出门证提车"],
        ["厂家工单号", order.oem_number or "–"],
    ]


def _consents(order: Order, lines: list[Line]) -> list[str]:
    """What the customer said, when, to whom it was said how; what was said in one breath is one line."""
    given: dict[tuple[str, str, str], list[Line]] = {}
    for line in sorted((one for one in lines if one.consent_at), key=lambda one: (one.consent_at, one.pk)):
        said = (moment(line.consent_at, order.store), line.consent_by, str(line.get_consent_via_display()))
        given.setdefault(said, []).append(line)
    return [
        f"{at}　{by}（{via}）：" + "，".join(f"{line.name} {line.get_consent_display()}" for line in one)
        for (at, by, via), one in given.items()
    ]


def repair_order(order: Order) -> dict[str, Any]:
    """The data of the printed repair order; what the customer declined is shown as such and not counted."""
    jobs = _jobs(order)
    lines = [line for job in jobs for line in job.lines.all()]
    counted = [line for line in lines if line.consent in {Line.Consent.ASKED, Line.Consent.AUTHORISED}]
    net = sum((line.net for line in counted), Decimal(0))
    with in_chinese():
        return {
            "title": "机动车维修委托书",
            "number": str(order),
            "state": str(order.get_status_display()),
            "date": f"开单 {moment(order.opened_at, order.store)}　服务顾问 {order.visit.advisor or '–'}",
            "created": order.opened_at,
            "head": head(order.store),
            "meta": _meta(order),
            "jobs": [_job(job) for job in jobs],
            "sums": [
                [str(Line.Kind(kind).label), money(sum((x.amount for x in counted if x.kind == kind), Decimal(0)))]
                for kind in Line.Kind
                if any(x.kind == kind for x in counted)
            ],
            "net": money(net),
            "vat": money(order.amount - net),
            "total": money(order.amount),
            "consents": _consents(order, lines),
            "terms": terms_on(order.opened_on),
            "signature": _signature(order),
        }


def _card(job: Job) -> dict[str, Any]:
    """One job card: what is to be done with the customer's consent, and what must not be touched."""
    store = job.order.store
    agreed = [line for line in job.lines.all() if line.consent == Line.Consent.AUTHORISED]
    other = [line for line in job.lines.all() if line.consent != Line.Consent.AUTHORISED]
    hours = sum((line.quantity for line in agreed if line.kind == Line.Kind.LABOUR), Decimal(0))
    return {
        "position": job.position,
        "words": job.words,
        "facts": [
            ["作业类别", str(job.get_kind_display())],
            ["工种", str(job.get_trade_display())],
            ["维修范围", str(job.get_scope_display())],
            ["状态", str(job.get_status_display())],
            ["主修技师", str(job.technician or "–")],
            ["协作技师", "、".join(str(one) for one in job.helpers.all()) or "–"],
            ["派工时间", moment(job.dispatched_at, store)],
            ["工时合计", f"{plain(hours)} h"],
        ],
        "lines": [
            [str(x.get_kind_display()), x.code or "–", x.name, f"{plain(x.quantity)} {x.unit}".strip()] for x in agreed
        ],
        "not_agreed": [f"{line.name}（{line.get_consent_display()}）" for line in other],
        "holds": [
            f"{one.get_kind_display()}，自 {moment(one.started_at, store)}" + (f"，{one.remark}" if one.remark else "")
            for one in job.holds.all()
            if one.ended_at is None
        ],
        "remark": job.check_remark if job.check_failures else "",
        "failures": job.check_failures,
        "cause": job.cause,
        "remedy": job.remedy,
    }


def job_card(order: Order) -> dict[str, Any]:
    """The data of the job cards (派工单) of an order, one page a job: no prices, for the workshop's eyes."""
    visit, store = order.visit, order.store
    jobs = [job for job in _jobs(order) if job.status != Job.Status.DROPPED]
    with in_chinese():
        return {
            "title": "派工单",
            "number": str(order),
            "state": str(order.get_status_display()),
            "date": f"开单 {moment(order.opened_at, store)}　服务顾问 {visit.advisor or '–'}",
            "created": order.opened_at,
            "head": head(store),
            "plate": plate(visit.vehicle.plate) if visit.vehicle.plate else visit.vehicle.vin or str(visit.vehicle),
            "meta": [
                ["品牌车型", visit.vehicle.title or "–"],
                ["车辆识别代号（VIN）", visit.vehicle.vin or "–"],
                ["进厂里程", f"{visit.mileage:,} km" if visit.mileage is not None else "–"],
                ["承诺交车时间", moment(visit.promised_at, store)],
                ["客户在店等候", "是" if visit.waits else "否"],
                ["钥匙牌", visit.key_tag or "–"],
                ["停车位", visit.parking or "–"],
                ["旧件", "交还客户" if visit.wants_old_parts else "客户不要"],
            ],
            "cards": [_card(job) for job in jobs],
        }
