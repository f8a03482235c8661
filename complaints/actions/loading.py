"""Bringing in complaints and opinions of other systems, set-based, and the list of problems they are coded by."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.models import Channel, Complaint, Opinion, Problem, ProblemClass
from core.actor import Actor, allow, allow_anywhere
from core.figures import touch_many
from core.imports import Load, Row, fill, parts_of
from core.logbook import record
from core.rows import atomic, lock
from customers.models import Customer, Vehicle

FIELDS = ("brand", "series", "model_name", "words", "demand", "name", "phone", "nature", "status", "source_status")
_CODE = re.compile(r"[A-Z]\d{1,5}")


def codes_of(cell: str) -> list[str]:
    """The codes in a cell (“H93,H15,”), each once; words that are no list of codes are one code of their own."""
    parts = [one.strip().upper() for one in re.split(r"[,，;；、\s]+", cell) if one.strip()]
    if parts and all(_CODE.fullmatch(one) for one in parts):
        return list(dict.fromkeys(parts))
    return [" ".join(cell.split())[:80]] if cell.strip() else []


@atomic
def load_problems(load: Load, classes: Iterable[dict[str, Any]], *, by: Actor) -> None:
    """Load the list of problems: its classes by letter, its problems by code; what was unknown before becomes known."""
    allow_anywhere(by, "complaints.load")
    found: ProblemClass | None = None
    for one in classes:
        found, _new = ProblemClass.objects.update_or_create(
            letter=one["letter"], defaults={"name_zh": one["name"], "kind": one["kind"]}
        )
        known = {row.code: row for row in Problem.objects.filter(code__in=[code for code, _name in one["problems"]])}
        for code, name in one["problems"]:
            row = known.get(code)
            fresh = {"name_zh": name, "problem_class": found, "is_unknown": False}
            if row is None:
                Problem.objects.create(code=code, **fresh)
                load.created += 1
            elif any(getattr(row, field) != value for field, value in fresh.items()):
                Problem.objects.filter(pk=row.pk).update(**fresh)
                load.updated += 1
            else:
                load.unchanged += 1
    if found is not None:
        record("problems.loaded", found, by=by, **load.counts())


def _problems(codes: Iterable[str]) -> dict[str, Problem]:
    """The problems of these codes; one that is on no list is kept as unknown, so that it stays to be seen."""
    wanted = set(codes)
    found = Problem.objects.in_bulk(wanted, field_name="code")
    letters = {one.letter: one for one in ProblemClass.objects.all()}
    new = [
        Problem(
            code=code,
            name_zh=code,
            is_unknown=True,
            problem_class=letters.get(code[0]) if _CODE.fullmatch(code) else None,
        )
        for code in sorted(wanted - found.keys())
    ]
    Problem.objects.bulk_create(new, ignore_conflicts=True)
    return found | (Problem.objects.in_bulk([one.code for one in new], field_name="code") if new else {})


class _People:
    """The customers and cars of the company that the rows of a part may mean."""

    def __init__(self, load: Load, rows: Sequence[Row]) -> None:
        company = load.place.company
        phones, vins, plates = ({row[name] for row in rows if row[name]} for name in ("phone", "vin", "plate"))
        customers = Customer.objects.living().filter(company=company)
        cars = Vehicle.objects.living().filter(company=company)
        several = Counter(customers.filter(phone__in=phones).values_list("phone", flat=True)) if phones else {}
        self.by_phone = {
            one.phone: one for one in customers.filter(phone__in=[p for p, n in several.items() if n == 1])
        }
        self.by_vin = {one.vin: one for one in cars.filter(vin__in=vins)} if vins else {}
        self.by_plate = {one.plate: one for one in cars.filter(plate__in=plates)} if plates else {}

    def of(self, row: Row) -> dict[str, Any]:
        """The customer and the car of a row, as far as they are known here."""
        car = self.by_vin.get(row["vin"]) or self.by_plate.get(row["plate"])
        return {"customer": self.by_phone.get(row["phone"]), "vehicle": car}


def _fill(case: Complaint, load: Load, row: Row, people: _People, problem: Problem | None) -> list[str]:
    """Bring a case up to date with its row and say what changed."""
    values: dict[str, Any] = {name: row[name] for name in FIELDS} | people.of(row) | {"problem": problem}
    if row["phone"]:
        values["phone"] = row["phone"].partition("/")[0]
    received = load.moment(row["received"])
    values |= {"received_at": received, "received_on": load.place.business_date(received)}
    return fill(case, values, by_hand=False)


@atomic
def load_complaints(load: Load, rows: Sequence[Row], *, by: Actor) -> None:
    """Load cases of another system: one case an id of that source, its codes decoded; nothing is planned."""
    allow(by, "complaints.load", load.place)
    lock(load.place)  # one load at a time
    days: set[Any] = set()
    unknown: Counter[str] = Counter()
    for part in parts_of(rows):
        codes = {row.line: codes_of(row["problems"] or "") for row in part}
        problems = _problems(code for found in codes.values() for code in found)
        unknown.update(code for found in codes.values() for code in found if problems[code].is_unknown)
        days |= _load_part(load, part, {line: [problems[one] for one in found] for line, found in codes.items()})
    if unknown:
        load.say(
            _("%(count)s codes are on no list and are kept as they came: %(codes)s.")
            % {"count": len(unknown), "codes": ", ".join(f"{code} ×{n}" for code, n in unknown.most_common(12))}
        )
    touch_many((load.place.pk, day) for day in days)
    record("complaints.loaded", load.place, by=by, **load.counts())


def _load_part(load: Load, part: Sequence[Row], problems: dict[int, list[Problem]]) -> set[Any]:
    cases = Complaint.objects.filter(store=load.place, origin=load.source, source_id__in=[row["id"] for row in part])
    cases = cases.select_related("problem", "customer", "vehicle").prefetch_related("problems")
    known = {case.source_id: case for case in cases}
    people, days = _People(load, part), set()
    new: list[tuple[Complaint, Row]] = []
    changed: dict[int, Complaint] = {}
    fields: set[str] = {"version"}
    again: list[tuple[Complaint, list[Problem]]] = []
    for row in part:
        found = problems[row.line]
        case = known.get(row["id"]) or Complaint(store=load.place, origin=load.source, source_id=row["id"])
        before = case.received_on
        names = _fill(case, load, row, people, found[0] if found else None)
        if case.pk is None:
            new.append((case, row))
            load.created += 1
        else:
            same = {one.pk for one in case.problems.all()} == {one.pk for one in found}
            if not same:
                again.append((case, found))
            if names or not same:
                case.version += 1
                changed[case.pk] = case
                fields.update(names)
                load.updated += 1
            else:
                load.unchanged += 1
                continue
        days |= {before, case.received_on} - {None}
    Complaint.objects.bulk_update(changed.values(), sorted(fields), batch_size=1000)
    _create(load, new, problems)
    for case, found in again:
        case.problems.set(found)
    return days


def _create(load: Load, new: list[tuple[Complaint, Row]], problems: dict[int, list[Problem]]) -> None:
    Complaint.objects.bulk_create([case for case, _row in new], batch_size=1000)
    ways = [Channel(complaint=case, way=Channel.Way.LOAD, at=case.received_at, remark=load.source) for case, _r in new]
    Channel.objects.bulk_create(ways, batch_size=2000)
    through = Complaint.problems.through
    pairs = [through(complaint=case, problem=one) for case, row in new for one in problems[row.line]]
    through.objects.bulk_create(pairs, batch_size=5000)


@atomic
def load_opinions(load: Load, rows: Sequence[Row], *, by: Actor) -> None:
    """Load what owners say elsewhere as suggestions: one case a text, its topics with their tone beside it."""
    allow(by, "complaints.load", load.place)
    lock(load.place)
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        by_id.setdefault(row["id"], []).append(row)
    known = dict(
        Complaint.objects.filter(store=load.place, origin=load.source, source_id__in=by_id).values_list(
            "source_id", "pk"
        )
    )
    moment = now()
    day = load.place.business_date(moment)
    nature = Complaint.Nature.SUGGESTION
    fresh = [
        Complaint(
            store=load.place,
            origin=load.source,
            source_id=one,
            nature=nature,
            words=found[0]["words"],
            received_at=moment,
            received_on=day,
        )
        for one, found in by_id.items()
        if one not in known
    ]
    Complaint.objects.bulk_create(fresh, batch_size=1000)
    ways = [Channel(complaint=case, way=Channel.Way.LOAD, at=moment, remark=load.source) for case in fresh]
    Channel.objects.bulk_create(ways, batch_size=2000)
    known |= {case.source_id: case.pk for case in fresh}
    there = set(Opinion.objects.filter(complaint__in=known.values()).values_list("complaint", "topic"))
    opinions = {
        (known[row["id"]], row["topic"]): Opinion(
            complaint_id=known[row["id"]], topic=row["topic"], tone=row["tone"], word=row["word"] or ""
        )
        for row in rows
        if row["topic"]
    }
    new = [one for pair, one in opinions.items() if pair not in there]
    Opinion.objects.bulk_create(new, batch_size=2000)
    told = {one.complaint_id for one in new} - {case.pk for case in fresh}
    load.created, load.updated = len(fresh), len(told)
    load.unchanged = len(by_id) - len(fresh) - len(told)
    if fresh:
        touch_many([(load.place.pk, day)])
    record("opinions.loaded", load.place, by=by, **load.counts())
