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
    path("employees/", views.employees, name="employees"),
    path("employees/add/", views.add_employee, name="add_employee"),
    path("employees/<int:pk>/", views.employee, name="employee"),
    path("employees/<int:pk>/post/", views.post_employee, name="post_employee"),
    path("employees/<int:pk>/deactivate/", views.deactivate_employee, name="deactivate_employee"),
    path("employees/<int:pk>/reactivate/", views.reactivate_employee, name="reactivate_employee"),
    path("employees/<int:pk>/reset-password/", views.reset_password, name="reset_password"),
    path("postings/<int:pk>/end/", views.end_posting, name="end_posting"),
    path("calendar/", views.calendar, name="calendar"),
    path("logbook/", views.logbook, name="logbook"),
    path("queue/", views.queue, name="queue"),
]
