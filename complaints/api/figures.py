"""REST over the figures of complaints, and the archive of a case as a document."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from complaints import figures
from complaints.figures import OWN, loaded_of
from complaints.forms.figures import CaseFiguresForm
from complaints.models import Complaint, may_see_costs
from complaints.prints import archive
from core.documents import HouseApi
from core.logbook import note_read
from core.models import Store
from core.prints import pdf_answer
from core.rest import Invalid


class MonthOut(serializers.Serializer):
    """A month: complaints taken in here, and loaded ones apart."""

    month = serializers.DateField()
    complaints = serializers.IntegerField()
    loaded = serializers.IntegerField()


class CountOut(serializers.Serializer):
    """One part of all, and how many."""

    name = serializers.CharField()
    count = serializers.IntegerField()


class RatioOut(serializers.Serializer):
    """A figure with its two parts; the value is null when there is nothing to divide by."""

    code = serializers.CharField()
    numerator = serializers.DecimalField(max_digits=16, decimal_places=2)
    denominator = serializers.DecimalField(max_digits=16, decimal_places=2)


class CaseFiguresOut(serializers.Serializer):
    """The figures of complaints of some days: what came in, by what, how it ended."""

    first = serializers.DateField()
    last = serializers.DateField()
    complaints = serializers.IntegerField()
    loaded = serializers.IntegerField()
    enquiries = serializers.IntegerField()
    visits = serializers.IntegerField()
    months = MonthOut(many=True)
    classes = CountOut(many=True)
    problems = CountOut(many=True)
    brands = CountOut(many=True)
    series = CountOut(many=True)
    results = CountOut(many=True)
    ratios = RatioOut(many=True)


RATIOS = ("cases_in_time", "cases_handovers", "cases_reopened", "cases_cost")


def _counts(pairs: Any) -> list[dict[str, Any]]:
    return [{"name": name, "count": int(n)} for name, n in pairs if n]


def told(stores: list[Store], first: date, last: date, *, brand: str, letter: str, sees_costs: bool) -> dict[str, Any]:
    """What the page of figures says, for a program."""
    read = figures.read(stores, first, last)
    now = read.now
    ratios = [code for code in RATIOS if sees_costs or code != "cases_cost"]
    problems = figures.problems_of(stores, first, last, letter) if letter else []
    return {
        "first": first,
        "last": last,
        "complaints": int(now.amount(OWN)),
        "loaded": loaded_of(now),
        "enquiries": int(now.amount("enquiries")),
        "visits": int(now.amount("visits")),
        "months": [
            {"month": month, "complaints": int(sums.amount(OWN)), "loaded": loaded_of(sums)}
            for month, sums in read.months.items()
        ],
        "classes": _counts(sorted(now.dimensions("cases_by_class").items(), key=lambda one: -one[1])),
        "problems": _counts((code, n) for _pk, code, _name, n in problems),
        "brands": _counts(read.brands),
        "series": _counts(figures.series_of(stores, first, last, brand) if brand else []),
        "results": _counts(now.dimensions("cases_ended").items()),
        "ratios": [{"code": code, "numerator": now.pair(code)[0], "denominator": now.pair(code)[1]} for code in ratios],
    }


class CaseFiguresApi(HouseApi):
    """The figures of complaints."""

    reads = "complaints.see_case_figures"
    queryset = Complaint.objects.all()
    serializer_class = CaseFiguresOut

    @extend_schema(
        parameters=[
            OpenApiParameter("from", OpenApiTypes.DATE, description="first day; without both days: this month"),
            OpenApiParameter("to", OpenApiTypes.DATE, description="last day"),
            OpenApiParameter("store", int, description="one store; else all one may see"),
            OpenApiParameter("brand", str, description="the brand to split by series"),
            OpenApiParameter("letter", str, description="the class to split by problem"),
        ]
    )
    def case_figures(self, request: Any) -> Response:
        """What came in by month, class and brand, how it ended, and the parts of the ratios."""
        form = CaseFiguresForm(request.query_params, by=request.actor)
        if not form.is_valid():
            raise Invalid({name: list(map(str, errors)) for name, errors in form.errors.items()})
        first, last = form.span()
        given = form.cleaned_data
        mine = Store.objects.for_verb(request.actor, form.VERB)
        stores = [given["store"]] if given["store"] else list(mine)
        sees_costs = bool(stores) and all(may_see_costs(request.actor, one) for one in stores)
        asked = {"brand": given["brand"], "letter": given["letter"], "sees_costs": sees_costs}
        return Response(CaseFiguresOut(told(stores, first, last, **asked)).data)


class CaseArchiveApi(HouseApi):
    """The archive of a case."""

    reads = "complaints.print"
    queryset = Complaint.objects.with_names().select_related("store__company", "order")
    serializer_class = serializers.Serializer

    # a PDF, and for programs whose generators know no PDF simply its bytes
    @extend_schema(
        responses={(200, kind): OpenApiTypes.BINARY for kind in ("application/pdf", "application/octet-stream")}
    )
    def archive(self, request: Any, pk: int) -> HttpResponse:
        """The whole case as one PDF: every form, the files with their digests, the logbook."""
        found = self.get_object()
        note_read(found, by=request.actor)
        return pdf_answer("complaint-archive", archive(found, request.actor), f"{found} 投诉档案")
