"""REST door of visits: from the gate in to the gate out."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core.documents import HouseApi, NameOut, Out, verb
from core.models import Approval
from core.templatetags.ui import mask_phone
from service import actions
from service.filters import VisitFilter
from service.forms import (
    AddOrderForm,
    ArriveFleetForm,
    ArriveForm,
    AskManagerForm,
    EditVisitForm,
    ExitForm,
    ExplainForm,
    HandOverForm,
    PromiseForm,
    QuickForm,
    ReadyForm,
    ReceiveForm,
    WashForm,
)
from service.models import Order, Visit


class OrderName(Out):
    """An order beside its visit."""

    class Meta:
        model = Order
        fields = ["id", "number", "status"]


class AskedOut(Out):
    """A question that waits for the manager; its answer is read among the approvals."""

    class Meta:
        model = Approval
        fields = ["id", "matter", "title", "reason", "status", "asked_at"]


class VisitOut(Out):
    """A car in the store. The driver's phone is masked for those who do not see customers."""

    vehicle = NameOut()
    vehicle_title = serializers.CharField(source="vehicle.title")
    customer = NameOut(allow_null=True)
    advisor = NameOut(allow_null=True)
    payer = NameOut(allow_null=True)
    driver_phone = serializers.SerializerMethodField()
    handed_over = serializers.ListField(child=serializers.CharField())
    orders = OrderName(many=True)

    class Meta:
        model = Visit
        fields = [
            "id",
            "store",
            "vehicle",
            "vehicle_title",
            "customer",
            "driver_name",
            "driver_phone",
            "advisor",
            "status",
            "exit",
            "exit_reason",
            "kind",
            "waits",
            "payer",
            "spending_limit",
            "key_tag",
            "parking",
            "wants_wash",
            "wants_old_parts",
            "is_quick",
            "mileage",
            "arrived_at",
            "arrived_on",
            "greeted_at",
            "received_at",
            "promised_first",
            "promised_at",
            "promise_told_at",
            "delay_reason",
            "is_late",
            "washed_at",
            "ready_at",
            "told_at",
            "explained_at",
            "settled_at",
            "cleared_at",
            "handed_over_at",
            "handed_over",
            "left_at",
            "left_on",
            "satisfaction",
            "orders",
            "version",
        ]

    def get_driver_phone(self, visit: Visit) -> str:
        """The phone, or what of it is for these eyes."""
        sees = self.context["request"].actor.may("customers.see_customers", visit.store)
        return visit.driver_phone if sees else mask_phone(visit.driver_phone)


class RefusedCarOut(serializers.Serializer):
    """A car of a fleet that was not let in: its row, and why."""

    row = serializers.IntegerField()
    field = serializers.CharField()
    detail = serializers.CharField()


class FleetOut(serializers.Serializer):
    """What became of the cars of a fleet."""

    visits = VisitOut(many=True)
    refused = RefusedCarOut(many=True)


class VisitApi(HouseApi):
    """Cars in the store, from the gate in to the gate out."""

    reads = "service.see_visits"
    queryset = Visit.objects.with_names().select_related("payer").prefetch_related("orders")
    serializer_class = VisitOut
    filterset_class = VisitFilter
    orderings = {"-arrived_at": ("-arrived_at", "-id"), "arrived_at": ("arrived_at", "id")}

    @verb("service.arrive", ArriveForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Note that a car has arrived; an unknown car and its customer are added on the way."""
        return self.act(actions.arrive)

    @verb("service.arrive", ArriveFleetForm, creates=True, out=FleetOut)
    def arrive_fleet(self, request: Any) -> Response:
        """Note that several cars of one firm have arrived; those that cannot be let in are told with the reason."""
        found = self.ask(actions.arrive_fleet)
        rows = self.get_queryset().filter(pk__in=[one.pk for one in found.visits]).order_by("pk")
        refused = [{"row": i, "field": field, "detail": told} for i, field, told in found.refused]
        return self.answer({"visits": rows, "refused": refused})

    @verb("service.receive_quick", QuickForm, creates=True, status=201)
    def receive_quick(self, request: Any) -> Response:
        """Take a car through the quick lane: arrival, reception, menus and consent under one signature."""
        return self.act(actions.receive_quick)

    @verb("service.greet")
    def greet(self, request: Any, pk: int) -> Response:
        """Say that the customer was greeted: the waiting clock of the reception stops."""
        return self.act(actions.greet, self.get_object())

    @verb("service.edit_visit", EditVisitForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Put right what was noted at reception."""
        return self.act(actions.edit_visit, self.get_object())

    @verb("service.edit_visit", EditVisitForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Put right some of it; fields that are left out stay as they are."""
        visit = self.get_object()
        return self.act(actions.edit_visit, visit, known=EditVisitForm.known(visit))

    @verb("service.add_order", AddOrderForm, creates=True)
    def add_order(self, request: Any, pk: int) -> Response:
        """Open a second repair order in the same visit."""
        return self.act(actions.add_order, self.get_object())

    @verb("service.receive", ReceiveForm, creates=True)
    def receive(self, request: Any, pk: int) -> Response:
        """Receive the car and open its repair order."""
        return self.act(actions.receive, self.get_object())

    @verb("service.promise", PromiseForm)
    def promise(self, request: Any, pk: int) -> Response:
        """Promise another time and tell the customer."""
        return self.act(actions.promise, self.get_object())

    @verb("service.ready", ReadyForm)
    def ready(self, request: Any, pk: int) -> Response:
        """Say that the car is ready and how the customer was told."""
        return self.act(actions.ready, self.get_object())

    @verb("service.wash", WashForm)
    def wash(self, request: Any, pk: int) -> Response:
        """Note that the car is washed, or that the wash is left out and why."""
        return self.act(actions.wash, self.get_object())

    @verb("service.explain", ExplainForm)
    def explain(self, request: Any, pk: int) -> Response:
        """Explain the bill as it will be, before anything is settled."""
        return self.act(actions.explain, self.get_object())

    @verb("service.hand_over", HandOverForm)
    def hand_over(self, request: Any, pk: int) -> Response:
        """Hand the car over to the customer."""
        return self.act(actions.hand_over, self.get_object())

    @verb("service.ask_manager", AskManagerForm, out=AskedOut)
    def ask_manager(self, request: Any, pk: int) -> Response:
        """Put a customer's question before the manager; answers with what was asked."""
        return self.answer(self.ask(actions.ask_manager, self.get_object()))

    @verb("service.exit", ExitForm)
    def exit(self, request: Any, pk: int) -> Response:
        """Let the car go without the work, or with a part of it."""
        return self.act(actions.exit_visit, self.get_object())
