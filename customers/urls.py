"""Paths of the customers room."""

from django.urls import path

from customers import views

urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/add/", views.add_customer, name="add_customer"),
    path("customers/find/", views.find_customer, name="find_customer"),
    path("customers/duplicates/", views.duplicate_customers, name="duplicate_customers"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/edit/", views.edit_customer, name="edit_customer"),
    path("customers/<int:pk>/note-consent/", views.note_consent, name="note_consent"),
    path("customers/<int:pk>/merge/", views.merge_customer, name="merge_customer"),
    path("customers/<int:pk>/undo-merge/", views.undo_merge_customer, name="undo_merge_customer"),
    path("customers/<int:pk>/keep-apart/", views.keep_customers_apart, name="keep_customers_apart"),
    path("vehicles/", views.vehicles, name="vehicles"),
    path("vehicles/add/", views.add_vehicle, name="add_vehicle"),
    path("vehicles/find/", views.find_vehicle, name="find_vehicle"),
    path("vehicles/duplicates/", views.duplicate_vehicles, name="duplicate_vehicles"),
    path("vehicles/<int:pk>/", views.vehicle, name="vehicle"),
    path("vehicles/<int:pk>/edit/", views.edit_vehicle, name="edit_vehicle"),
    path("vehicles/<int:pk>/merge/", views.merge_vehicle, name="merge_vehicle"),
    path("vehicles/<int:pk>/undo-merge/", views.undo_merge_vehicle, name="undo_merge_vehicle"),
    path("vehicles/<int:pk>/keep-apart/", views.keep_vehicles_apart, name="keep_vehicles_apart"),
    path("calls/", views.calls, name="calls"),
    path("calls/<int:pk>/", views.call, name="call"),
    path("calls/<int:pk>/agree-time/", views.agree_time, name="agree_time"),
    path("calls/<int:pk>/reassign/", views.reassign, name="reassign"),
    path("messages/", views.messages, name="messages"),
    path("messages/<int:pk>/mark-told/", views.mark_told, name="mark_told"),
    path("messages/<int:pk>/retry/", views.retry_message, name="retry_message"),
]
