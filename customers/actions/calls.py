"""Planning, assigning and making follow-up calls.

C-27: due within the store's days (3) after the car left, earliest the next day. C-24: only in a frame of the store's
calling calendar in which the customer may be disturbed. Where no such frame lies in time the next one is taken; the
call then counts as late, but not against the agent.
"""

from collections import Counter as Tally
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.calendar import lay_frames
from core.figures import touch
from core.logbook import record
from core.models import Calendar, Employee, Frame, Store
from core.roles import Role
from core.rows import Refused, atomic, lock, move
from core.wake import wake
from customers.models import Call, CallAttempt, VisitNote

GRACE = timedelta(minutes=30)  # a call that began in time may be written down a little later

# The hours of one frame in which this customer may be called: the frame cut to the customer's own hours.
_FROM = "greatest(fr.starts_at, (fr.day + coalesce(c.call_from, time '00:00')) AT TIME ZONE s.time_zone)"
_UNTIL = "least(fr.ends_at, (fr.day + coalesce(c.call_until, time '24:00')) AT TIME ZONE s.time_zone)"
_NEXT_FRAME = f"""
    CROSS JOIN LATERAL (
        SELECT {_FROM} AS starts, {_UNTIL} AS ends, fr.day, fr.is_provisional
        FROM core_frame fr
        WHERE fr.calendar_id = s.calling_id AND fr.day > n.left_on AND fr.ends_at > %(moment)s
          AND {_UNTIL} > {_FROM} AND {_UNTIL} > %(moment)s
        ORDER BY fr.starts_at LIMIT 1
    ) f
"""  # noqa: S608
_NONE_IN_TIME = f"""
    NOT EXISTS (
        SELECT 1 FROM core_frame fr
        WHERE fr.calendar_id = s.calling_id AND fr.day > n.left_on AND fr.day <= n.left_on + s.follow_up_days
          AND {_UNTIL} > {_FROM}
    )
"""  # noqa: S608
_PLAN = f"""
WITH planned AS (
    INSERT INTO customers_call (
        note_id, rule, store_id, customer_id, name, phone, is_member, rank, due_on, original_due_on, not_before,
        not_after, is_planned_late, is_provisional, is_agreed, status, attempts, answer, reason, suggestion)
    SELECT n.id, 'after_service', n.store_id, n.customer_id,
        CASE WHEN n.driver_phone <> '' THEN n.driver_name ELSE c.name END,
        CASE WHEN n.driver_phone <> '' THEN n.driver_phone ELSE c.phone END,
        n.was_member,
        CASE WHEN n.was_member THEN '0' ELSE '1' END || to_char(n.left_on + s.follow_up_days, 'YYYYMMDD'),
        n.left_on + s.follow_up_days, n.left_on + s.follow_up_days, f.starts, f.ends,
        {_NONE_IN_TIME}, f.is_provisional, false, 'planned', 0, '', '', ''
    FROM customers_visitnote n
    JOIN core_store s ON s.id = n.store_id
    LEFT JOIN customers_customer c ON c.id = n.customer_id
    {_NEXT_FRAME}
    WHERE n.store_id = %(store)s AND n.call_pending AND n.origin = '' AND n.left_on >= s.live_from
      AND NOT coalesce(c.do_not_call, false) AND coalesce(nullif(n.driver_phone, ''), c.phone, '') <> ''
    ON CONFLICT (note_id, rule) DO NOTHING
    RETURNING note_id
), unwanted AS (
    UPDATE customers_visitnote n SET call_pending = false
    FROM customers_customer c
    WHERE n.store_id = %(store)s AND n.call_pending AND c.id = n.customer_id AND c.do_not_call
)
UPDATE customers_visitnote SET call_pending = false WHERE id IN (SELECT note_id FROM planned)
"""  # noqa: S608
# Calls whose hours passed without an answer roll on to the next frame; provisional ones are planned anew.
_ROLL = f"""
UPDATE customers_call k SET not_before = g.starts, not_after = g.ends, is_provisional = g.is_provisional,
    is_planned_late = CASE WHEN %(again)s THEN g.none_in_time ELSE k.is_planned_late END
FROM (
    SELECT k.id, f.starts, f.ends, f.is_provisional, {_NONE_IN_TIME} AS none_in_time
    FROM customers_call k
    JOIN customers_visitnote n ON n.id = k.note_id
    JOIN core_store s ON s.id = k.store_id
    LEFT JOIN customers_customer c ON c.id = k.customer_id
    {_NEXT_FRAME}
    WHERE k.store_id = %(store)s AND k.status IN ('planned', 'assigned')
      AND CASE WHEN %(again)s THEN k.is_provisional AND NOT k.is_agreed ELSE k.not_after <= %(moment)s END
    ORDER BY k.id FOR NO KEY UPDATE OF k SKIP LOCKED
) g
WHERE g.id = k.id
"""  # noqa: S608


@atomic
def _plan_store(store: Store, moment: datetime, *, by: Actor) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, {"store": store.pk, "moment": moment})
        planned = cursor.rowcount
        cursor.execute(_ROLL, {"store": store.pk, "moment": moment, "again": False})
    if planned:
        record("calls.planned", store, by=by, planned=planned)
    return planned


def plan_calls(*, by: Actor, moment: datetime | None = None, pause: Callable[[], None] | None = None) -> int:
    """Plan the call each noted visit is owed, store by store; running twice or being killed plans nothing twice."""
    moment = moment or now()
    waiting = Q(pk__in=VisitNote.objects.filter(call_pending=True, origin="").values("store"))
    waiting |= Q(pk__in=Call.objects.open().filter(not_after__lte=moment).values("store"))
    planned = 0
    for store in Store.objects.filter(waiting).order_by("pk"):
        planned += _plan_store(store, moment, by=by)
        if pause:
            pause()
    if planned:
        wake("customers.tasks.assign_calls")
    return planned


@atomic
def replan_calls(first: date, last: date, *, by: Actor) -> int:
    """After official holidays were loaded: lay the frames of those days anew and plan provisional calls again."""
    for calendar in Calendar.objects.order_by("pk"):
        days = Frame.objects.filter(calendar=calendar, day__range=(first, last)).order_by("day")
        laid = days.values_list("day", flat=True)
        if laid:
            lay_frames(calendar, max(first, laid[0]), last if last < laid[len(laid) - 1] else laid[len(laid) - 1])
    count = 0
    stores = Store.objects.filter(pk__in=Call.objects.open().filter(is_provisional=True).values("store"))
    for store in stores.order_by("pk"):
        with connection.cursor() as cursor:
            cursor.execute(_ROLL, {"store": store.pk, "moment": now(), "again": True})
            replanned = cursor.rowcount
        if replanned:
            record("calls.replanned", store, by=by, replanned=replanned)
        count += replanned
    return count


@atomic
def _assign_store(store: Store, *, by: Actor) -> int:
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    calls = list(
        Call.objects.filter(store=store, status=Call.Status.PLANNED)
        .select_for_update(skip_locked=True, no_key=True)
        .prefetch_related("note__workers")
        .in_queue_order()[:2000]
    )
    agents = list(
        Employee.objects.filter(
            Q(postings__store=store) | Q(postings__store__isnull=True, postings__company=store.company_id),
            postings__role=Role.CARE_AGENT,
            postings__is_active=True,
            is_active=True,
        )
        .annotate(load=Count("calls", filter=Q(calls__status=Call.Status.ASSIGNED), distinct=True))
        .order_by("pk")
    )
    load = Tally({agent.pk: agent.load for agent in agents})
    assigned = []
    for one in calls:
        workers = {worker.pk for worker in one.note.workers.all()}
        free = [agent.pk for agent in agents if agent.pk not in workers]
        if not free:
            continue
        one.agent_id = min(free, key=lambda pk: (load[pk], pk))
        load[one.agent_id] += 1
        move(one, Call.Status.ASSIGNED)
        assigned.append(one)
    Call.objects.bulk_update(assigned, ["agent", "status"], batch_size=500)
    if assigned:
        record("calls.assigned", store, by=by, assigned=len(assigned))
    return len(assigned)


def assign_calls(*, by: Actor) -> int:
    """Give planned calls to the agents of their store by open load, never to somebody who worked on the car."""
    stores = Store.objects.filter(pk__in=Call.objects.filter(status=Call.Status.PLANNED).values("store"))
    return sum(_assign_store(store, by=by) for store in stores.order_by("pk"))


def _may_disturb(one: Call) -> bool:
    if one.is_agreed and one.not_before - GRACE <= now() <= one.not_after + GRACE:
        return True
    moment = now()
    clock = localtime(moment).time()
    if one.customer and one.customer.call_from and one.customer.call_until:
        late = (datetime.combine(date.min, one.customer.call_until) + GRACE).time()
        if not one.customer.call_from <= clock <= late:
            return False
    return Frame.objects.filter(
        calendar=one.store.calling_id, starts_at__lte=moment, ends_at__gt=moment - GRACE
    ).exists()


def _refuse_worker(one: Call, by: Actor) -> None:
    if one.note.workers.filter(pk=by.pk).exists():
        raise Refused(_("You worked on this car, so somebody else makes this call."))


@atomic
def call(
    call: Call,
    *,
    outcome: str,
    answer: str = "",
    reason: str = "",
    suggestion: str = "",
    agreed_at: datetime | None = None,
    seconds: int | None = None,
    remark: str = "",
    by: Actor,
) -> Call:
    """Write down one attempt to reach the customer, with the answers when the call came through."""
    allow(by, "customers.call", call.store)
    call = lock(call)
    _refuse_worker(call, by)
    if call.status not in {Call.Status.PLANNED, Call.Status.ASSIGNED}:
        raise Refused(_("This call is already closed."))
    if not _may_disturb(call):
        raise Refused(_("The customer must not be disturbed now. The call may be made in the hours shown."))
    Outcome = CallAttempt.Outcome
    if outcome == Outcome.REACHED and not answer:
        raise Refused(_("Please note whether the customer is satisfied."), field="answer")
    if answer == Call.Answer.DISSATISFIED and not reason:
        raise Refused(_("Please write down why the customer is dissatisfied."), field="reason")
    if outcome == Outcome.ANOTHER_TIME and not agreed_at:
        raise Refused(_("Please enter the time the customer asked for."), field="agreed_at")
    moment = now()
    CallAttempt.objects.create(call=call, at=moment, by_id=by.pk, outcome=outcome, seconds=seconds, remark=remark)
    call.attempts += 1
    call.first_attempt_at = call.first_attempt_at or moment
    call.agent_id = call.agent_id or by.pk
    fields: dict[str, Any] = {}
    if outcome == Outcome.REACHED:
        move(call, Call.Status.REACHED)
        fields = {"answer": answer, "reason": reason, "suggestion": suggestion, "closed_at": moment}
    elif outcome == Outcome.REFUSED:
        move(call, Call.Status.DROPPED)
        fields = {"closed_at": moment}
        if call.customer:
            customer = lock(call.customer)
            customer.do_not_call, customer.version = True, customer.version + 1
            customer.save(update_fields=["do_not_call", "version"])
            record("customer.calls_refused", customer, by=by, do_not_call=[False, True])
    elif outcome == Outcome.ANOTHER_TIME and agreed_at:
        fields = _agreed(call, agreed_at)
    elif call.attempts >= call.store.call_attempts:
        move(call, Call.Status.GIVEN_UP)
        fields = {"closed_at": moment}
    for name, value in fields.items():
        setattr(call, name, value)
    call.save(update_fields=["attempts", "first_attempt_at", "agent", "status", *fields])
    touch(call.store_id, call.note.left_on)
    record(
        "call.made",
        call,
        by=by,
        about=[call.customer, call.note.vehicle],
        outcome=outcome,
        answer=answer,
        reason=reason,
    )
    return call


def _agreed(call: Call, at: datetime) -> dict[str, Any]:
    if at <= now():
        raise Refused(_("The agreed time must lie in the future."), field="agreed_at")
    day = call.store.business_date(at)
    due_on = max(call.due_on, day)
    return {
        "not_before": at,
        "not_after": at + timedelta(hours=1),
        "is_agreed": True,
        "due_on": due_on,
        "rank": f"{0 if call.is_member else 1}{due_on:%Y%m%d}",
    }


@atomic
def agree_time(call: Call, *, agreed_at: datetime, by: Actor) -> Call:
    """Agree another time with the customer; the first due date stays visible beside it."""
    allow(by, "customers.agree_time", call.store)
    call = lock(call)
    if call.status not in {Call.Status.PLANNED, Call.Status.ASSIGNED}:
        raise Refused(_("This call is already closed."))
    fields = _agreed(call, agreed_at)
    for name, value in fields.items():
        setattr(call, name, value)
    call.save(update_fields=list(fields))
    record("call.time_agreed", call, by=by, about=[call.customer], agreed_at=agreed_at)
    return call


@atomic
def reassign(call: Call, *, agent: Employee, by: Actor) -> Call:
    """Give a call to another agent."""
    allow(by, "customers.reassign", call.store)
    call = lock(call)
    if call.note.workers.filter(pk=agent.pk).exists():
        raise Refused(_("This person worked on the car. Choose somebody else."), field="agent")
    if call.status == Call.Status.PLANNED:
        move(call, Call.Status.ASSIGNED)
    elif call.status != Call.Status.ASSIGNED:
        raise Refused(_("This call is already closed."))
    before = str(call.agent or "")
    call.agent = agent
    call.save(update_fields=["agent", "status"])
    record("call.reassigned", call, by=by, agent=[before, str(agent)])
    return call
