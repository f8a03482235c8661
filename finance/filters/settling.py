"""Filters of the lists of settlements."""

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, DayFilter, HouseFilter, PersonFilter, RowFilter, StoreFilter, YesFilter
from core.roles import Role
from customers.models import Vehicle
from finance.models import Age, Settlement
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
    age = ChoiceFilter(label=_("Days overdue"), method="by_age", choices=Age.choices)
    discounted = YesFilter(label=_("With a discount"), method="by_discount")
    settled_from = DayFilter(label=_("Settled from"), field_name="settled_on", lookup_expr="gte")
    settled_to = DayFilter(label=_("Settled to"), field_name="settled_on", lookup_expr="lte")
    store = StoreFilter()
    visit = RowFilter(field_name="visit")
    party = RowFilter(field_name="party")
    customer = RowFilter(field_name="customer")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(
            Q(number__endswith=text.upper())
            | Q(party__name__icontains=text)
            | Q(visit__customer__name__icontains=text)
            | Q(visit__vehicle__in=Vehicle.objects.found_by(text))
        )

    def by_age(self, rows: QuerySet, _name: str, age: str) -> QuerySet:
        """What is open, by how long it is overdue today."""
        open_ones = Settlement.objects.to_pay().aged(age, localdate())
        return rows.filter(pk__in=open_ones.values("pk"))

    def by_discount(self, rows: QuerySet, _name: str, discounted: bool) -> QuerySet:
        """Those on which something was taken off, or those at the full price."""
        some = Q(discount__gt=0) | Q(rounding__gt=0)
        return rows.filter(some if discounted else ~some)

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


class DiscountFilter(HouseFilter):
    """Discounts by who gave them, when, and whether somebody had to agree."""

    settled_by = PersonFilter(
        Role.ADVISOR, Role.ACCIDENT_SPECIALIST, Role.CASHIER, Role.SERVICE_MANAGER, label=_("Given by")
    )
    was_asked = YesFilter(label=_("Somebody had to agree"), method="by_approval")
    settled_from = DayFilter(label=_("Settled from"), field_name="settled_on", lookup_expr="gte")
    settled_to = DayFilter(label=_("Settled to"), field_name="settled_on", lookup_expr="lte")
    store = StoreFilter()

    search = SettlementFilter.search

    def by_approval(self, rows: QuerySet, _name: str, was_asked: bool) -> QuerySet:
        """Those that a manager agreed to, or those within somebody's own authority."""
        return rows.filter(approval__isnull=not was_asked)
