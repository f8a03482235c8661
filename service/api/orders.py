"""REST door of orders, jobs and lines."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.response import Response

from core.documents import CostField, HouseApi, NameOut, Out, verb
from core.web import shown_once
from service import actions
from service.filters import JobFilter, OrderFilter
from service.forms import (
    AddJobForm,
    AddLinesForm,
    AddMenuForm,
    AskGoodwillForm,
    AssessForm,
    AuthoriseForm,
    CheckForm,
    DispatchForm,
    EditOrderForm,
    FinishForm,
    HoldForm,
    SendLinkForm,
    ShareJobForm,
    ShareLineForm,
    TakeUpAgainForm,
)
from service.models import ConsentLink, Hold, Job, Line, Order, Share


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
            "item",
            "taken_up_again",
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
    helpers = NameOut(many=True)
    inspector = NameOut(allow_null=True)

    class Meta:
        model = Job
        fields = [
            "id",
            "order",
            "position",
            "words",
            "kind",
            "trade",
            "scope",
            "menu",
            "comeback_of",
            "cause",
            "remedy",
            "status",
            "technician",
            "helpers",
            "dispatched_at",
            "started_at",
            "finished_at",
            "checked_at",
            "inspector",
            "check_failures",
            "check_remark",
            "certificate",
            "guaranteed_until",
            "guaranteed_km",
        ]


class HoldOut(Out):
    """What a job waits for or waited for, since when, until when."""

    class Meta:
        model = Hold
        fields = ["id", "job", "kind", "started_at", "expected_at", "ended_at", "remark"]


class JobRowOut(JobOut):
    """A job with its lines and its holds."""

    lines = LineOut(many=True)
    holds = HoldOut(many=True)

    class Meta(JobOut.Meta):
        fields = [*JobOut.Meta.fields, "lines", "holds"]


class LinkOut(Out):
    """The address by which the customer answers an estimate, and how far it came."""

    address = serializers.CharField(read_only=True)

    class Meta:
        model = ConsentLink
        fields = ["id", "order", "address", "made_at", "expires_at", "opened_at", "answered_at", "closed_at"]


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


_SHARES = Prefetch("shares", Share.objects.select_related("party"))
_LINES = Prefetch("lines", Line.objects.select_related("job__order__store").prefetch_related(_SHARES))
_JOBS = Prefetch(
    "jobs", Job.objects.select_related("technician", "inspector").prefetch_related(_LINES, "helpers", "holds")
)


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

    @verb("service.edit_visit", EditOrderForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Note the manufacturer's own number of the order."""
        return self.act(actions.edit_order, self.get_object())

    @verb("service.add_menu", AddMenuForm, creates=True)
    def add_menu(self, request: Any, pk: int) -> Response:
        """Take a menu into the order: a job with all its lines, which wait for consent."""
        return self.act(actions.add_menu, self.get_object())

    @verb("service.add_lines", TakeUpAgainForm, creates=True)
    def take_up_again(self, request: Any, pk: int) -> Response:
        """Offer work again that was declined or put off on an earlier visit."""
        return self.act(actions.take_up_again, self.get_object())

    @verb("service.add_job", AddJobForm, creates=True)
    def add_job(self, request: Any, pk: int) -> Response:
        """Add something the customer asks for, or extra work that was found."""
        return self.act(actions.add_job, self.get_object())

    @verb("service.authorise", AuthoriseForm)
    def authorise(self, request: Any, pk: int) -> Response:
        """Write down the customer's answer to each line."""
        return self.act(actions.authorise, self.get_object())

    @verb("service.send_link", SendLinkForm, status=201, out=LinkOut)
    def send_link(self, request: Any, pk: int) -> Response:
        """Send the open lines as a link; answers with its address, and closes the one before."""
        response = self.answer(self.ask(actions.send_link, self.get_object()))
        shown_once(response)  # the address is kept nowhere, not even for a retry
        return response

    @verb("service.send_link")
    def close_link(self, request: Any, pk: int) -> Response:
        """Take the open link of an order back."""
        return self.act(actions.close_link, self.get_object())


class JobApi(HouseApi):
    """Jobs of all orders: the workshop's list."""

    reads = "service.see_orders"
    queryset = Job.objects.select_related("order__store", "order__visit", "technician", "inspector").prefetch_related(
        "helpers"
    )
    serializer_class = JobOut
    row_serializer_class = JobRowOut
    filterset_class = JobFilter
    orderings = {"-id": ("-id",), "id": ("id",)}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related(_LINES, "holds")

    @verb("service.add_lines", AddLinesForm, creates=True)
    def add_lines(self, request: Any, pk: int) -> Response:
        """Estimate a job: labour and parts at tax-inclusive prices."""
        return self.act(actions.add_lines, self.get_object())

    @verb("service.share_line", ShareJobForm)
    def share(self, request: Any, pk: int) -> Response:
        """Say who pays for a whole job, in percent or yuan; every line adds up to the cent."""
        return self.act(actions.share_job, self.get_object())

    @verb("service.share_line", AskGoodwillForm)
    def ask_goodwill(self, request: Any, pk: int) -> Response:
        """Ask a manager for goodwill of the store beyond one's own authority."""
        return self.act(actions.ask_goodwill, self.get_object())

    @verb("service.share_line", AssessForm)
    def assess(self, request: Any, pk: int) -> Response:
        """Say what the insurer pays for an accident; the customer pays the difference."""
        return self.act(actions.assess, self.get_object())

    @verb("service.dispatch", DispatchForm)
    def dispatch_job(self, request: Any, pk: int) -> Response:
        """Give a job to a technician."""
        return self.act(actions.dispatch, self.get_object())

    @verb("service.hold", HoldForm)
    def hold(self, request: Any, pk: int) -> Response:
        """Say that a job waits for something, and until when."""
        return self.act(actions.hold, self.get_object())

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


class HoldApi(HouseApi):
    """What jobs wait for."""

    reads = "service.see_orders"
    queryset = Hold.objects.select_related("job__order__store", "job__order__visit")
    serializer_class = HoldOut

    @verb("service.hold")
    def resume(self, request: Any, pk: int) -> Response:
        """Say that what the job waited for is here."""
        return self.act(actions.resume, self.get_object())


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
