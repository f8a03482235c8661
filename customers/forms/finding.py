"""Fields that find one of thousands, and the companies somebody may choose from."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Company
from customers.models import Customer, Vehicle


def companies_for(by: Any, verb: str) -> Any:
    """The companies in whose customer base somebody may use a verb."""
    if by is None:
        return Company.objects.none()
    scope = by.scope(verb)
    return Company.objects.all() if scope.everywhere else Company.objects.filter(pk__in=scope.any_company)


class Typed(str):
    """What was typed to find somebody, where nobody was chosen yet."""


class Find(forms.Widget):
    """Finds one of thousands: hits come while one types; without JavaScript they come when the form is sent."""

    template_name = "customers/_find.html"
    address = "find_customer"
    words = _("Name or phone")
    rows: Any = Customer.objects.none()
    hits: list[Any] | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The id of the record chosen, or what was typed to find another one; JSON has the id alone."""
        value, typed = data.get(name), str(data.get(f"{name}_q") or "").strip()
        if isinstance(value, str) and not value.isdecimal():
            typed, value = typed or value.strip(), None
        # without JavaScript the old choice is still ticked beside the words for the new one
        if typed and (not value or not self.rows.filter(pk=value).found_by(typed).exists()):
            return Typed(typed)
        return value

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The record chosen, or the hits for what was typed."""
        context = super().get_context(name, value, attrs)
        typed = value if isinstance(value, Typed) else ""
        chosen = self.rows.filter(pk=value).first() if value and not typed and str(value).isdecimal() else None
        more = {"chosen": chosen, "typed": typed, "hits": self.hits or []}
        return context | more | {"find_url": reverse(self.address), "words": self.words}


class FindVehicle(Find):
    """Finds one of thousands of cars."""

    address = "find_vehicle"
    words = _("Plate or VIN")
    rows: Any = Vehicle.objects.none()


class FoundField(forms.ModelChoiceField):
    """One of thousands, by id in JSON, by what is known of it in the browser."""

    MOST = 8
    ORDER: tuple[str, ...] = ("-id",)
    NONE: Any = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=self.widget.rows, **kwargs)

    def among(self, rows: Any) -> None:
        """Let somebody choose from these."""
        self.queryset = self.widget.rows = rows

    def clean(self, value: Any) -> Any:
        """The one chosen, or the only one whom the words find; several are offered for choice."""
        if not isinstance(value, Typed):
            return super().clean(value)
        found = list(self.queryset.found_by(value).order_by(*self.ORDER)[: self.MOST])  # type: ignore[union-attr]
        if len(found) == 1:
            return found[0]
        self.widget.hits = found
        if found:
            raise forms.ValidationError(_("Several match. Choose one of them."), code="several")
        raise forms.ValidationError(self.NONE, code="none")


class CustomerField(FoundField):
    """One customer, by id in JSON, by name or phone in the browser."""

    widget = Find
    ORDER = ("name", "pk")
    NONE = _("No customer has this name or phone.")


class VehicleField(FoundField):
    """One car, by id in JSON, by plate or VIN in the browser."""

    widget = FindVehicle
    NONE = _("No car has this plate or VIN.")
