"""Hours that were sold in jobs, how much of them is left to work, and what holds the jobs up: read for many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, FilteredRelation, Max, OuterRef, Q, Sum

from service.models.hours import NONE, Hours
from service.models.jobs import Job
from service.models.lines import Line


@dataclass(slots=True)
class Sold:
    """What was sold in a job: labour hours that are agreed or asked for, and how the lines were answered."""

    hours: timedelta
    lines: int
    asked: int
    charged: int
    agreed_at: datetime | None


def sold_hours(*, jobs_of: Iterable[int] = (), jobs: Iterable[int] | None = None) -> dict[int, Sold]:
    """Labour hours and answers of the jobs of some visits, or of some jobs, in one query."""
    of = Q(job__in=list(jobs)) if jobs is not None else Q(job__order__visit__in=list(jobs_of))
    wanted = Q(consent__in=[Line.Consent.ASKED, Line.Consent.AUTHORISED])
    agreed = Q(consent=Line.Consent.AUTHORISED)
    rows = (
        Line.objects.filter(of)
        .order_by()
        .values_list("job")
        .annotate(
            hours=Sum("quantity", filter=wanted & Q(kind=Line.Kind.LABOUR), default=Decimal(0)),
            lines=Count("id"),
            asked=Count("id", filter=Q(consent=Line.Consent.ASKED)),
            charged=Count("id", filter=agreed),
            agreed_at=Max("consent_at", filter=agreed),
        )
    )
    return {job: Sold(timedelta(hours=float(hours)), *rest) for job, hours, *rest in rows}


def left_of(job_status: str, started_at: datetime | None, sold: timedelta, hours: Hours, moment: datetime) -> timedelta:
    """Sold hours of a job that are still to be worked: less what has passed since it was begun, never below nothing."""
    if job_status == Job.Status.IN_WORK and started_at:
        return max(sold - hours.between(started_at, moment), NONE)
    return sold if job_status in {Job.Status.OPEN, Job.Status.TO_DISPATCH, Job.Status.DISPATCHED} else NONE


_HOLD = ("held__kind", "held__started_at", "held__expected_at")


def with_holds(jobs: Any) -> Any:
    """Jobs joined with what holds them up now: one row for each open hold, or one without."""
    return jobs.alias(held=FilteredRelation("holds", condition=Q(holds__ended_at__isnull=True)))


def with_team(jobs: Any) -> Any:
    """Jobs with the ids of those who work on them together with the technician."""
    team = Job.helpers.through.objects.filter(job=OuterRef("pk")).values("employee")
    return jobs.annotate(team=ArraySubquery(team))


def rows_of(jobs: Any, names: list[str]) -> list[dict[str, Any]]:
    """The named values of jobs, each job once, with its open holds as kind, beginning and expected end."""
    found: dict[int, dict[str, Any]] = {}
    for row in with_team(with_holds(jobs)).values_list(*names, "team", *_HOLD):
        job = found.setdefault(row[0], dict(zip([*names, "team"], row, strict=False)) | {"holds": []})
        if row[-3] is not None:
            job["holds"].append(row[-3:])
    return list(found.values())
