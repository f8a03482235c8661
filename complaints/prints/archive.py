"""The whole case as one document (投诉档案, K-16): every form, the files with their digests, the logbook."""

import base64
import hashlib
import io
from typing import Any

from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from complaints.actions import measures_of
from complaints.models import Accountability, Complaint, OutsideCase, Pause, may_see_costs
from complaints.prints.agreements import given_said
from complaints.prints.cases import registration
from core.actor import Actor
from core.events import events_of
from core.models import Attachment
from core.notices import task_said
from core.prints import day, in_chinese, moment, money
from core.templatetags.ui import minutes
from customers.models import Call

SIDE = 1100  # pixels of a picture on paper: half a page wide at 300 dots an inch
MOST_LINES = 500  # of the logbook, the newest
MOST_PICTURES = 80  # more are listed with their digest and not drawn
Rows = list[list[str]]


def _judgement(case: Complaint) -> Rows:
    store = case.store
    found = [
        ("判断人", f"{case.judged_by or '–'}　{moment(case.judged_at, store)}" if case.judged_at else ""),
        ("答复客户", case.reply),
        ("答复时间", moment(case.replied_at, store) if case.replied_at else ""),
        ("客户反应", " ".join(part for part in (str(case.get_reaction_display()), case.reaction_words) if part)),
        ("调查方向", case.get_route_display()),
        ("调查结果", case.findings),
        ("责任人", str(case.responsible or "")),
        ("根本原因", case.get_cause_display()),
        ("五个为什么", "\n".join(f"{n}. {why}" for n, why in enumerate(case.whys, 1))),
        ("免费返修", str(case.rework or "")),
    ]
    return [[name, str(value)] for name, value in found if value]


def _options(case: Complaint, with_costs: bool) -> list[dict[str, Any]]:
    store, found = case.store, []
    for one in case.options.with_given():
        said = {"推荐": one.is_best, "客户倾向": one.is_preferred, "采用": one.is_chosen, "已撤回": one.removed_at}
        marks = [word for word, is_so in said.items() if is_so]
        rows = [["方案", one.words], ["补偿", "、".join(given_said(given) for given in one.compensations.all())]]
        if with_costs:
            rows += [["内部成本", money(one.cost)], ["补偿价值", money(one.worth)], ["内部备注", one.remark]]
        if one.seen_at:
            rows.append(["主管过目", f"{one.seen_by or '–'}　{moment(one.seen_at, store)}　{one.seen_words}"])
        found.append({"title": f"方案 {one.position}", "marks": "、".join(marks), "rows": [r for r in rows if r[1]]})
    return found


def _decision(case: Complaint, with_costs: bool) -> Rows:
    store = case.store
    at = {"告知客户": case.told_at, "要求完成": case.instruction_due, "执行完毕": case.carried_out_at}
    rows = [
        ["现场解决", "是" if case.is_on_spot else ""],
        ["决定人", f"{case.decided_by or '–'}　{moment(case.decided_at, store)}" if case.decided_at else ""],
        ["批示", case.instruction],
        *([name, moment(value, store)] for name, value in at.items() if value),
        ["客户接受", f"{case.accepted_by}　{moment(case.accepted_at, store)}" if case.accepted_at else ""],
    ]
    if with_costs and case.decided_at:
        rows.append(["本案成本", money(case.cost)])
    return [row for row in rows if row[1]]


def _agreements(case: Complaint) -> list[dict[str, str]]:
    store = case.store
    return [
        {
            "text": one.text,
            "state": "已撤销" if one.cancelled_at else "已签署" if one.signed_at else "未签署",
            "signed": f"{one.signed_name}　{moment(one.signed_at, store)}" if one.signed_at else "",
        }
        for one in case.agreements.all()
    ]


def _measures(case: Complaint) -> Rows:
    return [
        [task_said(one), str(one.assignee), moment(one.due_at, case.store), str(one.get_status_display()), one.outcome]
        for one in measures_of(case)
    ]


def _accountability(case: Complaint) -> Rows:
    rows = Accountability.objects.filter(complaint=case).with_names()
    return [
        [f"{one.employee}\n{one.get_part_display()}", one.rule, one.words, one.heard or "–",
         f"{one.get_measure_display()}，{one.points} 分", f"{one.get_status_display()}\n{one.decided_by or ''}"]
        for one in rows
    ]  # fmt: skip


def _calls(case: Complaint) -> Rows:
    store = case.store
    made = Call.objects.filter(case_id=case.pk, rule=Call.Rule.CLOSING).select_related("agent").order_by("id")
    rows = [
        [moment(one.closed_at, store), "结案回访", str(one.agent or "–"),
         str(one.get_answer_display() or one.get_status_display()),
         " ".join(part for part in (one.reason, one.suggestion) if part)]
        for one in made
    ]  # fmt: skip
    rows += [
        [moment(one.at, store), str(one.get_way_display()), str(one.by or "–"), str(one.get_outcome_display()),
         one.remark]
        for one in case.attempts.select_related("by")
    ]  # fmt: skip
    return sorted(rows)


def _clocks(case: Complaint) -> Rows:
    store, found = case.store, []
    for one in case.clocks.order_by("started_at", "id"):
        late = "超时" if one.is_late else "按时" if one.ended_at else "计时中"
        spent = minutes(one.spent_minutes)
        found.append([str(one.get_due_display()), moment(one.started_at, store), moment(one.due_at, store),
                      moment(one.ended_at, store), spent, late])  # fmt: skip
    for pause in Pause.objects.filter(complaint=case):
        said = f"暂停：{pause.get_reason_display()} {pause.remark}".strip()
        found.append([said, moment(pause.started_at, store), "–", moment(pause.ended_at, store), "–", ""])
    return found


def _outside(case: Complaint) -> Rows:
    return [
        [str(one), str(one.get_level_display()), moment(one.came_at, case.store),
         " ".join(part for part in (str(one.get_appeal_display()), one.appeal_words) if part), one.statement,
         moment(one.closed_at, case.store) + (f"\n{one.result_words}" if one.result_words else "")]
        for one in case.outside.all()
    ]  # fmt: skip


def _promises(case: Complaint) -> Rows:
    words = {True: "已兑现", False: "未兑现", None: "未到期"}
    return [
        [one.words, str(one.by), moment(one.due_at, case.store), words[one.is_kept], one.remark]
        for one in case.promises.select_related("by")
    ]


def _learnt(case: Complaint) -> Rows:
    return [
        [one.words, str(one.owner), day(one.due_on), str(one.get_status_display()), one.done_words, one.check_words]
        for one in case.corrections.select_related("owner")
    ]


def _end(case: Complaint) -> Rows:
    store = case.store
    found = [
        ("处理结果", str(case.get_result_display())),
        ("说明", case.result_words),
        ("结案时间", moment(case.closed_at, store) if case.closed_at else ""),
        ("重新打开", f"{case.reopened} 次" if case.reopened else ""),
        ("结案后复查", moment(case.checked_at, store) if case.checked_at else ""),
        ("复查结果", " ".join(part for part in (str(case.get_check_reaction_display()), case.check_words) if part)),
        ("已知问题通报", "、".join(one.title for one in case.bulletins.all())),
        ("关联案件", "、".join(str(one) for one in (case.same_as, case.repeat_of) if one)),
    ]
    return [[name, value] for name, value in found if value]


def _drawn(content: bytes) -> tuple[str, int, int]:
    """A picture small enough for paper, as a drawing that carries it, and its size."""
    with Image.open(io.BytesIO(content)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    width, height = picture.size
    held = base64.b64encode(out.getvalue()).decode()
    size = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}">'
        f'<image {size} href="data:image/jpeg;base64,{held}"/></svg>',
        width,
        height,
    )


def _files(case: Complaint) -> tuple[Rows, list[dict[str, Any]]]:
    """The files of the case, its agreements and of what others keep: listed with their digests, pictures drawn."""
    parts = [case, *case.agreements.all(), *OutsideCase.objects.filter(complaint=case)]
    rows: Rows = []
    pictures: list[dict[str, Any]] = []
    for part in parts:
        for one in Attachment.objects.of(part).kept():
            number, state = str(len(rows) + 1), "缺失"
            if default_storage.exists(one.path):
                with default_storage.open(one.path) as file:
                    content = file.read()
                state = "一致" if hashlib.sha256(content).hexdigest() == one.digest else "不一致"
                if one.is_image and state == "一致" and len(pictures) < MOST_PICTURES:
                    drawn, width, height = _drawn(content)
                    title = " ".join(w for w in (number, one.get_purpose_display(), one.remark or one.name) if w)
                    pictures.append({"title": title, "drawn": drawn, "is_tall": height > width})
            name = " ".join(part for part in (one.name, one.remark) if part)
            rows.append([number, f"{one.get_purpose_display()}\n{name}", one.added_by,
                         moment(one.added_at, case.store), one.digest, state])  # fmt: skip
    return rows, pictures


def _log(case: Complaint) -> Rows:
    return [[moment(one["at"], case.store), one["who"], one["text"]] for one in reversed(events_of(case, MOST_LINES))]


def archive(complaint: Complaint, by: Actor) -> dict[str, Any]:
    """The archive of a case for one reader: costs and accountability only for those who may see them."""
    store, case = complaint.store, complaint
    with_costs, with_people = may_see_costs(by, store), by.may("complaints.see_accountability", store)
    form = registration(case)
    with in_chinese():
        files, pictures = _files(case) if by.may("core.see_attachments", store) else ([], [])
        return form | {
            "title": "投诉档案",
            "number": str(case),
            "created": case.closed_at or case.received_at,
            "variant": "内部版：含内部成本" if with_costs else "不含内部成本",
            "judged": _judgement(case),
            "options": _options(case, with_costs),
            "decision": _decision(case, with_costs),
            "agreements": _agreements(case),
            "measures": _measures(case),
            "accountability": _accountability(case) if with_people else [],
            "calls": _calls(case),
            "clocks": _clocks(case),
            "outside": _outside(case),
            "promises": _promises(case),
            "learnt": _learnt(case),
            "end": _end(case),
            "files": files,
            "pictures": pictures,
            "log": _log(case),
        }
