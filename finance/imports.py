"""The kind of load that this room takes: an old system's finished orders, with what was settled for them.

It lives here and not in service, because it makes settlements too: what touches two rooms belongs to the upper one.
"""

from decimal import Decimal

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.cells import Bad, amount, choice, key, moment, percent, text, whole
from core.imports import Column, Kind, Load, Row
from core.taxes import cents
from customers.imports import CUSTOMER_ID, MILEAGE, PLATE, VEHICLE_ID, VIN, plate, vin
from finance import actions
from service.actions import PastLine, PastOrder
from service.models import Line, Party, Share, Visit

K, P, R = Visit.Kind, Party.Kind, Share.Reason
MONEY = amount(99_999_999)
KINDS = {
    **dict.fromkeys(["事故", "事故车", "保险事故", "accident"], K.ACCIDENT.value),
    **dict.fromkeys(["召回", "服务活动", "recall"], K.RECALL.value),
    **dict.fromkeys(["索赔", "三包", "保修", "三包索赔", "warranty"], K.WARRANTY.value),
    **dict.fromkeys(["返修", "返工", "内返", "comeback", "rework"], K.COMEBACK.value),
    **dict.fromkeys(["首保", "首次保养", "first maintenance", "first service"], K.FIRST.value),
    **dict.fromkeys(["保养", "定保", "定期保养", "常规保养", "maintenance"], K.MAINTENANCE.value),
    **dict.fromkeys(["维修", "修理", "小修", "机修", "一般维修", "普通维修", "repair"], K.REPAIR.value),
    **dict.fromkeys(["PDI", "新车检测", "新车PDI"], K.PDI.value),
    **dict.fromkeys(["内部", "内部维修", "internal"], K.INTERNAL.value),
}
PAYERS = {
    **dict.fromkeys(["客户", "自费", "客户自费", "现金", "customer", "customer pay"], P.CUSTOMER.value),
    **dict.fromkeys(["厂家", "厂方", "主机厂", "索赔", "三包", "manufacturer", "warranty"], P.MANUFACTURER.value),
    **dict.fromkeys(["保险", "保险公司", "insurance", "insurer"], P.INSURER.value),
    **dict.fromkeys(["延保", "延保公司", "extended"], P.EXTENDED.value),
    **dict.fromkeys(["销售", "销售部", "sales"], P.SALES.value),
    **dict.fromkeys(["供应商", "supplier"], P.SUPPLIER.value),
    **dict.fromkeys(["内部", "本店", "店内", "internal", "store"], P.STORE.value),
}
# who pays when the file does not say: only what follows from the kind of the job; everything else is the customer's
PAYER_OF = {
    K.WARRANTY: P.MANUFACTURER,
    K.RECALL: P.MANUFACTURER,
    K.PDI: P.SALES,
    K.INTERNAL: P.STORE,
}
REASONS = {
    (P.CUSTOMER, K.ACCIDENT): R.ACCIDENT,
    (P.MANUFACTURER, K.RECALL): R.RECALL,
}
REASON_OF = {
    P.CUSTOMER: R.REPAIR,
    P.MANUFACTURER: R.WARRANTY,
    P.INSURER: R.ACCIDENT,
    P.EXTENDED: R.EXTENDED,
    P.SALES: R.PDI,
    P.SUPPLIER: R.GOODWILL,
    P.STORE: R.INTERNAL,
}


def _service_orders(load: Load, rows: list[Row]) -> None:
    orders = []
    for row in rows:
        try:
            orders.append(_order(load, row))
        except _Unfit as problem:
            load.reject(row, problem.field, str(problem))
    actions.note_history(load, orders, by=load.by)


class _Unfit(Bad):
    """A row whose cells can be read but do not fit together."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def _order(load: Load, row: Row) -> PastOrder:
    arrived = load.moment(row["arrived"])
    if row["left"] is None and "left" in load.fields:
        raise _Unfit(
            "left",
            _("The car has not left in the old system. Only finished orders are loaded; open ones are received here."),
        )
    left = load.moment(row["left"]) if row["left"] else arrived  # a file with one date: out again on the same day
    if left < arrived:
        raise _Unfit("left", _("The car cannot leave before it arrives."))
    if left > now():
        raise _Unfit("left", _("This lies in the future."))
    kind = Visit.Kind(row["kind"] or K.REPAIR)
    payer = Party.Kind(row["payer"] or PAYER_OF.get(kind, P.CUSTOMER))
    return PastOrder(
        row=row,
        arrived_at=arrived,
        left_at=left,
        kind=kind.value,
        words=row["words"],
        cause=row["cause"] or "",
        remedy=row["remedy"] or "",
        payer=payer.value,
        reason=REASONS.get((payer, kind), REASON_OF[payer]).value,
        lines=_lines(row),
    )


def _lines(row: Row) -> list[PastLine]:
    """Labour and parts as they were invoiced: a discount lowers both alike, and the last line takes the rest."""
    labour, parts = cents(row["labour"] or Decimal(0)), cents(row["parts"] or Decimal(0))
    total = labour + parts
    due = _due(row, total)
    if total and due <= total:
        paid_labour = cents(labour * due / total) if parts else due
        paid_parts, rest = due - paid_labour, Decimal(0)
    else:  # nothing is said of labour and parts, or fees of another kind stand in the bill too
        paid_labour, paid_parts, rest = labour, parts, due - total
    hours = row["hours"] or Decimal(1)
    words = row["words"][:160]
    lines = []
    if labour or row["labour_name"] or row["labour_code"] or row["labour_cost"]:
        name, code = row["labour_name"] or words, row["labour_code"] or ""
        lines.append(_line(Line.Kind.LABOUR, name, paid_labour, row["labour_cost"], hours, code))
    if parts or row["part_name"] or row["parts_cost"]:
        lines.append(_line(Line.Kind.PART, row["part_name"] or words, paid_parts, row["parts_cost"]))
    if rest:
        lines.append(_line(Line.Kind.OTHER, words, rest, None))
    return lines


def _line(
    kind: str, name: str, amount: Decimal, cost: Decimal | None, quantity: Decimal = Decimal(1), code: str = ""
) -> PastLine:
    return PastLine(
        kind=str(kind), name=name, amount=amount, quantity=quantity, code=code, cost=cents(cost or Decimal(0))
    )


def _due(row: Row, total: Decimal) -> Decimal:
    lowered = total * (100 - row["discount"]) / 100 if row["discount"] else total
    if row["amount"] is None:
        return cents(lowered)
    # old systems round the percentage, so the bill is what counts; a whole percent off is a column misread
    if total and row["discount"] is not None and abs(lowered - row["amount"]) > max(total / 100, Decimal("0.02")):
        raise _Unfit(
            "amount",
            _("Labour and parts less the discount come to %(sum)s, but %(amount)s was invoiced.")
            % {"sum": cents(lowered), "amount": row["amount"]},
        )
    return cents(row["amount"])


SERVICE_ORDERS = Kind(
    "service-orders",
    _service_orders,
    (
        Column(
            "id",
            "工单号|工单编号|委托书号|委托单号|维修单号|结算单号|业务单号|RO号|job id|job no|order id|order no"
            "|order number|repair order|ro number|work order",
            key,
            needed=True,
            is_identity=True,
        ),
        Column("visit", "进厂编号|进厂单号|入厂编号|接车单号|visit id|visit no", key),
        Column("vehicle", VEHICLE_ID, key),
        Column("vin", VIN, vin),
        Column("plate", PLATE, plate),
        Column("customer", CUSTOMER_ID, key),
        Column(
            "arrived",
            "进厂日期|进厂时间|入厂日期|入厂时间|到店日期|到店时间|接车日期|接车时间|开单日期|开单时间|维修日期"
            "|arrival date|start date|open date|repair date",
            moment,
            needed=True,
        ),
        Column(
            "left",
            "出厂日期|出厂时间|离厂日期|离厂时间|交车日期|交车时间|结算日期|结算时间|完工日期|完工时间"
            "|delivery date|close date|closed date",
            moment,
        ),
        Column("mileage", MILEAGE, whole(0, 9_999_999)),
        Column("kind", "维修类型|维修类别|业务类型|工单类型|job type|order type|service type", choice(KINDS, "kind")),
        Column(
            "words",
            "故障描述|客户描述|客户陈述|报修项目|维修项目|维修内容|项目名称|complaint|job description|description",
            text(2000, cut=True),
            needed=True,
            like="kind",
        ),
        Column("cause", "故障原因|原因|诊断结果", text(2000, cut=True)),
        Column("remedy", "维修措施|处理措施|处理结果|维修方案|correction", text(2000, cut=True)),
        Column("payer", "付款方|付费方|结算方式|费用性质|费用类别|pay type", choice(PAYERS, "payer")),
        Column("labour", "工时费|工时费用|工时金额|工费|人工费|labour amount|labor amount|labour charge", MONEY),
        Column("labour_name", "工时名称|作业项目|labour operation", text(160, cut=True)),
        Column("labour_code", "工时代码|工时编码|工位代码|labour code|labor code", text(40)),
        Column("labour_cost", "工时成本|人工成本", MONEY),
        Column("hours", "工时|工时数|标准工时|labour hours|labor hours", amount(9_999)),
        Column("parts", "材料费|配件费|配件金额|材料金额|零件费|备件费|parts amount|part amount", MONEY),
        Column("part_name", "配件名称|材料名称|零件名称|part name", text(160, cut=True)),
        Column("parts_cost", "配件成本|材料成本|零件成本|parts cost", MONEY),
        Column("discount", "优惠率|折扣率|discount percent", percent),
        Column(
            "amount",
            "实收金额|结算金额|应收金额|开票金额|invoiced amount|invoice amount|金额|总金额|合计|合计金额|total amount",
            MONEY,
        ),
        Column("satisfaction", "满意度|评分|客户评分|customer rating|rating", whole(1, 5)),
        Column("oem_number", "厂家单号|索赔单号|主机厂单号|oem number", text(30)),
    ),
)
