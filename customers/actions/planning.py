"""Planning and assigning follow-up calls: what the clock does.

C-27: due within the store's days (3) after the car left, earliest the next day. C-24: only in a frame of the store's
calling calendar in which the customer may be disturbed. Where no such frame lies in time the next one is taken; the
call then counts as late, but not against the agent.
"""

import logging
from collections import Counter as Tally
from collections.abc import Callable
from datetime import date, datetime

from django.db import DatabaseError, connection
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.timezone import now

from core.actor import Actor
from core.calendar import lay_frames
from core.figures import touch_many
from core.logbook import record
from core.models import Calendar, Employee, Posting, Store
from core.roles import Role
from core.rows import atomic, move
from core.wake import wake
from customers.models import Call, VisitNote

log = logging.getLogger(__name__)

STAND_INS = (Role.CARE_MANAGER, Role.SERVICE_MANAGER)

# The hours of one frame in which a customer may be called: the frame cut to a piece of the customer's own hours.
_FROM = "greatest(fr.starts_at, (fr.day + p.hour_from) AT TIME ZONE s.time_zone)"
_UNTIL = "least(fr.ends_at, (fr.day + p.hour_until) AT TIME ZONE s.time_zone)"
_OWN_HOURS = """
    coalesce(c.call_from, time '00:00') AS hour_from, coalesce(c.call_until, time '24:00') AS hour_until,
    coalesce(c.quiet_from, time '24:00') AS quiet_from, coalesce(c.quiet_until, time '24:00') AS quiet_until"""
# The own hours without the quiet ones, in two pieces: before them and after them. Where the quiet hours go over
# midnight the first piece is the day between them, and there is no second one.
_PIECES = """(VALUES
    (CASE WHEN w.quiet_from > w.quiet_until THEN greatest(w.hour_from, w.quiet_until) ELSE w.hour_from END,
     least(w.hour_until, w.quiet_from)),
    (CASE WHEN w.quiet_from > w.quiet_until THEN time '24:00' ELSE greatest(w.hour_from, w.quiet_until) END,
     w.hour_until)
) AS p (hour_from, hour_until)"""
# The next hours are looked up once for each day of leaving and each customer's hours, not once a call: thousands of
# calls of a store share a few of them. Frames of a calendar do not overlap, so the order of their ends is their order.
_HOURS = f"""
    SELECT w.left_on, w.hour_from, w.hour_until, w.quiet_from, w.quiet_until, f.*,
        NOT EXISTS (
            SELECT 1 FROM core_frame fr CROSS JOIN {_PIECES}
            WHERE fr.calendar_id = s.calling_id AND fr.ends_at > w.left_on::timestamp AT TIME ZONE s.time_zone
              AND fr.day > w.left_on AND fr.day <= w.left_on + s.follow_up_days AND {_UNTIL} > {_FROM}
        ) AS none_in_time
    FROM (SELECT DISTINCT left_on, hour_from, hour_until, quiet_from, quiet_until FROM wanted) w
    JOIN core_store s ON s.id = %(store)s
    CROSS JOIN LATERAL (
        SELECT {_FROM} AS starts, {_UNTIL} AS ends, fr.day, fr.is_provisional
        FROM core_frame fr CROSS JOIN {_PIECES}
        WHERE fr.calendar_id = s.calling_id AND fr.ends_at > %(moment)s AND fr.day > w.left_on
          AND {_UNTIL} > {_FROM} AND {_UNTIL} > %(moment)s
        ORDER BY fr.ends_at, p.hour_from LIMIT 1
    ) f
"""  # noqa: S608
# No frame was left in time when the call was planned (none lay there, or the phone came too late): `h.day > due_on`.
_PLAN = f"""
WITH wanted AS (
    SELECT n.id, n.store_id, n.customer_id, n.was_member, n.left_on, n.left_on + s.follow_up_days AS due_on,
        {_OWN_HOURS},
        CASE WHEN n.driver_phone NOT IN ('', coalesce(c.phone, '')) THEN n.driver_name
             ELSE coalesce(nullif(n.driver_name, ''), c.name, '') END AS name,
        coalesce(nullif(n.driver_phone, ''), c.phone) AS phone
    FROM customers_visitnote n
    JOIN core_store s ON s.id = n.store_id
    LEFT JOIN customers_customer c ON c.id = n.customer_id
    WHERE n.store_id = %(store)s AND n.call_pending AND n.origin = '' AND n.left_on >= s.live_from
      AND NOT coalesce(c.do_not_call, false) AND coalesce(nullif(n.driver_phone, ''), c.phone, '') <> ''
), hours AS MATERIALIZED ({_HOURS}), planned AS (
    INSERT INTO customers_call (
        note_id, rule, store_id, customer_id, name, phone, is_member, rank, due_on, original_due_on, not_before,
        not_after, is_planned_late, is_provisional, is_agreed, is_held, status, attempts, answer, reason, suggestion,
        about, address, barred)
    SELECT w.id, 'after_service', w.store_id, w.customer_id, w.name, w.phone, w.was_member,
        CASE WHEN w.was_member THEN '0' ELSE '1' END || to_char(w.due_on, 'YYYYMMDD'), w.due_on, w.due_on,
        h.starts, h.ends, h.day > w.due_on, h.is_provisional, false, false, 'planned', 0, '', '', '', '', '', '{{}}'
    FROM wanted w JOIN hours h USING (left_on, hour_from, hour_until, quiet_from, quiet_until)
    ORDER BY w.id
    ON CONFLICT (note_id, rule) DO NOTHING
    RETURNING note_id
)
UPDATE customers_visitnote SET call_pending = false WHERE id IN (SELECT note_id FROM planned) RETURNING left_on
"""  # noqa: S608
# Who does not want calls is owed none: neither a new one nor one that is still open.
_UNWANTED = """
UPDATE customers_visitnote n SET call_pending = false FROM customers_customer c
WHERE n.store_id = %(store)s AND n.call_pending AND c.id = n.customer_id AND c.do_not_call
"""
# Calls whose hours passed without an answer roll on to the next frame; provisional ones are planned anew.
_ROLL = f"""
WITH wanted AS (
    SELECT k.id, coalesce(k.since, n.left_on) AS left_on, {_OWN_HOURS}
    FROM customers_call k
    LEFT JOIN customers_visitnote n ON n.id = k.note_id
    LEFT JOIN customers_customer c ON c.id = k.customer_id
    WHERE k.store_id = %(store)s AND k.status IN ('planned', 'assigned')
      AND CASE WHEN %(call)s IS NOT NULL THEN k.id = %(call)s
               WHEN %(again)s THEN k.is_provisional AND NOT k.is_agreed
               ELSE k.not_after <= %(moment)s AND NOT k.is_held END
    ORDER BY k.id FOR NO KEY UPDATE OF k SKIP LOCKED
), hours AS MATERIALIZED ({_HOURS})
UPDATE customers_call k SET not_before = greatest(h.starts, %(moment)s), not_after = h.ends,
    is_provisional = h.is_provisional, is_agreed = false,
    is_planned_late = CASE WHEN %(again)s
        THEN h.none_in_time OR (k.is_planned_late AND %(moment)s > k.original_due_on + 1) ELSE k.is_planned_late END
FROM wanted w JOIN hours h USING (left_on, hour_from, hour_until, quiet_from, quiet_until)
WHERE w.id = k.id
"""  # noqa: S608
# An open complaint holds the open calls after service of the same person in the same company until it is settled.
# By the person and by the phone in two parts, each with its index.
_HOLD = """
WITH standing AS (
    SELECT h.id, h.customer_id, h.phone, h.about, h.address, hs.company_id
    FROM customers_callhold h JOIN core_store hs ON hs.id = h.store_id
    WHERE h.ended_at IS NULL AND (%(case)s::bigint IS NULL OR h.case_id = %(case)s)
      AND hs.company_id = (SELECT company_id FROM core_store WHERE id = %(store)s)
), waiting AS (
    SELECT k.id, h.about, h.address, h.id AS hold FROM standing h
    JOIN customers_call k ON k.customer_id = h.customer_id AND k.status IN ('planned', 'assigned')
    JOIN core_store s ON s.id = k.store_id AND s.company_id = h.company_id
    UNION ALL
    SELECT k.id, h.about, h.address, h.id FROM standing h
    JOIN customers_call k ON h.phone <> '' AND k.phone = h.phone AND k.status IN ('planned', 'assigned')
    JOIN core_store s ON s.id = k.store_id AND s.company_id = h.company_id
)
UPDATE customers_call k SET is_held = true, about = w.about, address = w.address
FROM (SELECT DISTINCT ON (id) id, about, address FROM waiting ORDER BY id, hold) w
WHERE k.id = w.id AND k.status IN ('planned', 'assigned') AND k.rule = 'after_service' AND NOT k.is_held
"""


def hold(store: int, *, case: int | None = None) -> int:
    """Hold the open calls of everybody in a store's company whose complaint is open, or of one case; told by planner
    and cases."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"store": store, "case": case})
        return cursor.rowcount


def roll(store: Store, moment: datetime, *, again: bool = False, call: int | None = None) -> int:
    """Move open calls to the next hours in which their customers may be disturbed; told by the planner and by a try."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLL, {"store": store.pk, "moment": moment, "again": again, "call": call})
        return cursor.rowcount


@atomic
def _plan_store(store: Store, moment: datetime, pause: Callable[[], None], *, by: Actor) -> int:
    # one planner a store; whoever comes second has nothing to do here
    if not Store.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=store.pk).exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_UNWANTED, {"store": store.pk})
        cursor.execute(_PLAN, {"store": store.pk, "moment": moment})
        left = [day for (day,) in cursor.fetchall()]
    if left:
        hold(store.pk)
    roll(store, moment)
    if left:
        touch_many((store.pk, day) for day in set(left))
        record("calls.planned", store, by=by, planned=len(left))
    pause()
    return len(left)


def _each(stores: QuerySet[Store], work: Callable[[Store], int]) -> int:
    """Do it store by store; one that fails must not stop the others, but it must be heard of."""
    done, problems = 0, []
    for store in stores.order_by("pk"):
        try:
            done += work(store)
        except DatabaseError as problem:
            log.exception("store %s", store.code)
            problems.append(problem)
    if problems:
        raise problems[0]
    return done


def plan_calls(*, by: Actor, moment: datetime | None = None, pause: Callable[[], None] = lambda: None) -> int:
    """Plan the call each noted visit is owed, store by store; running twice or being killed plans nothing twice."""
    at = moment or now()
    waiting = Q(pk__in=VisitNote.objects.filter(call_pending=True, origin="").values("store"))
    waiting |= Q(pk__in=Call.objects.open().filter(not_after__lte=at, is_held=False).values("store"))

    def plan(store: Store) -> int:
        planned = _plan_store(store, at, pause, by=by)
        pause()
        return planned

    planned = _each(Store.objects.filter(waiting), plan)
    if planned:
        wake("customers.tasks.assign_calls")
    return planned


def _relay(calendar: Calendar, first: date, last: date) -> None:
    found = calendar.frames.filter(day__range=(first, last)).aggregate(first=Min("day"), last=Max("day"))
    if found["first"]:
        lay_frames(calendar, found["first"], found["last"])


@atomic
def replan_calls(first: date, last: date, *, by: Actor, moment: datetime | None = None) -> int:
    """After official holidays were loaded: lay the frames of those days anew and plan provisional calls again."""
    for calendar in Calendar.objects.order_by("pk"):
        _relay(calendar, first, last)
    count = 0
    stores = Store.objects.filter(pk__in=Call.objects.open().filter(is_provisional=True).values("store"))
    for store in stores.order_by("pk"):
        replanned = roll(store, moment or now(), again=True)
        if replanned:
            record("calls.replanned", store, by=by, replanned=replanned)
        count += replanned
    return count


def _agents(store: Store) -> list[Employee]:
    """The care agents of a store with their open calls as `load`."""
    return list(
        Employee.objects.filter(
            Q(postings__store=store) | Q(postings__store__isnull=True, postings__company=store.company_id),
            postings__role=Role.CARE_AGENT,
            postings__is_active=True,
            is_active=True,
        )
        .annotate(load=Count("calls", filter=Q(calls__status=Call.Status.ASSIGNED), distinct=True))
        .order_by("pk")
    )


def _stand_ins(store: Store) -> list[Employee]:
    """Who makes a call after a complaint where no agent may: the care manager, else the service manager."""
    people = Posting.objects.held_in(store, store.company_id).filter(
        role__in=STAND_INS, employee__is_active=True, employee__kind=Employee.Kind.PERSON
    )
    found = sorted(people.select_related("employee"), key=lambda one: (STAND_INS.index(Role(one.role)), one.pk))
    return [one.employee for one in found]


def callers_of(store: Store) -> list[int]:
    """Everybody to whom the calls after complaints of a store are given; told to the complaints room."""
    return [one.pk for one in (*_agents(store), *_stand_ins(store))]


@atomic
def _assign_store(store: Store, *, by: Actor) -> int:
    if not Store.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=store.pk).exists():
        return 0
    calls = list(
        Call.objects.filter(store=store)
        .to_assign()
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .prefetch_related("note__workers")
        .in_queue_order()[:2000]
    )
    agents = _agents(store)
    load = Tally({agent.pk: agent.load for agent in agents})  # type: ignore[attr-defined]
    assigned = []
    for one in calls:
        barred = {*one.barred, *(worker.pk for worker in (one.note.workers.all() if one.note else ()))}
        free = [agent.pk for agent in agents if agent.pk not in barred]
        if not free and one.case_id:
            free = [agent.pk for agent in _stand_ins(store) if agent.pk not in barred][:1]
        if not free:
            continue
        one.agent_id = min(free, key=lambda pk: (load[pk], pk))
        load[one.agent_id] += 1
        if one.status == Call.Status.PLANNED:
            move(one, Call.Status.ASSIGNED)
        assigned.append(one)
    Call.objects.bulk_update(assigned, ["agent", "status"], batch_size=500)
    if assigned:
        record("calls.assigned", store, by=by, assigned=len(assigned))
    return len(assigned)


def assign_calls(*, by: Actor) -> int:
    """Give calls to the agents of their store by open load, members first, never to somebody who worked on the car."""
    stores = Store.objects.filter(pk__in=Call.objects.to_assign().values("store"))
    return _each(stores, lambda store: _assign_store(store, by=by))
