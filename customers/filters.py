"""Filters of the lists of customers, vehicles, calls and messages, one class for both doors."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, CompanyFilter, DayFilter, HouseFilter, PersonFilter, RowFilter, StoreFilter
from core.filters import YesFilter as Yes
from core.roles import Role
from customers import figures
from customers.models import Call, Customer, Message, Vehicle


class CustomerFilter(HouseFilter):
    """Customers by name, tail of the phone, membership."""

    kind = ChoiceFilter(label=_("Kind"), choices=Customer.Kind.choices)
    level = ChoiceFilter(label=_("Membership"), choices=[c for c in Customer.Level.choices if c[0]])
    member = Yes(label=_("Member"), method="by_membership")
    do_not_call = Yes(label=_("Does not want calls"))
    is_incomplete = Yes(label=_("Incomplete"))
    company = CompanyFilter()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(pk__in=Customer.objects.found_by(text).values("pk"))

    def by_membership(self, rows: QuerySet, _name: str, member: bool) -> QuerySet:
        """Members of any level, or everybody else."""
        return rows.exclude(level="") if member else rows.filter(level="")


class VehicleFilter(HouseFilter):
    """Cars by a piece of the plate, the tail of the VIN, or their owner."""

    plate_kind = ChoiceFilter(label=_("Kind of plate"), choices=Vehicle.PlateKind.choices)
    is_incomplete = Yes(label=_("Incomplete"))
    owner = RowFilter(field_name="owner")
    company = CompanyFilter()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.found_by(text)  # type: ignore[attr-defined]


class CallFilter(HouseFilter):
    """Follow-up calls by person, phone, car, agent and due day, and those that a figure of the dashboard counts."""

    ASKED = ("counted", "left_from", "left_to")

    status = ChoiceFilter(label=_("Status"), choices=Call.Status.choices)
    answer = ChoiceFilter(label=_("Answer"), choices=Call.Answer.choices)
    is_member = Yes(label=_("Member"))
    due_from = DayFilter(label=_("Due from"), field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label=_("Due to"), field_name="due_on", lookup_expr="lte")
    agent = PersonFilter(Role.CARE_AGENT, Role.CARE_MANAGER, label=_("Agent"))
    store = StoreFilter()
    customer = RowFilter(field_name="customer")
    counted = ChoiceFilter(label=_("Counted as"), method="by_figure", choices=figures.COUNTED)
    left_from = DayFilter(label=_("Left from"), field_name="gte", method="by_day")
    left_to = DayFilter(label=_("Left to"), field_name="lte", method="by_day")
    rule = ChoiceFilter(label=_("Rule"), choices=Call.Rule.choices)

    def by_figure(self, rows: QuerySet, _name: str, code: str) -> QuerySet:
        """The very calls behind a figure."""
        return figures.calls_of(code, rows)

    def by_day(self, rows: QuerySet, lookup: str, day: Any) -> QuerySet:
        """By the day that figures count by: the car left, or what was complained of was mended."""
        after_visit, after_case = {f"note__left_on__{lookup}": day}, {f"since__{lookup}": day}
        return rows.filter(Q(**after_visit) | Q(note=None, **after_case))

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        cars = Vehicle.objects.found_by(text)
        of_cars = Q(note__vehicle__in=cars) | Q(vehicle__in=cars)
        return rows.filter(Q(name__icontains=text) | Q(phone__endswith=text) | of_cars)


class MessageFilter(HouseFilter):
    """Messages of the outbox by person and phone."""

    code = ChoiceFilter(label=_("Message"), choices=Message.Code.choices)
    purpose = ChoiceFilter(label=_("Purpose"), choices=Message.Purpose.choices)
    channel = ChoiceFilter(label=_("Told by"), choices=Message.Channel.choices)
    sent = Yes(label=_("Told already"), field_name="done_at", method="by_sent")
    given_up = Yes(label=_("Given up"), field_name="failed_at", method="by_sent")
    store = StoreFilter()
    customer = RowFilter(field_name="customer")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(customer__in=Customer.objects.found_by(text)) | Q(phone__endswith=text))

    def by_sent(self, rows: QuerySet, name: str, sent: Any) -> QuerySet:
        """Told, or still waiting for a provider or a hand."""
        return rows.filter(**{f"{name}__isnull": not sent})
