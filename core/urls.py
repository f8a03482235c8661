"""Paths of the ground."""

from django.urls import path

from core import views

urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("language/", views.set_language, name="set_language"),
    path("theme/", views.set_theme, name="set_theme"),
    path("store/", views.switch_store, name="switch_store"),
    path("account/me/", views.profile, name="profile"),
    path("account/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("calendar/", views.calendar, name="calendar"),
    path("logbook/", views.logbook, name="logbook"),
    path("queue/", views.queue, name="queue"),
]
