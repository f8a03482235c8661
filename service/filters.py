"""Filters of the lists of visits, orders and jobs, one class for both doors."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, DayFilter, HouseFilter, PersonFilter, RowFilter, StoreFilter
from core.filters import YesFilter as Yes
from core.models import VatRate
from core.roles import Role
from customers.models import Vehicle
from service import figures
from service.models import CatalogueItem, Job, Line, Menu, Order, Party, Visit

ADVISORS = (Role.ADVISOR, Role.ACCIDENT_SPECIALIST, Role.SERVICE_MANAGER)


class VisitFilter(HouseFilter):
    """Visits by car, owner, driver, key tag or order number, and those that a figure of the dashboard counts."""

    ASKED = ("counted", "ready_from", "ready_to", "left_from", "left_to")

    status = ChoiceFilter(label=_("Status"), choices=Visit.Status.choices)
    kind = ChoiceFilter(label=_("Kind of visit"), choices=Visit.Kind.choices)
    waits = Yes(label=_("Customer waits in the store"))
    arrived_from = DayFilter(label=_("Arrived from"), field_name="arrived_on", lookup_expr="gte")
    arrived_to = DayFilter(label=_("Arrived to"), field_name="arrived_on", lookup_expr="lte")
    advisor = PersonFilter(*ADVISORS, label=_("Service advisor"))
    store = StoreFilter()
    vehicle = RowFilter(field_name="vehicle")
    customer = RowFilter(field_name="customer")
    counted = ChoiceFilter(label=_("Counted as"), method="by_figure", choices=figures.COUNTED)
    ready_from = DayFilter(label=_("Ready from"), method="by_ready_day")
    ready_to = DayFilter(label=_("Ready to"), method="by_ready_day")
    left_from = DayFilter(label=_("Left from"), field_name="left_on", lookup_expr="gte")
    left_to = DayFilter(label=_("Left to"), field_name="left_on", lookup_expr="lte")

    def by_figure(self, rows: QuerySet, _name: str, code: str) -> QuerySet:
        """The very visits behind a figure."""
        return figures.rows_of(code, rows)

    def by_ready_day(self, rows: QuerySet, name: str, day: date) -> QuerySet:
        """By the day, at the store, on which the car was made ready."""
        return rows.with_ready_on().filter(**{f"ready_on__{'gte' if name == 'ready_from' else 'lte'}": day})  # type: ignore[attr-defined]

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(
            Q(vehicle__in=Vehicle.objects.found_by(text))
            | Q(driver_name__icontains=text)
            | Q(driver_phone__endswith=text)
            | Q(key_tag__iexact=text)
            | Q(pk__in=Order.objects.filter(number__endswith=text.upper()).values("visit"))
        )


class OrderFilter(HouseFilter):
    """Repair orders by number, car, owner or driver."""

    status = ChoiceFilter(label=_("Status"), choices=Order.Status.choices)
    kind = ChoiceFilter(label=_("Kind of visit"), choices=Visit.Kind.choices, field_name="visit__kind")
    opened_from = DayFilter(label=_("Opened from"), field_name="opened_on", lookup_expr="gte")
    opened_to = DayFilter(label=_("Opened to"), field_name="opened_on", lookup_expr="lte")
    advisor = PersonFilter(*ADVISORS, label=_("Service advisor"), field_name="visit__advisor")
    store = StoreFilter()
    visit = RowFilter(field_name="visit")
    vehicle = RowFilter(field_name="visit__vehicle")
    customer = RowFilter(field_name="visit__customer")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(
            Q(number__endswith=text.upper())
            | Q(oem_number__iexact=text)
            | Q(visit__vehicle__in=Vehicle.objects.found_by(text))
            | Q(visit__driver_name__icontains=text)
            | Q(visit__driver_phone__endswith=text)
        )


class JobFilter(HouseFilter):
    """Jobs by the customer's words, order number or car."""

    status = ChoiceFilter(label=_("Status"), choices=Job.Status.choices)
    kind = ChoiceFilter(label=_("Kind"), choices=Job.Kind.choices)
    technician = PersonFilter(Role.TECHNICIAN, label=_("Technician"))
    store = StoreFilter(field_name="order__store")
    order = RowFilter(field_name="order")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(
            Q(words__icontains=text)
            | Q(order__number__endswith=text.upper())
            | Q(order__visit__vehicle__in=Vehicle.objects.found_by(text))
        )


class PartyFilter(HouseFilter):
    """Payers other than the customer, by name."""

    kind = ChoiceFilter(label=_("Kind"), choices=[c for c in Party.Kind.choices if c[0] != Party.Kind.CUSTOMER])
    is_active = Yes(label=_("Active"))

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(name__icontains=text)


class ItemFilter(HouseFilter):
    """Items of the catalogue by code or words of the name."""

    kind = ChoiceFilter(label=_("Kind"), choices=Line.Kind.choices)
    supply = ChoiceFilter(label=_("VAT class"), choices=VatRate.Supply.choices)
    is_active = Yes(label=_("Offered"))

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(pk__in=CatalogueItem.objects.found_by(text).values("pk"))


class MenuFilter(HouseFilter):
    """Menus by code or words of the name."""

    is_quick = Yes(label=_("Quick lane"))
    is_active = Yes(label=_("Offered"))

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(pk__in=Menu.objects.found_by(text).values("pk"))
