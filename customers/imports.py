"""The kinds of load that this room takes: an old system's customers and cars, and the official holidays."""

import re
from typing import Any

from django.utils.translation import gettext as _

from core.cells import Bad, choice, day, digits, key, text, whole, yes_or_no
from core.holidays import enter_holidays, read_notices
from core.imports import Column, Kind, Load, Row
from customers import actions
from customers.models import Customer
from customers.shapes import is_vin, kind_of_plate, tidy_phone, tidy_plate, tidy_vin

# headings that rows of other kinds use as well
CUSTOMER_ID = "客户编号|客户号|客户代码|客户ID|会员编号|customer id|customer no|customer number|customer code"
VEHICLE_ID = "车辆编号|车辆ID|车辆代码|car id|vehicle id|vehicle no|car no|car number"
PLATE = "车牌|车牌号|车牌号码|牌照|牌照号|plate number|license plate|licence plate"
VIN = "车架号|车架号码|车辆识别代号|车辆识别代码|底盘号|VIN码|VIN号|chassis number"
MILEAGE = "里程|里程数|行驶里程|进厂里程|公里数|表显里程|km|odometer"

PHONE = re.compile(r"1[3-9]\d{9}|0\d{7,14}|\+\d{6,15}|[48]00\d{7,9}")
NO_PLATE = {"无", "无牌", "未上牌", "未挂牌", "新车", "临牌", "临时牌"}
KINDS = {
    **dict.fromkeys(["个人", "个体", "私人", "自然人", "individual", "private", "person"], Customer.Kind.PERSON.value),
    **dict.fromkeys(["单位", "公司", "企业", "corporate", "company", "business", "firm"], Customer.Kind.FIRM.value),
}
LEVELS = {
    **dict.fromkeys(["无", "普通", "普通客户", "非会员", "none", "no"], ""),
    **dict.fromkeys(["银卡", "银卡会员", "银", "silver"], Customer.Level.SILVER.value),
    **dict.fromkeys(["金卡", "金卡会员", "金", "gold"], Customer.Level.GOLD.value),
    **dict.fromkeys(["白金卡", "白金会员", "铂金", "铂金卡", "钻石", "platinum"], Customer.Level.PLATINUM.value),
}


def phone(value: Any, load: Load) -> str:
    """Reads a phone number, or several, the first being the one to call; they come joined by a slash."""
    found = digits(value)
    whole_number = tidy_phone(found)
    if PHONE.fullmatch(whole_number):
        return whole_number
    several = [tidy_phone(one) for one in re.split(r"[/、,;\s]+", found) if one]
    if several and all(PHONE.fullmatch(one) for one in several):
        return "/".join(dict.fromkeys(several))
    raise Bad(_("“%(text)s” is not a phone number: a mobile number has 11 digits.") % {"text": found[:40]})


def vin(value: Any, load: Load) -> str:
    """Reads a VIN: wrong characters or another length are an error; the check digit is judged later."""
    found = tidy_vin(digits(value))
    if found and not is_vin(found):
        raise Bad(
            _("“%(text)s” is no VIN: a VIN has 17 characters, letters and digits without I, O and Q.")
            % {"text": found[:40]}
        )
    return found


def plate(value: Any, load: Load) -> str:
    """Reads a licence plate; “no plate yet” in words is none."""
    found = tidy_plate(str(value))
    if found in NO_PLATE:
        return ""
    if kind_of_plate(found) is None:
        raise Bad(
            _("“%(plate)s” is not a licence plate. Check the province, the letter and the length.")
            % {"plate": found[:40]}
        )
    return found


def _customers(load: Load, rows: list[Row]) -> None:
    actions.load_customers(load, rows, by=load.by)


def _vehicles(load: Load, rows: list[Row]) -> None:
    actions.load_vehicles(load, rows, by=load.by)


def _holidays(load: Load, rows: list[Row]) -> None:
    # the holidays are core's, the calls that lie on them this room's: what touches two rooms belongs to the upper one
    for notice in read_notices(load):
        if enter_holidays(load, notice, by=load.by):
            replanned = actions.replan_calls(notice.first, notice.last, by=load.by)
            load.say(
                _("The working hours of %(year)s follow the official notice now; %(count)s calls were planned again.")
                % {"year": notice.year, "count": replanned}
            )


CUSTOMERS = Kind(
    "customers",
    _customers,
    (
        Column(
            "id",
            CUSTOMER_ID,
            key,
            needed=True,
            is_identity=True,
        ),
        Column("name", "客户姓名|姓名|车主姓名|车主|客户名称|名称|customer name|full name|owner name", text(80)),
        Column(
            "phone",
            "手机|手机号|手机号码|电话|电话号码|联系电话|联系方式|移动电话|mobile|tel|telephone|phone number",
            phone,
        ),
        Column("kind", "客户类型|客户性质|客户类别|类型|customer type|type", choice(KINDS, "kind")),
        Column("level", "会员等级|会员级别|会员类型|membership|member level", choice(LEVELS, "level")),
        Column("city", "城市|地区|所在地|区域|location|area", text(60)),
        Column("do_not_call", "免打扰|拒绝回访|不回访|do not call", yes_or_no),
        Column("remark", "备注|说明|remarks|note|notes|comment", text(2000, cut=True)),
    ),
)
VEHICLES = Kind(
    "vehicles",
    _vehicles,
    (
        Column(
            "id",
            VEHICLE_ID,
            key,
            needed=True,
            is_identity=True,
        ),
        Column("owner", f"{CUSTOMER_ID}|车主编号|owner id", key),
        Column("plate", PLATE, plate),
        Column("vin", VIN, vin),
        Column("brand", "品牌|厂牌|car brand|make", text(40)),
        Column("model", "车型|车系|车型名称|car model", text(60)),
        Column("year", "年款|车型年份|model year", whole(1950, 2100)),
        Column("mileage", MILEAGE, whole(0, 9_999_999)),
        Column("sold_on", "购车日期|销售日期|购买日期|sale date|purchase date|sold", day),
        Column(
            "warranty_from", "质保开始日期|保修起始日期|质保起始日|三包起始日期|warranty start|warranty start date", day
        ),
    ),
)
HOLIDAYS = Kind("holidays", _holidays, needs_store=False)
