"""What the complaints room tells customer care: hold the calls of a person, let them go on, call after a remedy."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.timezone import now

from core.actor import Actor
from core.figures import touch
from core.logbook import record
from core.models import Store
from core.rows import atomic, move
from core.wake import wake
from customers.actions.planning import hold, roll
from customers.models import Call, CallHold, Customer, Vehicle

HOUR = timedelta(hours=1)


@atomic
def hold_calls(
    *,
    store: Store,
    case_id: int,
    about: str,
    address: str,
    customer: Customer | None = None,
    phone: str = "",
    moment: datetime,
    by: Actor,
) -> int:
    """Let the calls after service of a person wait while a complaint is open, in every store of the company; told.

    Calls that are planned meanwhile wait too. Twice is once, and a case that opens again holds anew.
    """
    what = {"store": store, "about": about, "address": address, "customer": customer, "phone": phone}
    standing, is_new = CallHold.objects.get_or_create(case_id=case_id, defaults={**what, "started_at": moment})
    if not is_new and standing.ended_at is None and (standing.customer, standing.phone) == (customer, phone):
        return 0
    if not is_new:
        moment = moment if standing.ended_at else standing.started_at
        CallHold.objects.filter(pk=standing.pk).update(**what, started_at=moment, ended_at=None)
    held = hold(store.pk, case=case_id)
    if held:
        record("calls.held", store, by=by, about=[customer], held=held, case=about)
    return held


@atomic
def release_calls(case_id: int, *, moment: datetime, by: Actor) -> int:
    """Let calls go on that waited for a case which is now settled: at the next permitted hours, and due anew; told."""
    ended = CallHold.objects.select_for_update(no_key=True, of=("self",)).filter(case_id=case_id).first()
    if ended is None or ended.ended_at:
        return 0
    ended.ended_at = moment
    ended.save(update_fields=["ended_at"])
    of_person = Q(customer=ended.customer_id, customer__isnull=False) | Q(phone=ended.phone) & ~Q(phone="")
    rows = Call.objects.held().filter(of_person, store__company=ended.store.company_id)
    waiting = rows.select_related("store").select_for_update(no_key=True, of=("self",)).order_by("pk")
    free = [one for one in waiting if not CallHold.objects.of(one).exists()]
    for one in free:
        _go_on(one, moment)
    if free:
        record("calls.released", ended.store, by=by, about=[ended.customer], released=len(free), case=ended.about)
    return len(free)


def _go_on(call: Call, moment: datetime) -> None:
    """Its time begins anew, so that the wait is not held against anybody."""
    call.is_held, call.about, call.address = False, "", ""
    call.since = call.store.business_date(moment)
    call.due_on = call.since + timedelta(days=call.store.follow_up_days)
    call.rank = rank_of(call.is_member, call.due_on)
    call.save(update_fields=["is_held", "about", "address", "since", "due_on", "rank"])
    roll(call.store, moment, call=call.pk)
    touch(call.store_id, call.counted_on)


def rank_of(is_member: bool, due_on: date) -> str:
    """How a call is sorted: members first, then by due time."""
    return f"{0 if is_member else 1}{due_on:%Y%m%d}"


@atomic
def drop_case_call(case_id: int, *, by: Actor) -> None:
    """A case ended otherwise: the call that was to follow it is not made; told."""
    rows = Call.objects.open().filter(case_id=case_id).select_for_update(no_key=True, of=("self",))
    for one in rows.order_by("pk"):
        move(one, Call.Status.DROPPED)
        one.closed_at = now()
        one.save(update_fields=["status", "closed_at"])
        touch(one.store_id, one.counted_on)
        record("call.dropped", one, by=by, about=[one.customer])


@atomic
def plan_case_call(
    *,
    store: Store,
    case_id: int,
    about: str,
    address: str,
    since: date,
    customer: Customer | None = None,
    name: str = "",
    phone: str = "",
    vehicle: Vehicle | None = None,
    barred: list[int],
    is_wanted: bool = False,
    moment: datetime,
    by: Actor,
) -> Call | None:
    """Plan the call after the remedy of a complaint, in permitted hours, by nobody who is barred from it; told.

    None when it cannot be: no phone, no hours, or a person who wants no calls and did not agree to this one. One that
    is planned already is that one.
    """
    phone = phone or (customer.phone if customer else "")
    if not phone or (customer and customer.do_not_call and not is_wanted):
        return None
    is_member = bool(customer and customer.is_member)
    due_on = since + timedelta(days=store.follow_up_days)
    standing = Call.objects.open().filter(case_id=case_id, rule=Call.Rule.CLOSING).first()
    if standing:
        return standing
    made = Call.objects.create(
        case_id=case_id,
        rule=Call.Rule.CLOSING,
        store=store,
        about=about,
        address=address,
        since=since,
        customer=customer,
        name=name or (customer.name if customer else ""),
        phone=phone,
        vehicle=vehicle,
        barred=sorted(set(barred)),
        is_member=is_member,
        rank=rank_of(is_member, due_on),
        due_on=due_on,
        original_due_on=due_on,
        not_before=moment,
        not_after=moment + HOUR,
    )
    if not roll(store, moment, again=True, call=made.pk):
        made.delete()
        return None
    made.refresh_from_db()
    touch(store.pk, since)
    record("call.planned", made, by=by, about=[customer, vehicle], case=about)
    wake("customers.tasks.assign_calls")
    return made


@atomic
def bar_case_call(case_id: int, barred: list[int], *, by: Actor) -> None:
    """Others may not make the call after a remedy any more: whoever of them has it gives it back; told."""
    rows = Call.objects.open().filter(case_id=case_id, rule=Call.Rule.CLOSING)
    for one in rows.select_for_update(no_key=True, of=("self",)):
        one.barred = sorted(set(barred))
        if one.agent_id in one.barred:
            one.agent = None
            if one.status == Call.Status.ASSIGNED:
                move(one, Call.Status.PLANNED)
        one.save(update_fields=["barred", "agent", "status"])
        record("call.barred", one, by=by, about=[one.customer], barred=one.barred)
        wake("customers.tasks.assign_calls")
