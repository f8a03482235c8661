"""A case comes in, is put right, and is told of when it is major (K-01, K-06, K-17)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.clocks import retime_stage, switch_stage
from complaints.actions.holds import follow_calls
from complaints.actions.stages import about, enter, open_case, save
from complaints.models import Channel, Complaint
from core.actions import end_tasks, give_task, keep_files, notify
from core.actor import Actor, allow
from core.figures import touch
from core.links import fresh_nonce
from core.logbook import record
from core.models import Attachment, Employee, Posting, Store
from core.numbers import next_number
from core.roles import VERBS, Role
from core.rows import Refused, atomic
from customers.models import Call, Customer, Vehicle
from customers.shapes import tidy_phone, tidy_plate
from service.models import Order

WORKING = sorted(role for role, verbs in VERBS.items() if "complaints.take" in verbs and role != Role.INTEGRATION)
LEADING = (Role.GENERAL_MANAGER, Role.CARE_MANAGER)  # who hears of a major case at once (K-17)
AT_ONCE = timedelta(hours=4)  # within which the general manager looks at a major case
ABOUT = ("customer", "vehicle", "order", "name", "phone", "brand", "series", "model_name")


def people_with(store: Store, roles: Iterable[str]) -> Any:
    """Who has one of these roles in a store, in its company or in the group."""
    posted = Posting.objects.held_in(store, store.company_id).filter(role__in=list(roles))
    people = Employee.objects.filter(is_active=True, kind=Employee.Kind.PERSON, pk__in=posted.values("employee"))
    return people.order_by("name", "pk")


def _known_car(store: Store, plate: str) -> Vehicle | None:
    """The car of the store's company that wears this plate or has this VIN."""
    word = tidy_plate(plate)
    cars = Vehicle.objects.living().filter(company=store.company_id)
    return (cars.filter(vin=word) if len(word) == 17 else cars.filter(plate=word)).first() if word else None


def _known_customer(store: Store, phone: str, name: str, vehicle: Vehicle | None) -> Customer | None:
    """The customer of a phone: the car's owner, the one of that name, or the only one; families share phones. Without
    a phone it is the owner of the car, unless somebody else gave a name."""
    owner = vehicle.owner if vehicle else None
    if not phone:
        return owner if owner and name in ("", owner.name) else None
    same = list(Customer.objects.living().filter(company=store.company_id, phone=phone).order_by("-id")[:20])
    if owner and owner in same:
        return owner
    named = [one for one in same if one.name == name]
    return named[0] if named else same[0] if len(same) == 1 else None


def _completed(store: Store, given: dict[str, Any], plate: str, call: Call | None) -> dict[str, Any]:
    """Who and which car, from the order, the call, the phone and the plate, where they were not given."""
    order, vehicle, customer = given["order"], given["vehicle"], given["customer"]
    if order:
        vehicle = vehicle or order.visit.vehicle
    if call:
        vehicle = vehicle or call.vehicle or (call.note.vehicle if call.note else None)
        customer = customer or call.customer
    vehicle = vehicle or _known_car(store, plate)
    name, phone = " ".join(given["name"].split()), tidy_phone(given["phone"])
    if call and not phone and not given["customer"]:
        name, phone = name or call.name, call.phone
    if order and not (customer or phone or name):
        customer = order.visit.customer
    customer = customer or _known_customer(store, phone, name, vehicle)
    for one in (customer, vehicle, order and order.store):
        if one and one.company_id != store.company_id:
            raise Refused(_("Customer, car and order must be of the store's company."), field="store")
    name, phone = name or (customer.name if customer else ""), phone or (customer.phone if customer else "")
    found = given | {"customer": customer, "vehicle": vehicle, "name": name, "phone": phone}
    if vehicle and not (given["brand"] or given["series"] or given["model_name"]):
        found |= {"brand": vehicle.brand, "model_name": vehicle.model}
    return found


def tell_major(complaint: Complaint, by: Actor) -> None:
    """Tell the general manager and the care manager at once that a case is major; the first has it as a task until
    he says that it is done, or the case ends (K-17); told."""
    people = [pk for pk in people_with(complaint.store, LEADING).values_list("pk", flat=True) if pk != by.pk]
    told: dict[str, Any] = {"number": complaint.number, "name": complaint.who, "words": complaint.words[:60]}
    notify(people, "case_major", complaint.get_absolute_url(), **told)
    due_at = now() + AT_ONCE
    for person in people_with(complaint.store, [Role.GENERAL_MANAGER]):
        if person.pk != by.pk:
            give_task(complaint.store, person, "case_major", due_at=due_at, row=complaint, by=by, **told)


def follow_severity(complaint: Complaint, was_major: bool, by: Actor) -> None:
    """Tell of a case that has become major; one that is major no more is nobody's task. Told."""
    is_major = complaint.severity == Complaint.Severity.MAJOR
    if is_major and not was_major:
        tell_major(complaint, by)
    elif was_major and not is_major:
        end_tasks("case_major", complaint, by=by)


def _tell_unkept(complaint: Complaint) -> None:
    """Tell the care managers of a case that nobody keeps yet."""
    people = people_with(complaint.store, [Role.CARE_MANAGER]).values_list("pk", flat=True)
    address, words = complaint.get_absolute_url(), complaint.words[:60]
    notify(people, "case_unkept", address, number=complaint.number, name=complaint.who, words=words)


def _keeper_of(store: Store, by: Actor) -> int | None:
    """Whoever takes a case in and works on cases keeps it (首问负责): no complaint is passed round."""
    return by.pk if by.kind == "employee" and by.may("complaints.take", store) else None


@atomic
def take_in(
    *,
    store: Store,
    nature: str,
    way: str,
    words: str,
    name: str = "",
    phone: str = "",
    demand: str = "",
    customer: Customer | None = None,
    vehicle: Vehicle | None = None,
    order: Order | None = None,
    call: Call | None = None,
    plate: str = "",
    problems: Iterable[Any] = (),
    severity: str = Complaint.Severity.ORDINARY,
    happened_on: date | None = None,
    remark: str = "",
    photos: Iterable[Any] = (),
    brand: str = "",
    series: str = "",
    model_name: str = "",
    by: Actor,
) -> Complaint:
    """A case is there, with its number, its link and its first channel; told by every way by which one comes in."""
    if not words.strip():
        raise Refused(_("Write down what the customer says."), field="words")
    given = {"customer": customer, "vehicle": vehicle, "order": order, "name": name, "phone": phone}
    given |= {"brand": brand, "series": series, "model_name": model_name}
    known = _completed(store, given, plate, call)
    if plate and known["vehicle"] is None:
        known["stated_plate"] = tidy_plate(plate)[:24]
    known |= {"nature": nature, "severity": severity, "words": words.strip(), "demand": demand.strip()}
    complaint = _open(store, list(problems), by, **known, call=call, happened_on=happened_on)
    add_way(complaint, way, remark, at=complaint.received_at, by=by)
    keep_files(complaint, photos, purpose=Attachment.Purpose.DAMAGE, by=by)
    _begin(complaint, by)
    seen = [*about(complaint), call]
    record("complaint.registered", complaint, by=by, about=seen, way=way, **_told(complaint))
    return complaint


def _open(store: Store, problems: list[Any], by: Actor, **known: Any) -> Complaint:
    """The row of a new case: a complaint waits for judgement, an enquiry or a suggestion for its answer (C-37)."""
    moment = now()
    day = store.business_date(moment)
    if known["happened_on"] and known["happened_on"] > day:
        raise Refused(_("This day has not come yet."), field="happened_on")
    is_complaint = known["nature"] == Complaint.Nature.COMPLAINT
    complaint = Complaint.objects.create(
        **known,
        store=store,
        number=next_number(store, "CP", day),
        nonce=fresh_nonce(),
        status=Complaint.Status.RECEIVED if is_complaint else Complaint.Status.ANSWERING,
        problem=problems[0] if problems else None,
        received_at=moment,
        received_on=day,
        keeper_id=_keeper_of(store, by),
    )
    complaint.problems.set(problems)
    return complaint


def add_way(complaint: Complaint, way: str, remark: str, *, at: datetime, by: Actor) -> Channel:
    """Write down a way by which a case came in, and who took it; told."""
    employee = by.pk if by.kind in {"employee", "integration"} else None
    given = {"way": way, "at": at, "by_id": employee, "by_name": by.name[:80], "remark": remark[:400]}
    return Channel.objects.create(complaint=complaint, **given)


def _told(complaint: Complaint) -> dict[str, str]:
    """What the logbook keeps of a new case."""
    found = {"number": complaint.number, "name": complaint.who, "words": complaint.words[:200]}
    return found | {"nature": complaint.nature, "severity": complaint.severity}


def _begin(complaint: Complaint, by: Actor) -> None:
    """Clocks and figures start, and those who must know are told."""
    switch_stage(complaint, complaint.received_at)
    touch(complaint.store_id, complaint.received_on)
    if complaint.severity == Complaint.Severity.MAJOR:
        tell_major(complaint, by)
    if complaint.keeper_id is None:
        _tell_unkept(complaint)


@atomic
def register(*, store: Store, by: Actor, **values: Any) -> Complaint:
    """Take in a complaint, an enquiry or a suggestion (《顾客投诉登记表》): by phone, at the counter, from a call or an
    order."""
    allow(by, "complaints.register", store)
    return take_in(store=store, by=by, **values)


def _renatured(complaint: Complaint, nature: str) -> None:
    """An enquiry that turns out to be a complaint is judged; a complaint that is only a question is answered."""
    if nature == complaint.nature:
        return
    complaint.nature = nature
    if nature == Complaint.Nature.COMPLAINT:
        enter(complaint, Complaint.Status.RECEIVED)
    elif complaint.status != Complaint.Status.ANSWERING:
        if complaint.status != Complaint.Status.RECEIVED:
            raise Refused(_("Work on this complaint has begun; its nature stays."), field="nature")
        enter(complaint, Complaint.Status.ANSWERING)


@atomic
def edit_complaint(complaint: Complaint, *, by: Actor, **values: Any) -> Complaint:
    """Put right what was written down of a case, while it is open; what stood there before stays in the logbook."""
    allow(by, "complaints.edit_complaint", complaint.store)
    complaint = open_case(complaint)
    problems, nature = list(values.pop("problems")), values.pop("nature")
    was_major = complaint.severity == Complaint.Severity.MAJOR
    given = {name: values[name] for name in ABOUT}
    given |= {"name": " ".join(given["name"].split()), "phone": tidy_phone(given["phone"])}
    values |= _completed(complaint.store, given, "", None)
    if values["happened_on"] and values["happened_on"] > complaint.store.business_date(now()):
        raise Refused(_("This day has not come yet."), field="happened_on")
    before = {name: getattr(complaint, name) for name in values} | {"nature": complaint.nature}
    _renatured(complaint, nature)
    for name, value in values.items():
        setattr(complaint, name, value)
    complaint.problem = problems[0] if problems else None
    complaint.problems.set(problems)
    save(complaint, *values, "nature", "status", "problem")
    follow_calls(complaint, now())
    retime_stage(complaint)
    after = values | {"nature": nature}
    changed = {name: [str(old or ""), str(after[name] or "")] for name, old in before.items() if old != after[name]}
    record("complaint.edited", complaint, by=by, about=about(complaint), **changed)
    touch(complaint.store_id, complaint.received_on)
    follow_severity(complaint, was_major, by)
    return complaint
