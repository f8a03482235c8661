"""Paths of the REST door, spelled out: every line names the verb of the role table's that a request asks for."""

from django.urls import include, path

from core.api import EntryApi, FigureApi, PersonApi, StoreApi
from customers.api import CallApi, CustomerApi, MessageApi, VehicleApi
from dealer.api import ReportApi, docs, schema
from finance.api import GatePassApi, PaymentApi, SettlementApi, VisitMoneyApi
from service.api import JobApi, LineApi, OrderApi, PartyApi, VisitApi

READ = {"get": "retrieve"}
LIST = {"get": "list"}
ADD = LIST | {"post": "create"}
EDIT = READ | {"put": "update", "patch": "partial_update"}

v1 = [
    path("stores/", StoreApi.as_view(LIST), name="api-stores"),
    path("stores/<int:pk>/", StoreApi.as_view(READ), name="api-store"),
    path("employees/", PersonApi.as_view(LIST), name="api-employees"),
    path("logbook/", EntryApi.as_view(LIST), name="api-logbook"),
    path("logbook/<int:pk>/", EntryApi.as_view(READ), name="api-entry"),
    path("customers/", CustomerApi.as_view(ADD), name="api-customers"),
    path("customers/<int:pk>/", CustomerApi.as_view(EDIT), name="api-customer"),
    path("vehicles/", VehicleApi.as_view(ADD), name="api-vehicles"),
    path("vehicles/<int:pk>/", VehicleApi.as_view(EDIT), name="api-vehicle"),
    path("calls/", CallApi.as_view(LIST), name="api-calls"),
    path("calls/<int:pk>/", CallApi.as_view(READ), name="api-call"),
    path("calls/<int:pk>/call/", CallApi.as_view({"post": "call"}), name="api-make-call"),
    path("calls/<int:pk>/agree-time/", CallApi.as_view({"post": "agree_time"}), name="api-agree-time"),
    path("calls/<int:pk>/reassign/", CallApi.as_view({"post": "reassign"}), name="api-reassign"),
    path("messages/", MessageApi.as_view(LIST), name="api-messages"),
    path("messages/<int:pk>/", MessageApi.as_view(READ), name="api-message"),
    path("messages/<int:pk>/mark-told/", MessageApi.as_view({"post": "mark_told"}), name="api-mark-told"),
    path("visits/", VisitApi.as_view(ADD), name="api-visits"),
    path("visits/<int:pk>/", VisitApi.as_view(READ), name="api-visit"),
    path("visits/<int:pk>/receive/", VisitApi.as_view({"post": "receive"}), name="api-receive"),
    path("visits/<int:pk>/promise/", VisitApi.as_view({"post": "promise"}), name="api-promise"),
    path("visits/<int:pk>/ready/", VisitApi.as_view({"post": "ready"}), name="api-ready"),
    path("visits/<int:pk>/hand-over/", VisitApi.as_view({"post": "hand_over"}), name="api-hand-over"),
    path("visits/<int:pk>/exit/", VisitApi.as_view({"post": "exit"}), name="api-exit-visit"),
    path("visits/<int:pk>/settle/", VisitMoneyApi.as_view({"post": "settle"}), name="api-settle"),
    path("visits/<int:pk>/gate-pass/", VisitMoneyApi.as_view({"post": "gate_pass"}), name="api-issue-gate-pass"),
    path("orders/", OrderApi.as_view(LIST), name="api-orders"),
    path("orders/<int:pk>/", OrderApi.as_view(READ), name="api-order"),
    path("orders/<int:pk>/add-job/", OrderApi.as_view({"post": "add_job"}), name="api-add-job"),
    path("orders/<int:pk>/authorise/", OrderApi.as_view({"post": "authorise"}), name="api-authorise"),
    path("jobs/", JobApi.as_view(LIST), name="api-jobs"),
    path("jobs/<int:pk>/", JobApi.as_view(READ), name="api-job"),
    path("jobs/<int:pk>/add-lines/", JobApi.as_view({"post": "add_lines"}), name="api-add-lines"),
    path("jobs/<int:pk>/dispatch/", JobApi.as_view({"post": "dispatch_job"}), name="api-dispatch"),
    path("jobs/<int:pk>/start/", JobApi.as_view({"post": "start"}), name="api-start"),
    path("jobs/<int:pk>/finish/", JobApi.as_view({"post": "finish"}), name="api-finish"),
    path("jobs/<int:pk>/check/", JobApi.as_view({"post": "check"}), name="api-check"),
    path("lines/<int:pk>/", LineApi.as_view(READ), name="api-line"),
    path("lines/<int:pk>/share/", LineApi.as_view({"post": "share"}), name="api-share-line"),
    path("lines/<int:pk>/remove/", LineApi.as_view({"post": "remove"}), name="api-remove-line"),
    path("parties/", PartyApi.as_view(LIST), name="api-parties"),
    path("parties/<int:pk>/", PartyApi.as_view(READ), name="api-party"),
    path("settlements/", SettlementApi.as_view(LIST), name="api-settlements"),
    path("settlements/<int:pk>/", SettlementApi.as_view(READ), name="api-settlement"),
    path("settlements/<int:pk>/pay/", SettlementApi.as_view({"post": "pay"}), name="api-pay"),
    path("settlements/<int:pk>/reverse/", SettlementApi.as_view({"post": "reverse"}), name="api-reverse-settlement"),
    path("payments/<int:pk>/", PaymentApi.as_view(READ), name="api-payment"),
    path("payments/<int:pk>/refund/", PaymentApi.as_view({"post": "refund"}), name="api-refund"),
    path("gate-passes/", GatePassApi.as_view(LIST), name="api-gate-passes"),
    path("gate-passes/<int:pk>/", GatePassApi.as_view(READ), name="api-gate-pass"),
    path("gate-passes/<int:pk>/let-out/", GatePassApi.as_view({"post": "let_out"}), name="api-let-out"),
    path("figures/", FigureApi.as_view(LIST), name="api-figures"),
    path("reports/", ReportApi.as_view(ADD), name="api-reports"),
    path("reports/<int:pk>/", ReportApi.as_view(READ), name="api-report"),
]
urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", schema, name="api-schema"),
    path("docs/", docs, name="api-docs"),
]
