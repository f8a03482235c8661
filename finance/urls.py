"""Paths of the finance room."""

from django.urls import path

from finance import views

urlpatterns = [
    path("visits/<int:pk>/settle/", views.settle, name="settle"),
    path("visits/<int:pk>/money/", views.visit_money, name="visit_money"),
    path("visits/<int:pk>/gate-pass/", views.issue_gate_pass, name="issue_gate_pass"),
    path("settlements/", views.settlements, name="settlements"),
    path("settlements/<int:pk>/", views.settlement, name="settlement"),
    path("settlements/<int:pk>/pay/", views.pay, name="pay"),
    path("settlements/<int:pk>/reverse/", views.reverse_settlement, name="reverse_settlement"),
    path("settlements/<int:pk>/print/", views.print_settlement, name="print_settlement"),
    path("payments/<int:pk>/refund/", views.refund, name="refund"),
    path("gate/", views.gate, name="gate"),
    path("gate/<int:pk>/", views.gate_pass, name="gate_pass"),
    path("gate/<int:pk>/let-out/", views.let_out, name="let_out"),
    path("gate/<int:pk>/print/", views.print_gate_pass, name="print_gate_pass"),
]
