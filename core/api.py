"""REST door of the ground: stores, colleagues, the logbook, the figures."""

from typing import Any

from rest_framework import serializers

from core.documents import HouseApi, NameOut, Out
from core.filters import EntryFilter, FigureFilter, PeopleFilter
from core.models import Employee, Entry, Figure, Posting, Store


class StoreOut(Out):
    """A 4S store."""

    company_name = serializers.CharField(source="company.name")

    class Meta:
        model = Store
        fields = [
            "id",
            "code",
            "name",
            "company",
            "company_name",
            "city",
            "address",
            "phone",
            "time_zone",
            "live_from",
            "labour_rate",
            "reception_minutes",
            "follow_up_days",
        ]


class EntryOut(Out):
    """A line of the logbook; the values that belong to it are kept apart, because they can be erased."""

    fields_changed = serializers.ListField(child=serializers.CharField(), source="fields")

    class Meta:
        model = Entry
        fields = [
            "id",
            "act",
            "at",
            "business_date",
            "store",
            "company",
            "verb",
            "kind",
            "object_id",
            "by_kind",
            "by_id",
            "door",
            "fields_changed",
        ]


class FigureOut(Out):
    """One figure of one store and day, with its numerator and its denominator."""

    class Meta:
        model = Figure
        fields = ["id", "store", "day", "code", "employee", "dimension", "numerator", "denominator"]


class StoreApi(HouseApi):
    """The stores that the reader works in or looks after."""

    reads = "service.see_visits"
    queryset = Store.objects.select_related("company")
    serializer_class = StoreOut
    orderings = {"code": ("code", "id")}


class PersonApi(HouseApi):
    """Colleagues with a role in the reader's stores, for the choices of a step (technician, agent)."""

    reads = "service.see_orders"
    queryset = Employee.objects.filter(is_active=True, kind=Employee.Kind.PERSON)
    serializer_class = NameOut
    filterset_class = PeopleFilter
    orderings = {"id": ("id",)}

    def get_queryset(self) -> Any:
        rows = self.queryset.all()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        stores = Store.objects.for_verb(self.request.actor, self.reads)
        posted = Posting.objects.filter(is_active=True, store__in=stores)
        return rows.filter(pk__in=posted.values("employee"))


class EntryApi(HouseApi):
    """The logbook: who did what to which document, newest first."""

    reads = "core.see_logbook"
    queryset = Entry.objects.all()
    serializer_class = EntryOut
    filterset_class = EntryFilter
    orderings = {"-id": ("-id",), "id": ("id",)}


class FigureApi(HouseApi):
    """The figures table, by day."""

    reads = "dealer.see_dashboard"
    queryset = Figure.objects.all()
    serializer_class = FigureOut
    filterset_class = FigureFilter
    orderings = {"-day": ("-day", "-id"), "day": ("day", "id")}
