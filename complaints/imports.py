"""The kinds of load that this room takes: a list of problems, complaints of another system, and opinions of owners."""

import json
from typing import Any

from django.utils.translation import gettext as _

from complaints import actions
from complaints.models import Complaint, Opinion, ProblemClass
from core.cells import Bad, choice, key, moment, text, words
from core.imports import Column, Kind, Load, Row
from core.rows import Refused
from customers.imports import PLATE, VIN, phone, plate, vin

MOST_BYTES = 5 * 2**20
NATURES = {
    **dict.fromkeys(["投诉", "抱怨", "complaint"], Complaint.Nature.COMPLAINT.value),
    **dict.fromkeys(["咨询", "询问", "enquiry", "inquiry"], Complaint.Nature.ENQUIRY.value),
    **dict.fromkeys(["建议", "意见", "suggestion"], Complaint.Nature.SUGGESTION.value),
}
# where a case of another system stands: what its words mean in ours; other words leave it as received
STATUSES = {
    "信息审核": Complaint.Status.RECEIVED,
    "厂家受理": Complaint.Status.INVESTIGATING,
    "处理反馈": Complaint.Status.CARRYING_OUT,
    "用户评分": Complaint.Status.CALLING,
}
TONES = {
    **dict.fromkeys(["-1", "负面", "negative"], Opinion.Tone.BAD.value),
    **dict.fromkeys(["0", "中性", "neutral"], Opinion.Tone.NEUTRAL.value),
    **dict.fromkeys(["1", "正面", "positive"], Opinion.Tone.GOOD.value),
}
_KINDS = {"z": ProblemClass.Kind.QUALITY, "f": ProblemClass.Kind.SERVICE}


def tone(value: Any, load: Load) -> int:
    """Reads the tone of an opinion: -1, 0 or 1, or the word for it."""
    found = words(value).casefold()
    if found not in TONES:
        raise Bad(_("“%(text)s” is no tone: -1 is negative, 0 neutral, 1 positive.") % {"text": found[:40]})
    return TONES[found]


def _load_problems(load: Load, rows: list[Row]) -> None:
    actions.load_problems(load, _classes(load), by=load.by)


def _classes(load: Load) -> list[dict[str, Any]]:
    """The classes of a JSON list: {"name", "value": letter, "zf": z or f, "items": [{"id", "title"}]}."""
    broken = _("“%(file)s” is no list of problems: classes with name, value and items are expected, as JSON.")
    try:
        if load.path.stat().st_size > MOST_BYTES:
            raise ValueError(load.path)
        found = json.loads(load.path.read_text(encoding="utf-8-sig"))
        classes = [
            {
                "letter": str(one["value"]).strip(),
                "name": str(one["name"]).strip()[:60],
                "kind": _KINDS.get(one.get("zf"), ProblemClass.Kind.OTHER),
                "problems": [(f"{one['value']}{item['id']}", str(item["title"]).strip()[:80]) for item in one["items"]],
            }
            for one in found
        ]
    except OSError as problem:
        raise Refused(
            _("“%(file)s” cannot be read: %(why)s.") % {"file": load.path, "why": problem.strerror}
        ) from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Refused(broken % {"file": load.path.name}) from problem
    load.read = sum(len(one["problems"]) for one in classes)
    return classes


def _load_complaints(load: Load, rows: list[Row]) -> None:
    for row in rows:
        told = row["source_status"]
        row.values["status"] = STATUSES.get(told or "", Complaint.Status.RECEIVED)
        row.values["nature"] = row["nature"] or Complaint.Nature.COMPLAINT
    actions.load_complaints(load, rows, by=load.by)


def _load_opinions(load: Load, rows: list[Row]) -> None:
    actions.load_opinions(load, rows, by=load.by)


CASE_ID = "投诉编号|投诉单号|编号|complaint id|case id|odino|cmplid"
WORDS = "投诉内容|投诉描述|投诉详情|内容|描述|简述|问题描述|desc|description|complaint"
PROBLEMS = Kind("problems", _load_problems, needs_store=False, needs_source=False)
COMPLAINTS = Kind(
    "complaints",
    _load_complaints,
    (
        Column("id", CASE_ID, key, needed=True, is_identity=True),
        Column("received", "投诉时间|投诉日期|受理时间|日期|时间|datetime|date|received", moment, needed=True),
        Column("words", WORDS, text(4000, cut=True), needed=True),
        Column("demand", "诉求|顾客要求|投诉诉求|demand", text(2000, cut=True)),
        Column("brand", "品牌|厂牌|投诉品牌|make", text(40)),
        Column("series", "车系|投诉车系|car_model|car model", text(60)),
        Column("model_name", "车型|投诉车型|type|model", text(80, cut=True)),
        Column("problems", "典型问题|问题代码|故障代码|问题|problem|component", text(400, cut=True)),
        Column("source_status", "状态|投诉状态|处理状态|status", text(40)),
        Column("nature", "性质|类别|nature", choice(NATURES, "nature")),
        Column("name", "投诉人|姓名|客户姓名|complainant", text(80)),
        Column("phone", "电话|手机|联系电话|手机号|mobile|tel", phone),
        Column("plate", PLATE, plate),
        Column("vin", VIN, vin),
    ),
)
OPINIONS = Kind(
    "opinions",
    _load_opinions,
    (
        Column("id", "content_id|编号|id", key, needed=True),
        Column("words", "content|内容|评论|观点", text(4000, cut=True), needed=True),
        Column("topic", "subject|主题|topic", text(40)),
        Column("tone", "sentiment_value|情感|情感倾向|tone", tone, needed=True),
        Column("word", "sentiment_word|情感词", text(40, cut=True)),
    ),
)
