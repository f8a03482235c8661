"""What every support view shares: it only shows, and with the same eyes as every other door."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.rows import HouseModel


class ReadOnly(admin.ModelAdmin):
    """Rows to look at, never to change: what may be changed has a verb. Readers see what the role table shows them."""

    list_per_page = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Only what this reader may see through any door."""
        rows = super().get_queryset(request)
        return rows.visible_to(request.actor) if issubclass(self.model, HouseModel) else rows  # type: ignore[attr-defined]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the read verb of the model; what belongs to no store is for those who see the queued work."""
        return bool(request.actor.may(getattr(self.model, "READ", "") or "core.see_queue"))  # type: ignore[attr-defined]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The list of models shows what may be read."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False
