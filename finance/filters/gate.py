"""Filters of the lists of the gate."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, DayFilter, HouseFilter, RowFilter, StoreFilter
from customers.models import Vehicle
from customers.shapes import tidy_plate
from finance.models import GatePass


class GatePassFilter(HouseFilter):
    """Gate passes by number or car."""

    status = ChoiceFilter(
        label=_("Status"),
        method="by_status",
        choices=[
            ("waiting", _("Car still inside")),
            ("outside", _("Outside, expected back")),
            ("overdue", _("Should be back")),
            ("used", _("Car has left")),
            ("cancelled", _("Cancelled")),
        ],
    )
    kind = ChoiceFilter(label=_("Kind"), choices=GatePass.Kind.choices)
    issued_from = DayFilter(label=_("Issued from"), field_name="issued_at", lookup_expr="date__gte")
    issued_to = DayFilter(label=_("Issued to"), field_name="issued_at", lookup_expr="date__lte")
    store = StoreFilter()
    visit = RowFilter(field_name="visit")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        plate = tidy_plate(text)
        own = Q(plate__contains=plate) | Q(vin__endswith=plate) if plate else Q(pk=None)
        known = Q(visit__vehicle__in=Vehicle.objects.found_by(text))
        return rows.filter(Q(number__endswith=text.upper()) | own | known)

    def by_status(self, rows: QuerySet, _name: str, status: str) -> QuerySet:
        """Still inside, out and expected back, driven out, or taken back."""
        if status in {"waiting", "outside", "overdue"}:
            found = getattr(GatePass.objects, status)()
            return rows.filter(pk__in=found.values("pk"))
        return rows.filter(**{f"{status}_at__isnull": False})
