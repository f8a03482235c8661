"""REST door of the dealership as a whole: monthly reports, and the door's own description."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from core.documents import HouseApi, Out, verb
from dealer import actions
from dealer.filters import ReportFilter
from dealer.forms import BuildReportForm
from dealer.models import MonthlyReport


class ReportOut(Out):
    """A store's monthly report, waiting, being built, or frozen."""

    class Meta:
        model = MonthlyReport
        fields = [
            "id",
            "store",
            "month",
            "report_version",
            "reason",
            "digest",
            "frozen_at",
            "due_at",
            "done_at",
            "failed_at",
            "attempts",
            "progress",
            "progress_of",
        ]


class ReportRowOut(ReportOut):
    """A monthly report with its numbers, as they were when it was frozen."""

    facts = serializers.DictField()

    class Meta(ReportOut.Meta):
        fields = [*ReportOut.Meta.fields, "facts"]


class ReportApi(HouseApi):
    """Monthly reports; a correction makes a new version."""

    reads = "dealer.see_reports"
    queryset = MonthlyReport.objects.all()
    serializer_class = ReportOut
    row_serializer_class = ReportRowOut
    filterset_class = ReportFilter
    orderings = {"-month": ("-month", "-id"), "month": ("month", "id")}

    @verb("dealer.build_report", BuildReportForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Order a new version of a month's report after a correction; a worker builds it."""
        return self.act(actions.build_report)


schema = SpectacularAPIView.as_view(permission_classes=[IsAuthenticated])


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """The description of the REST door for people, to read and to try."""
    return render(request, "api/docs.html")
