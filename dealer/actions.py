"""What the dealership does as a whole: counts its figures, orders and builds its monthly reports."""

import hashlib
import json
import logging
from collections import Counter
from datetime import date
from time import monotonic

from django.db import connection
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.figures import recompute, recompute_days
from core.logbook import record
from core.models import Store
from core.rows import Refused, atomic
from core.wake import wake
from dealer.figures import compute, facts_of, last_day
from dealer.models import MonthlyReport

log = logging.getLogger(__name__)

AT_ONCE = 500  # store days counted in one transaction
SECONDS = 60  # a run of the clock ends then and wakes itself again


def refresh_figures(*, seconds: int = SECONDS) -> int:
    """Count the touched days again until none is left; say how many there were."""
    until, counted = monotonic() + seconds, 0
    while done := recompute(AT_ONCE, compute):
        counted += done
        if monotonic() > until:
            wake("dealer.tasks.refresh_figures")
            break
    return counted


# Each store's months are over at its own midnight. A month without a single visit gets no report unless it is the last.
_ORDER = """
INSERT INTO dealer_monthlyreport (store_id, month, report_version, reason, facts, digest, due_at, attempts, last_error,
    progress, progress_of)
SELECT s.id, m::date, 1, '', '{}', '', (m + interval '1 month') AT TIME ZONE s.time_zone, 0, '', 0, 0
FROM core_store s
CROSS JOIN LATERAL (SELECT date_trunc('month', %(moment)s AT TIME ZONE s.time_zone) AS this) t
CROSS JOIN LATERAL generate_series(t.this - interval '18 months', t.this - interval '1 month', interval '1 month') m
WHERE NOT EXISTS (SELECT 1 FROM dealer_monthlyreport r WHERE r.store_id = s.id AND r.month = m::date)
  AND (
    (m = t.this - interval '1 month' AND m + interval '1 month' > s.live_from)
    OR EXISTS (
        SELECT 1 FROM service_visit v
        WHERE v.store_id = s.id AND v.arrived_on >= m::date AND v.arrived_on < (m + interval '1 month')::date))
ON CONFLICT (store_id, month, report_version) DO NOTHING
RETURNING store_id
"""


@atomic
def order_reports(*, by: Actor) -> int:
    """Order the report of every month that is over and has none; running twice or in parallel orders none twice."""
    with connection.cursor() as cursor:
        cursor.execute(_ORDER, {"moment": now()})
        ordered = Counter(pk for (pk,) in cursor.fetchall())
    for store in Store.objects.filter(pk__in=ordered).order_by("pk"):
        record("reports.ordered", store, by=by, ordered=ordered[store.pk])
    if ordered:
        wake("dealer.tasks.build_reports")
    return ordered.total()


@atomic
def build_report(*, store: Store, month: date, reason: str, by: Actor) -> MonthlyReport:
    """Order a new version of a month's report after a correction; the frozen versions before it stay as they are."""
    allow(by, "dealer.build_report", store)
    month = month.replace(day=1)
    if store.business_date(now()) <= last_day(month):
        raise Refused(_("This month is not over yet."), field="month")
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    last = MonthlyReport.objects.filter(store=store, month=month).order_by("-report_version").first()
    if last and not last.done_at and not last.failed_at:
        raise Refused(_("This report is being built already."))
    version = last.report_version + 1 if last else 1
    report = MonthlyReport.objects.create(store=store, month=month, report_version=version, reason=reason)
    record("report.ordered", report, by=by, month=f"{month:%Y-%m}", version=version, reason=reason)
    wake("dealer.tasks.build_reports")
    return report


def build_reports(*, by: Actor, seconds: int = SECONDS) -> int:
    """Build the reports that are due, one after the other; a killed attempt is repeated, the fifth is the last."""
    until, built = monotonic() + seconds, 0
    while isinstance(report := MonthlyReport.objects.claim(), MonthlyReport):
        try:
            built += _build(report, by)
        except Exception as problem:
            log.exception("the report %s could not be built", report.pk)
            report.stumble(problem)
        if monotonic() > until:
            wake("dealer.tasks.build_reports")
            break
    return built


def _build(report: MonthlyReport, by: Actor) -> bool:
    claimed = MonthlyReport.objects.filter(pk=report.pk, claim_token=report.claim_token)
    claimed.update(progress=0, progress_of=2)
    first, last = report.month, last_day(report.month)
    recompute_days(report.store, first, last, compute)
    claimed.update(progress=1)
    return _freeze(report, by)


@atomic
def _freeze(report: MonthlyReport, by: Actor) -> bool:
    """Count what was touched meanwhile, take the facts, and freeze them, all in one; only while the claim is ours."""
    recompute_days(report.store, report.month, last_day(report.month), compute)
    facts = facts_of(report.store, report.month)
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    ours = MonthlyReport.objects.filter(pk=report.pk, claim_token=report.claim_token, frozen_at__isnull=True)
    if not ours.update(facts=facts, digest=digest, frozen_at=now()):
        return False
    report.finish()
    record("report.built", report, by=by, version=report.report_version, digest=digest)
    return True
