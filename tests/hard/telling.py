"""What the logbook has to say about what was written: which line, by whom, where, about what, and nothing plain."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from core.events import EVENTS, KINDS
from core.models import Detail, Entry, Subject
from tests import audit
from tests.hard.changes import Change

PHONE, VIN = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), re.compile(r"\b(?=\w*\d)[A-HJ-NPR-Z0-9]{17}\b")
# documents that belong to no store and no company, and why
NOWHERE: dict[str, str] = {
    "employee": "works in several stores",
    "accesstoken": "asks in an employee's name",
    "company": "is one",
    "compensationkind": "everybody's data of cases",
    "conductrule": "everybody's data of cases",
    "phrase": "everybody's data of cases",
    "problem": "everybody's data of cases",
    "problemclass": "everybody's data of cases",
    "replytemplate": "everybody's data of cases",
    "step": "everybody's data of cases",
    "target": "everybody's data of cases",
}
# columns that follow from other documents: a line that is about this one, or about what it goes with, is enough
FOLLOWS: dict[str, tuple[set[str], str]] = {
    "service.Visit": ({"status", "kind", "version", "settled_at", "cleared_at"}, ""),
    "service.Order": ({"status", "amount", "version"}, "visit"),
    "service.Job": ({"status"}, "order"),
    "service.Line": ({"taken_up_again_id"}, "taken_up_again"),  # offered again in the order of a later visit
    "complaints.Complaint": ({"version"}, ""),
    "customers.Customer": ({"initials"}, ""),  # of the name
}
TAKES_AWAY = ("removed", "taken_back")  # how verbs end whose document is not there any more
# verbs of a run over a set, of a file, or of a paper beside the case: one line, and the tables that it speaks for
EVERYTHING = {one._meta.label for one in audit.every_model()}
SETS: dict[str, set[str]] = {
    "customer.merged": EVERYTHING,
    "vehicle.merged": EVERYTHING,
    "calls.planned": {"customers.Call", "customers.VisitNote"},
    "calls.replanned": {"customers.Call"},
    "calls.assigned": {"customers.Call"},
    "calls.held": {"customers.Call"},
    "calls.released": {"customers.Call"},
    "outside.noted": {"complaints.Channel"},  # also a way in which the case reached the store
    "outside.answered": {"complaints.Word"},  # also a word with the customer
    "reports.ordered": {"dealer.MonthlyReport"},
    "customers.loaded": {"customers.Customer"},
    "vehicles.loaded": {"customers.Vehicle", "customers.PlateSpan", "customers.OwnerSpan"},
    "catalogue.loaded": {"service.CatalogueItem"},
    "menus.loaded": {"service.Menu", "service.MenuItem"},
    "problems.loaded": {"complaints.Problem", "complaints.ProblemClass"},
    "complaints.loaded": {one for one in EVERYTHING if one.startswith("complaints.")},
    "orders.loaded": {one for one in EVERYTHING if one.startswith(("service.", "finance.", "customers."))},
}


def plain_in(lines: Iterable[Entry]) -> list[str]:
    """Lines with a telephone number or a VIN in what is for ever."""
    told = [(one, f"{one.verb} {one.kind} {one.by_kind} {one.door} {json.dumps(one.fields)}") for one in lines]
    return [f"{one.verb}: {text}" for one, text in told if PHONE.search(text) or VIN.search(text)]


def about_lines(lines: list[Entry], *, by: int | None, door: str) -> Iterator[str]:
    """Lines that do not say who, where, or what; the same thing told twice; in a request, more than one act."""
    if not lines:
        yield "no line"
        return
    if by is not None and len({one.act for one in lines}) != 1:
        yield "several acts"
    tables = {audit.kind_of(model): model for model in audit.every_model() if audit.is_document(model)}
    details = Detail.objects.in_bulk([one.pk for one in lines])
    for one in lines:
        if one.by_kind != "clock" and (one.by_id, one.door) != (by, door):
            yield f"{one.verb} is by {one.by_kind} {one.by_id} through {one.door}"
        if one.by_kind == "clock" and (one.by_id is not None or (by is None and one.door != door)):
            yield f"{one.verb} is by the clock, by {one.by_id} and through {one.door}"
        if one.kind not in KINDS or one.verb not in EVENTS:
            yield f"{one.verb} of {one.kind} is not known"
        elif not tables[one.kind]._base_manager.filter(pk=one.object_id).exists() and not one.verb.endswith(TAKES_AWAY):
            yield f"{one.verb} of {one.kind} {one.object_id}, which is not there"
        if one.company_id is None and one.kind not in NOWHERE:
            yield f"{one.verb} has neither store nor company"
        if not is_sealed(one, details.get(one.pk)):
            yield f"{one.verb} has no detail, or one that its digest does not fit"
    if lines[0].by_kind == "clock" and by is not None:
        yield f"{lines[0].verb} is the first line and by the clock"
    for (verb, kind, pk, digest), n in Counter((x.verb, x.kind, x.object_id, said(details, x)) for x in lines).items():
        if n > 1:
            yield f"{verb} of {kind} {pk} is told {n} times: {digest}"
    yield from plain_in(lines)


def said(details: dict[int, Detail], one: Entry) -> str:
    return json.dumps(details[one.pk].values, sort_keys=True) if one.pk in details else ""


def is_sealed(one: Entry, detail: Detail | None) -> bool:
    """Whether the line's digest is that of its detail."""
    if detail is None or sorted(detail.values) != one.fields:
        return False
    text = json.dumps(detail.values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{detail.salt}{text}".encode()).hexdigest() == one.digest


def untold(lines: list[Entry], changes: list[Change], removed: set[str]) -> Iterator[str]:
    """Rows that were written, or tables in which rows were deleted, without a line about their document."""
    told = {(one.kind, one.object_id) for one in lines}
    about = set(Subject.objects.filter(entry_id__in=[one.pk for one in lines]).values_list("kind", "object_id"))
    verbs = [one.verb for one in lines]
    spoken_for: set[str] = set().union(*(SETS.get(verb, set()) for verb in verbs))
    for one in changes:
        follows, along = FOLLOWS.get(one.label, (set(), ""))
        enough, documents = told, set(audit.documents_of(one.row))
        if one.before is not None and one.columns <= follows:
            enough = told | about
            documents |= set(audit.documents_of(getattr(one.row, along))) if along else set()
        if not enough & documents and one.label not in spoken_for:
            what = sorted(one.columns) if one.before is not None else "new"
            yield f"{one.label} {one.row.pk} ({what}) of {sorted(documents)} is not told by {verbs}"
    for model in audit.every_model():
        if model._meta.db_table in removed and model._meta.label not in audit.NOT_AUDITED and not lines:
            yield f"rows of {model._meta.label} were deleted without a word"


def not_compared(lines: list[Entry], changes: list[Change]) -> Iterator[str]:
    """Lines of an edit that do not say what stood there before and what stands there now."""
    details = Detail.objects.in_bulk([one.pk for one in lines])
    for line in lines:
        if not line.verb.endswith(("edited", "_changed")):
            continue
        own = [x for x in changes if x.before is not None and (line.kind, line.object_id) in audit.documents_of(x.row)]
        values = details[line.pk].values
        for one in own:
            if audit.kind_of(type(one.row)) != line.kind:
                continue
            for column in one.columns - {"version"} - FOLLOWS.get(one.label, (set(), ""))[0]:
                pair = values.get(column, values.get(column.removesuffix("_id")))
                if not isinstance(pair, list) or len(pair) != 2 or pair[0] == pair[1]:
                    yield f"{line.verb} says {values} of {column}: {one.before[column]} -> {one.after[column]}"
