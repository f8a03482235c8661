"""Known issues by model and fault, of this house, of a peer, of the manufacturer (同业问题警示, K-24)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from complaints.models import Bulletin, Complaint
from core.actions import keep_files, notify
from core.actor import Actor, allow, allow_company
from core.logbook import record
from core.models import Attachment, Company, Employee, Posting
from core.roles import Role
from core.rows import Refused, atomic, lock
from core.uploads import CleanFile

KEEP, LINK = "complaints.publish_bulletin", "complaints.link_case"
READERS = (Role.ADVISOR, Role.ACCIDENT_SPECIALIST, Role.CARE_AGENT, Role.CARE_MANAGER, Role.SERVICE_MANAGER)
OFTEN, WITHIN_DAYS = 3, 90  # so many cases of one series and fault in so many days are worth a bulletin


def _readers_of(company: Company) -> Any:
    posted = Posting.objects.filter(is_active=True, role__in=READERS)
    posted = posted.filter(Q(store__company=company) | Q(company=company))
    people = Employee.objects.filter(is_active=True, kind=Employee.Kind.PERSON, pk__in=posted.values("employee"))
    return people.values_list("pk", flat=True)


def _named(values: dict[str, Any]) -> dict[str, Any]:
    for name in ("title", "brand", "series", "source_words"):
        values[name] = " ".join((values.get(name) or "").split())
    if not (values["brand"] or values["series"]):
        raise Refused(_("Say which cars it is about: a brand or a series."), field="brand")
    return values


def _check_case(complaint: Complaint, company_id: int) -> None:
    if complaint.store.company_id != company_id:
        raise Refused(_("This case is one of another company."), field="complaint")


@atomic
def publish_bulletin(
    *, company: Company, complaint: Complaint | None = None, files: Iterable[CleanFile] = (), by: Actor, **values: Any
) -> Bulletin:
    """Tell the reception of a known issue: it shows wherever a car that it is about comes in (K-24)."""
    allow_company(by, "complaints.publish_bulletin", company.pk)
    if complaint is not None:
        _check_case(complaint, company.pk)
    published_by = by.pk if by.kind in {"employee", "integration"} else None
    bulletin = Bulletin.objects.create(
        company=company, published_at=now(), published_by_id=published_by, **_named(values)
    )
    keep_files(bulletin, files, purpose=Attachment.Purpose.PAPER, by=by)
    told = {"title": bulletin.title, "cars": f"{bulletin.brand} {bulletin.series}".strip()}
    record("bulletin.published", bulletin, by=by, about=[complaint], **told)
    if complaint is not None:
        bulletin.complaints.add(complaint)
    people = [pk for pk in _readers_of(company) if pk != by.pk]
    notify(people, "bulletin_published", bulletin.get_absolute_url(), name=by.name, **told)
    return bulletin


def _in_force(bulletin: Bulletin) -> Bulletin:
    bulletin = lock(bulletin)
    if bulletin.ended_on:
        raise Refused(_("This bulletin has ended."), code="wrong_status")
    return bulletin


@atomic
def edit_bulletin(bulletin: Bulletin, *, by: Actor, **values: Any) -> Bulletin:
    """Put a bulletin right, or add what is known by now."""
    allow_company(by, KEEP, bulletin.company_id)
    bulletin = _in_force(bulletin)
    values = _named(values)
    before = {name: getattr(bulletin, name) for name in values}
    changed = {name: [str(before[name] or ""), str(new or "")] for name, new in values.items() if before[name] != new}
    if changed:
        for name, value in values.items():
            setattr(bulletin, name, value)
        bulletin.version += 1
        bulletin.save(update_fields=["version", *values])
        record("bulletin.edited", bulletin, by=by, **changed)
    return bulletin


@atomic
def end_bulletin(bulletin: Bulletin, *, reason: str, by: Actor) -> Bulletin:
    """End a bulletin, because the issue is none any more; no reception shows it from now on."""
    allow_company(by, KEEP, bulletin.company_id)
    bulletin = _in_force(bulletin)
    bulletin.ended_on, bulletin.version = localdate(), bulletin.version + 1
    bulletin.save(update_fields=["ended_on", "version"])
    record("bulletin.ended", bulletin, by=by, reason=reason)
    return bulletin


@atomic
def link_bulletin(complaint: Complaint, *, bulletin: Bulletin, by: Actor) -> Complaint:
    """Note that a case belongs to a known issue; possible after its end too. Twice is once."""
    allow(by, LINK, complaint.store)
    if complaint.store.company_id != bulletin.company_id:
        raise Refused(_("This bulletin is one of another company."), field="bulletin")
    bulletin = lock(bulletin)
    if not bulletin.complaints.filter(pk=complaint.pk).exists():
        bulletin.complaints.add(complaint)
        told = {"title": bulletin.title, "number": str(complaint)}
        record("bulletin.linked", bulletin, by=by, about=[complaint], **told)
    return complaint


@atomic
def unlink_bulletin(complaint: Complaint, *, bulletin: Bulletin, by: Actor) -> Complaint:
    """A case does not belong to a known issue after all."""
    allow(by, LINK, complaint.store)
    bulletin = lock(bulletin)
    if not bulletin.complaints.filter(pk=complaint.pk).exists():
        raise Refused(_("This case is not linked with it."), field="bulletin")
    bulletin.complaints.remove(complaint)
    told = {"title": bulletin.title, "number": str(complaint)}
    record("bulletin.unlinked", bulletin, by=by, about=[complaint], **told)
    return complaint


def same_of(complaint: Complaint) -> int:
    """How many of the company's own cases of the last 90 days are about this series and problem, this one among them;
    none when that is not known of it."""
    series, model = complaint.series.strip(), complaint.model_name.strip()
    if complaint.problem_id is None or complaint.origin or not (series or model):
        return 0
    cars = Q(series__iexact=series) if series else Q(series="", model_name__iexact=model)
    since = complaint.received_at - timedelta(days=WITHIN_DAYS)
    rows = Complaint.objects.ours().exclude(status=Complaint.Status.MERGED).filter(cars, problem=complaint.problem_id)
    if complaint.brand:
        rows = rows.filter(brand__iexact=complaint.brand)
    company = complaint.store.company_id
    rows = rows.filter(store__company=company, received_at__gte=since, received_at__lte=complaint.received_at)
    return rows.count()
