"""Filters of the lists of receivables, credit accounts and deposits."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, CompanyFilter, DayFilter, HouseFilter, RowFilter, StoreFilter
from customers.models import Customer, Vehicle
from service.models import Party


class ReceivableFilter(HouseFilter):
    """What is owed, by payer and store."""

    payer = ChoiceFilter(label=_("Payer"), choices=Party.Kind.choices)
    store = StoreFilter()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(party__name__icontains=text) | Q(customer__name__icontains=text))


class AgreementFilter(HouseFilter):
    """Credit accounts by number or customer."""

    status = ChoiceFilter(
        label=_("Status"), method="by_status", choices=[("in_force", _("In force")), ("ended", _("Ended"))]
    )
    customer = RowFilter(field_name="customer")
    company = CompanyFilter()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(number__icontains=text) | Q(customer__in=Customer.objects.found_by(text)))

    def by_status(self, rows: QuerySet, _name: str, status: str) -> QuerySet:
        """Those not ended, or those that are."""
        return rows.filter(ended_at__isnull=status == "in_force")


class DepositFilter(HouseFilter):
    """Deposits by number, customer or car."""

    taken_from = DayFilter(label=_("Taken from"), field_name="business_date", lookup_expr="gte")
    taken_to = DayFilter(label=_("Taken to"), field_name="business_date", lookup_expr="lte")
    store = StoreFilter()
    customer = RowFilter(field_name="customer")
    visit = RowFilter(field_name="visit")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(
            Q(number__endswith=text.upper())
            | Q(customer__in=Customer.objects.found_by(text))
            | Q(visit__vehicle__in=Vehicle.objects.found_by(text))
        )
