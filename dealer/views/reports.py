"""Pages of the monthly reports: the list, one report with its versions, its PDF and spreadsheet, a new version."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.lists import list_page
from core.prints import pdf_answer
from core.web import HouseRequest, current_store, door, page, verb_page
from dealer import actions
from dealer.filters import ReportFilter
from dealer.forms import BuildReportForm
from dealer.models import MonthlyReport
from dealer.prints import differences, monthly_report, sections, workbook
from dealer.tables import ReportTable, state_of
from dealer.views.dashboard import report_charts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _report(request: HouseRequest, pk: int) -> MonthlyReport:
    return get_object_or_404(MonthlyReport.objects.visible_to(request.actor).with_names(), pk=pk)


@door("dealer.see_reports", methods=("GET",))
def reports(request: HouseRequest) -> HttpResponse:
    """Monthly reports of the stores one may see, the newest first."""
    return list_page(
        request,
        rows=MonthlyReport.objects.visible_to(request.actor).with_names(),
        table_class=ReportTable,
        filterset_class=ReportFilter,
        orderings={"-month": ("-month", "-id"), "month": ("month", "id")},
        heading=_("Monthly reports"),
        name="monthly-reports",
        new_url=reverse("build_report") if request.actor.may("dealer.build_report") else "",
        new_label=_("Build a report"),
        empty={
            "icon": "report-analytics",
            "title": _("No monthly report yet"),
            "text": _("A report is built by itself when a month is over."),
        },
    )


def _progress(report: MonthlyReport) -> dict[str, Any]:
    total = report.progress_of or 2
    return {
        "label": state_of(report)[1],
        "done": report.progress,
        "total": total,
        "percent": 100 * report.progress // total,
    }


@door("dealer.see_reports", methods=("GET",))
def report(request: HouseRequest, pk: int) -> HttpResponse:
    """One report: its tables, its charts, its versions; while it is being built, how far it is."""
    found = _report(request, pk)
    context = {
        "report": found,
        "state": state_of(found),
        "may_build": request.actor.may("dealer.build_report", found.store),
        "url": request.path,
    }
    if not found.frozen_at:
        if request.htmx:
            return page(request, "dealer/report.html#work", context | {"work": _progress(found)})
        return page(request, "dealer/report.html", context | {"work": _progress(found)})
    versions = list(found.versions())
    before = next((one for one in versions if one.report_version < found.report_version and one.frozen_at), None)
    context |= {
        "sections": sections(found.facts),
        "charts": report_charts(found),
        "charts_data": {"charts": report_charts(found)},
        "versions": versions,
        "before": before,
        "differences": differences(before.facts, found.facts) if before else [],
    }
    answer = page(request, "dealer/report.html", context)
    if request.htmx:  # it was being watched: show the whole page now
        answer["HX-Refresh"] = "true"
    return answer


def _frozen(request: HouseRequest, pk: int) -> MonthlyReport:
    found = _report(request, pk)
    if not found.frozen_at:
        raise Http404
    return found


@door("dealer.see_reports", methods=("GET",))
def report_pdf(request: HouseRequest, pk: int) -> HttpResponse:
    """The report as a PDF that says what the page says."""
    found = _frozen(request, pk)
    return pdf_answer("monthly-report", monthly_report(found), found.title)


@door("dealer.see_reports", methods=("GET",))
def report_xlsx(request: HouseRequest, pk: int) -> HttpResponse:
    """The report as a spreadsheet."""
    found = _frozen(request, pk)
    response = HttpResponse(workbook(found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{found.title}.xlsx"'
    return response


@door("dealer.build_report")
def build_report(request: HouseRequest) -> HttpResponse:
    """Order a new version of a month's report, and watch it being built."""
    first = {"store": request.GET.get("store") or current_store(request), "month": request.GET.get("month", "")}
    form = BuildReportForm(request.POST or None, by=request.actor, initial=first)
    return verb_page(
        request,
        form,
        actions.build_report,
        heading=_("Build a report"),
        done=_("The report is being built."),
        text=_("The versions before stay as they are; the new one shows what has changed since."),
        cancel=reverse("reports"),
    )
