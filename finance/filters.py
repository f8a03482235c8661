"""Filters of the lists of settlements and gate passes, one class for both doors."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, DayFilter, HouseFilter, RowFilter, StoreFilter
from customers.models import Vehicle
from finance.models import GatePass, Settlement
from service.models import Party


class SettlementFilter(HouseFilter):
    """Settlement lists by number, car, customer or payer."""

    status = ChoiceFilter(
        label=_("Status"),
        method="by_status",
        choices=[
            ("to_pay", _("To pay")),
            ("paid", _("Paid")),
            ("standing", _("In force")),
            ("reversed", _("Reversed")),
        ],
    )
    payer = ChoiceFilter(label=_("Payer"), choices=Party.Kind.choices)
    settled_from = DayFilter(label=_("Settled from"), field_name="settled_on", lookup_expr="gte")
    settled_to = DayFilter(label=_("Settled to"), field_name="settled_on", lookup_expr="lte")
    store = StoreFilter()
    visit = RowFilter(field_name="visit")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(
            Q(number__endswith=text.upper())
            | Q(party__name__icontains=text)
            | Q(visit__customer__name__icontains=text)
            | Q(visit__vehicle__in=Vehicle.objects.found_by(text))
        )

    def by_status(self, rows: QuerySet, _name: str, status: str) -> QuerySet:
        """Still to pay, paid in full, all in force, or reversed together with its counter-entry."""
        found = Settlement.objects
        wanted = {
            "to_pay": found.to_pay(),
            "paid": found.standing().exclude(pk__in=found.to_pay()),
            "standing": found.standing(),
            "reversed": found.exclude(pk__in=found.standing()),
        }[status]
        return rows.filter(pk__in=wanted.values("pk"))


class GatePassFilter(HouseFilter):
    """Gate passes by number or car."""

    status = ChoiceFilter(
        label=_("Status"),
        method="by_status",
        choices=[("waiting", _("Car still inside")), ("used", _("Car has left")), ("cancelled", _("Cancelled"))],
    )
    issued_from = DayFilter(label=_("Issued from"), field_name="issued_at", lookup_expr="date__gte")
    issued_to = DayFilter(label=_("Issued to"), field_name="issued_at", lookup_expr="date__lte")
    store = StoreFilter()
    visit = RowFilter(field_name="visit")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(number__endswith=text.upper()) | Q(visit__vehicle__in=Vehicle.objects.found_by(text)))

    def by_status(self, rows: QuerySet, _name: str, status: str) -> QuerySet:
        """Still inside, driven out, or taken back."""
        if status == "waiting":
            return rows.filter(pk__in=GatePass.objects.waiting().values("pk"))
        return rows.filter(**{f"{status}_at__isnull": False})
