"""Paths of the REST door."""

from django.urls import path

urlpatterns: list = []
