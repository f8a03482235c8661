"""The same case where others keep it: regulator, manufacturer's hotline, press (K-01, C-44)."""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.cases import LEADING, add_way, people_with
from complaints.actions.clocks import end_clock, start_clock, target_of
from complaints.actions.deadlines import Measures, reach
from complaints.actions.stages import about, open_case
from complaints.models import Channel, Clock, Complaint, Due, OutsideCase, Target, Word
from core.actions import keep_files, notify
from core.actor import Actor, allow
from core.logbook import record
from core.models import Attachment
from core.roles import Role
from core.rows import Refused, atomic, lock
from core.uploads import CleanFile

VERB = "complaints.keep_outside"
Body, Level = OutsideCase.Body, OutsideCase.Level


def dues_of(body: str) -> tuple[str, str]:
    """What runs for a body: the clock of the first answer, and that of the end (none for the press)."""
    if body in OutsideCase.REGULATORS:
        return Due.REGULATOR_ANSWER, Due.REGULATOR_END
    return (Due.OEM_CONTACT, Due.OEM_END) if body == Body.OEM else (Due.PRESS_ANSWER, "")


def way_of(body: str) -> Channel.Way:
    """The channel by which a case came in with a body."""
    if body in OutsideCase.REGULATORS:
        return Channel.Way.REGULATOR
    return Channel.Way.OEM if body == Body.OEM else Channel.Way.PRESS


@atomic
def note_outside(
    complaint: Complaint,
    *,
    body: str,
    number: str = "",
    level: str = Level.ORDINARY,
    url: str = "",
    came_at: datetime | None = None,
    contact: str = "",
    remark: str = "",
    screenshots: Iterable[CleanFile] = (),
    answer_due: date | None = None,
    end_due: date | None = None,
    by: Actor,
) -> OutsideCase:
    """Note that somebody outside keeps the case too: its number, level, link and the deadlines that begin with it."""
    allow(by, VERB, complaint.store)
    complaint = open_case(complaint)
    moment = now()
    came_at = came_at or moment
    if came_at > moment:
        raise Refused(_("It cannot have come in the future."), field="came_at")
    _not_twice(complaint, body, number)
    outside = OutsideCase.objects.create(
        complaint=complaint,
        body=body,
        number=number,
        level=level,
        url=url,
        came_at=came_at,
        contact=contact,
        remark=remark,
    )
    _start(outside, answer_due, end_due)
    keep_files(outside, screenshots, purpose=Attachment.Purpose.PAPER, by=by)
    _note_way(outside, by)
    _tell(outside, by)
    record("outside.noted", outside, by=by, about=[complaint, *about(complaint)], body=body, number=number, level=level)
    return outside


def _note_way(outside: OutsideCase, by: Actor) -> None:
    """The way by which it came in, once: a case that was registered as coming from there has it already."""
    complaint, way = outside.complaint, way_of(outside.body)
    bodies = list(complaint.outside.exclude(pk=outside.pk).values_list("body", flat=True))
    known = list(complaint.channels.filter(way=way))
    if len(known) <= [way_of(body) for body in bodies].count(way):
        add_way(complaint, way, str(outside), at=outside.came_at, by=by)
    elif not known[-1].remark:
        known[-1].remark = str(outside)[:400]
        known[-1].save(update_fields=["remark"])


def _not_twice(complaint: Complaint, body: str, number: str, but: int = 0) -> None:
    same = OutsideCase.objects.open().filter(
        body=body, number=number, complaint__store__company=complaint.store.company
    )
    found = same.exclude(pk=but).select_related("complaint").first() if number else None
    if found:
        raise Refused(_("This number is noted already, in case %(case)s.") % {"case": found.complaint}, field="number")


def _last_moment(complaint: Complaint, day: date) -> datetime:
    """The end of a day at the store, when what a letter asks for by that day is late."""
    return datetime.combine(day, time(23, 59), ZoneInfo(complaint.store.time_zone))


def needs_days(complaint: Complaint, body: str, level: str, moment: datetime) -> list[str]:
    """The clocks of a body for which no rule in force says how long: their days are typed from the letter."""
    return [due for due in dues_of(body) if due and target_of(complaint, due, level, moment) is None]


def _start(outside: OutsideCase, *days: date | None) -> None:
    """Start the clocks of a body: the day of the letter counts first, else the rule in force on the day it came."""
    complaint, came_on = outside.complaint, outside.complaint.store.business_date(outside.came_at)
    unknown = needs_days(complaint, outside.body, outside.level, outside.came_at)
    dues = [(due, day) for due, day in zip(dues_of(outside.body), days, strict=True) if due]
    _check_days(came_on, *days)
    if not any(day or due not in unknown for due, day in dues):
        raise Refused(
            _("No time limit in force on that day is recorded here. Type the day that the letter names."),
            field="answer_due",
        )
    for due, day in dues:
        due_at = _last_moment(complaint, day) if day else None
        start_clock(complaint, due, severity=outside.level, outside=outside, due_at=due_at, moment=outside.came_at)


def _check_days(came_on: date, answer_due: date | None, end_due: date | None) -> None:
    if answer_due and answer_due < came_on:
        raise Refused(_("This day lies before the day it came."), field="answer_due")
    if end_due and end_due < (answer_due or came_on):
        raise Refused(_("This day lies before the day it came or is to be answered."), field="end_due")


def _tell(outside: OutsideCase, by: Actor) -> None:
    """Who keeps the case and the care manager are told; what is public or major reaches the general manager at once."""
    complaint = outside.complaint
    is_grave = outside.is_media or outside.level == Level.MAJOR
    roles = LEADING if is_grave else [Role.CARE_MANAGER]
    people = {*people_with(complaint.store, roles).values_list("pk", flat=True), complaint.keeper_id}
    code = {Channel.Way.REGULATOR: "outside_regulator", Channel.Way.OEM: "outside_oem"}
    address, number = complaint.get_absolute_url(), outside.number or outside.url
    notify(
        people - {by.pk}, code.get(way_of(outside.body), "outside_press"), address, case=str(complaint), number=number
    )


def held(outside: OutsideCase) -> OutsideCase:
    """What others keep, under lock behind its case, as long as it is open there; the case itself may be over."""
    complaint = lock(outside.complaint)
    outside = lock(outside)
    if outside.closed_at:
        raise Refused(_("It is closed there."), code="wrong_status")
    outside.complaint = complaint
    return outside


def keep(outside: OutsideCase, *fields: str) -> None:
    """Write these fields, one version further."""
    outside.version += 1
    outside.save(update_fields=["version", *fields])


@atomic
def edit_outside(
    outside: OutsideCase,
    *,
    number: str = "",
    level: str,
    url: str = "",
    contact: str = "",
    remark: str = "",
    answer_due: date | None = None,
    end_due: date | None = None,
    by: Actor,
) -> OutsideCase:
    """Put right what was noted; another level of the manufacturer's and a day from a new letter move the deadlines."""
    allow(by, VERB, outside.complaint.store)
    outside = held(outside)
    _not_twice(outside.complaint, outside.body, number, outside.pk)
    given = {"number": number, "level": level, "url": url, "contact": contact, "remark": remark}
    changed = {
        name: [getattr(outside, name), value] for name, value in given.items() if getattr(outside, name) != value
    }
    for name, value in given.items():
        setattr(outside, name, value)
    keep(outside, *given)
    _move(outside, "level" in changed, answer_due, end_due)
    days = {name: day for name, day in (("answer_due", answer_due), ("end_due", end_due)) if day}
    record("outside.edited", outside, by=by, about=[outside.complaint], **changed, **days)
    return outside


def _move(outside: OutsideCase, is_other_level: bool, *days: date | None) -> None:
    """Move the ends of running clocks: to the day of a new letter, or nearer when the level asks for more haste."""
    complaint, moment = outside.complaint, now()
    _check_days(complaint.store.business_date(outside.came_at), *days)
    for due, day, field in zip(dues_of(outside.body), days, ("answer_due", "end_due"), strict=True):
        running = Clock.objects.filter(outside=outside, due=due, ended_at=None).first()
        if day and due and running is None and Clock.objects.filter(outside=outside, due=due).exists():
            raise Refused(_("This was met already; its day is not moved any more."), field=field)
        due_at = _last_moment(complaint, day) if day and due else None
        if running and is_other_level and not due_at:
            target = target_of(complaint, due, outside.level, moment)
            sooner = _reach(complaint, target, moment) if target else running.due_at
            due_at = sooner if sooner < running.due_at else None
        if due_at:
            start_clock(complaint, due, outside=outside, due_at=due_at, moment=moment)


def _reach(complaint: Complaint, target: Target, moment: datetime) -> datetime:
    measure = Measures().of(complaint.store, target.unit)
    return reach(measure, moment, measure.amount(target.amount), [])


@atomic
def answer_outside(outside: OutsideCase, *, words: str, by: Actor) -> OutsideCase:
    """Note that the house answered there for the first time, or has reached the customer as the manufacturer asks."""
    allow(by, VERB, outside.complaint.store)
    outside = held(outside)
    due = dues_of(outside.body)[0]
    if outside.is_media:
        raise Refused(_("In public the house answers by a statement."))
    if not Clock.objects.filter(outside=outside, due=due, ended_at=None).exists():
        raise Refused(_("The first answer was given already."), code="wrong_status")
    moment = now()
    end_clock(outside.complaint, due, outside=outside, moment=moment)
    if not outside.complaint.is_locked:  # a case that is over keeps its words as they were
        text = f"{outside}: {words}"[:2000]
        Word.objects.create(complaint=outside.complaint, at=moment, by_name=by.name[:80], text=text)
    keep(outside)
    record("outside.answered", outside, by=by, about=[outside.complaint], words=words)
    return outside


@atomic
def appeal(outside: OutsideCase, *, words: str, files: Iterable[CleanFile] = (), by: Actor) -> OutsideCase:
    """Appeal to the manufacturer against a case that is not the store's, with the proof."""
    allow(by, VERB, outside.complaint.store)
    outside = held(outside)
    if outside.body != Body.OEM:
        raise Refused(_("Only to the manufacturer one appeals here."))
    if outside.appeal:
        raise Refused(_("An appeal was made already."), code="wrong_status")
    outside.appeal, outside.appeal_words, outside.appealed_at = OutsideCase.Appeal.ASKED, words, now()
    keep(outside, "appeal", "appeal_words", "appealed_at")
    keep_files(outside, files, purpose=Attachment.Purpose.PAPER, remark=_("Appeal"), by=by)
    record("outside.appealed", outside, by=by, about=[outside.complaint], words=words)
    return outside


@atomic
def settle_appeal(outside: OutsideCase, *, granted: bool, words: str = "", by: Actor) -> OutsideCase:
    """Note what the manufacturer decided on the appeal."""
    allow(by, VERB, outside.complaint.store)
    outside = held(outside)
    if outside.appeal != OutsideCase.Appeal.ASKED:
        raise Refused(_("No appeal waits for its answer."), code="wrong_status")
    outside.appeal = OutsideCase.Appeal.GRANTED if granted else OutsideCase.Appeal.REFUSED
    keep(outside, "appeal")
    record("outside.appeal_settled", outside, by=by, about=[outside.complaint], granted=granted, words=words)
    return outside


@atomic
def close_outside(outside: OutsideCase, *, result_words: str, by: Actor) -> OutsideCase:
    """Note that the case is closed there and how; its clocks end, the case here goes its own way."""
    allow(by, VERB, outside.complaint.store)
    outside = held(outside)
    if outside.appeal == OutsideCase.Appeal.ASKED:
        raise Refused(_("An appeal still waits for its answer; note that first."))
    moment = now()
    for due in filter(None, dues_of(outside.body)):
        end_clock(outside.complaint, due, outside=outside, moment=moment)
    outside.closed_at, outside.result_words = moment, result_words
    keep(outside, "closed_at", "result_words")
    record("outside.closed", outside, by=by, about=[outside.complaint], result_words=result_words)
    return outside
