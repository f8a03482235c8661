"""Paths of the service room."""

from django.urls import path

from service import views

urlpatterns = [
    path("visits/", views.visits, name="visits"),
    path("visits/arrive/", views.arrive, name="arrive"),
    path("visits/<int:pk>/", views.visit, name="visit"),
    path("visits/<int:pk>/receive/", views.receive, name="receive"),
    path("visits/<int:pk>/promise/", views.promise, name="promise"),
    path("visits/<int:pk>/ready/", views.ready, name="ready"),
    path("visits/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("visits/<int:pk>/exit/", views.exit_visit, name="exit_visit"),
    path("orders/", views.orders, name="orders"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("orders/<int:pk>/add-job/", views.add_job, name="add_job"),
    path("orders/<int:pk>/authorise/", views.authorise, name="authorise"),
    path("orders/<int:pk>/print/", views.print_order, name="print_order"),
    path("workshop/", views.workshop, name="workshop"),
    path("jobs/<int:pk>/add-lines/", views.add_lines, name="add_lines"),
    path("jobs/<int:pk>/dispatch/", views.dispatch, name="dispatch"),
    path("jobs/<int:pk>/start/", views.start, name="start"),
    path("jobs/<int:pk>/finish/", views.finish, name="finish"),
    path("jobs/<int:pk>/check/", views.check, name="check"),
    path("lines/<int:pk>/share/", views.share_line, name="share_line"),
    path("lines/<int:pk>/remove/", views.remove_line, name="remove_line"),
]
