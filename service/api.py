"""REST door of visits, orders, jobs, lines and payers."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.response import Response

from core.documents import CostField, HouseApi, NameOut, Out, verb
from customers.shapes import mask_phone
from service import actions
from service.filters import JobFilter, OrderFilter, PartyFilter, VisitFilter
from service.forms import (
    AddJobForm,
    AddLinesForm,
    ArriveForm,
    AuthoriseForm,
    CheckForm,
    DispatchForm,
    ExitForm,
    FinishForm,
    HandOverForm,
    PromiseForm,
    ReadyForm,
    ReceiveForm,
    ShareLineForm,
)
from service.models import Job, Line, Order, Party, Share, Visit

# What goes out


class PartyOut(Out):
    """Somebody other than the customer who pays."""

    class Meta:
        model = Party
        fields = ["id", "company", "kind", "name", "is_active"]


class OrderName(Out):
    """An order beside its visit."""

    class Meta:
        model = Order
        fields = ["id", "number", "status"]


class VisitOut(Out):
    """A car in the store. The driver's phone is masked for those who do not see customers."""

    vehicle = NameOut()
    vehicle_title = serializers.CharField(source="vehicle.title")
    customer = NameOut(allow_null=True)
    advisor = NameOut(allow_null=True)
    driver_phone = serializers.SerializerMethodField()
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
            "key_tag",
            "mileage",
            "arrived_at",
            "arrived_on",
            "received_at",
            "promised_first",
            "promised_at",
            "is_late",
            "ready_at",
            "told_at",
            "settled_at",
            "handed_over_at",
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


class ShareOut(Out):
    """What one payer owes of a line."""

    party = NameOut(allow_null=True)

    class Meta:
        model = Share
        fields = ["id", "payer", "party", "reason", "amount"]


class LineOut(Out):
    """One labour operation, part or other item, with its consent and its payers."""

    cost = CostField()
    shares = ShareOut(many=True)

    class Meta:
        model = Line
        fields = [
            "id",
            "job",
            "kind",
            "code",
            "name",
            "quantity",
            "unit",
            "price",
            "amount",
            "vat_percent",
            "net",
            "cost",
            "consent",
            "consent_via",
            "consent_by",
            "consent_at",
            "shares",
        ]

    def store_of(self, line: Line) -> Any:
        """The store whose cost it is."""
        return line.job.order.store


class JobOut(Out):
    """One thing the customer asked for."""

    technician = NameOut(allow_null=True)
    inspector = NameOut(allow_null=True)

    class Meta:
        model = Job
        fields = [
            "id",
            "order",
            "position",
            "words",
            "kind",
            "cause",
            "remedy",
            "status",
            "technician",
            "dispatched_at",
            "started_at",
            "finished_at",
            "checked_at",
            "inspector",
            "check_failures",
            "check_remark",
        ]


class JobRowOut(JobOut):
    """A job with its lines."""

    lines = LineOut(many=True)

    class Meta(JobOut.Meta):
        fields = [*JobOut.Meta.fields, "lines"]


class OrderOut(Out):
    """A repair order; its status follows from its jobs and lines."""

    vehicle = NameOut(source="visit.vehicle")
    vehicle_title = serializers.CharField(source="visit.vehicle.title")
    customer = NameOut(source="visit.customer", allow_null=True)
    advisor = NameOut(source="visit.advisor", allow_null=True)

    class Meta:
        model = Order
        fields = [
            "id",
            "number",
            "store",
            "visit",
            "vehicle",
            "vehicle_title",
            "customer",
            "advisor",
            "opened_at",
            "opened_on",
            "oem_number",
            "status",
            "amount",
            "version",
        ]


class OrderRowOut(OrderOut):
    """A repair order with its jobs and their lines."""

    jobs = JobRowOut(many=True)

    class Meta(OrderOut.Meta):
        fields = [*OrderOut.Meta.fields, "jobs"]


# The doors


class VisitApi(HouseApi):
    """Cars in the store, from the gate in to the gate out."""

    reads = "service.see_visits"
    queryset = Visit.objects.with_names().prefetch_related("orders")
    serializer_class = VisitOut
    filterset_class = VisitFilter
    orderings = {"-arrived_at": ("-arrived_at", "-id"), "arrived_at": ("arrived_at", "id")}

    @verb("service.arrive", ArriveForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Note that a car has arrived; an unknown car and its customer are added on the way."""
        return self.act(actions.arrive)

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

    @verb("service.hand_over", HandOverForm)
    def hand_over(self, request: Any, pk: int) -> Response:
        """Hand the car over to the customer."""
        return self.act(actions.hand_over, self.get_object())

    @verb("service.exit", ExitForm)
    def exit(self, request: Any, pk: int) -> Response:
        """Let the car go without the work, or with a part of it."""
        return self.act(actions.exit_visit, self.get_object())


_SHARES = Prefetch("shares", Share.objects.select_related("party"))
_LINES = Prefetch("lines", Line.objects.select_related("job__order__store").prefetch_related(_SHARES))
_JOBS = Prefetch("jobs", Job.objects.select_related("technician", "inspector").prefetch_related(_LINES))


class OrderApi(HouseApi):
    """Repair orders."""

    reads = "service.see_orders"
    queryset = Order.objects.with_names()
    serializer_class = OrderOut
    row_serializer_class = OrderRowOut
    filterset_class = OrderFilter
    orderings = {"-opened_at": ("-opened_at", "-id"), "opened_at": ("opened_at", "id")}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related(_JOBS)

    @verb("service.add_job", AddJobForm, creates=True)
    def add_job(self, request: Any, pk: int) -> Response:
        """Add something the customer asks for, or extra work that was found."""
        return self.act(actions.add_job, self.get_object())

    @verb("service.authorise", AuthoriseForm)
    def authorise(self, request: Any, pk: int) -> Response:
        """Write down the customer's answer to each line."""
        return self.act(actions.authorise, self.get_object())


class JobApi(HouseApi):
    """Jobs of all orders: the workshop's list."""

    reads = "service.see_orders"
    queryset = Job.objects.select_related("order__store", "order__visit", "technician", "inspector")
    serializer_class = JobOut
    row_serializer_class = JobRowOut
    filterset_class = JobFilter
    orderings = {"-id": ("-id",), "id": ("id",)}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related(_LINES)

    @verb("service.add_lines", AddLinesForm, creates=True)
    def add_lines(self, request: Any, pk: int) -> Response:
        """Estimate a job: labour and parts at tax-inclusive prices."""
        return self.act(actions.add_lines, self.get_object())

    @verb("service.dispatch", DispatchForm)
    def dispatch_job(self, request: Any, pk: int) -> Response:
        """Give a job to a technician."""
        return self.act(actions.dispatch, self.get_object())

    @verb("service.start")
    def start(self, request: Any, pk: int) -> Response:
        """Begin to work on a job."""
        return self.act(actions.start, self.get_object())

    @verb("service.finish", FinishForm)
    def finish(self, request: Any, pk: int) -> Response:
        """Say what the cause was and what was done about it."""
        return self.act(actions.finish, self.get_object())

    @verb("service.check", CheckForm)
    def check(self, request: Any, pk: int) -> Response:
        """Check a job's quality: passed, or back to the technician."""
        return self.act(actions.check, self.get_object())


class LineApi(HouseApi):
    """Lines of an estimate."""

    reads = "service.see_orders"
    queryset = Line.objects.select_related("job__order__store", "job__order__visit").prefetch_related(_SHARES)
    serializer_class = LineOut

    @verb("service.share_line", ShareLineForm)
    def share(self, request: Any, pk: int) -> Response:
        """Say who pays for a line."""
        return self.act(actions.share_line, self.get_object())

    @verb("service.remove_line", out=OrderOut)
    def remove(self, request: Any, pk: int) -> Response:
        """Take a line out of the estimate again; answers with its order."""
        order = self.ask(actions.remove_line, self.get_object())
        return self.answer(Order.objects.with_names().get(pk=order.pk))


class PartyApi(HouseApi):
    """Payers other than the customer: manufacturers, insurers, the store itself."""

    reads = "service.see_orders"
    queryset = Party.objects.all()
    serializer_class = PartyOut
    filterset_class = PartyFilter
    orderings = {"name": ("name", "id"), "-id": ("-id",)}
