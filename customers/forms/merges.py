"""Two records that are one: which other record, and whose values stay."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm
from customers.forms.finding import CustomerField, VehicleField
from customers.models import Customer, Merge, Vehicle


def _choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Merge.Side, required=False, widget=forms.RadioSelect)


class OtherCustomerForm(HouseForm):
    """The other record of the same customer."""

    other = CustomerField(label=_("The other record"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other: Any = self.fields["other"]
        other.among(Customer.objects.visible_to(self.by) if self.by else Customer.objects.none())


class MergeCustomerForm(OtherCustomerForm):
    """Whose values stay; what is left out stays as on this record, or as on the other where this one has none."""

    name = _choice(_("Name"))
    kind = _choice(_("Kind"))
    phone = _choice(_("Phone"))
    email = _choice(_("E-mail"))
    level = _choice(_("Membership"))
    language = _choice(_("Language of messages"))
    call_hours = _choice(_("Hours for calls"))
    quiet_hours = _choice(_("Not to be disturbed"))
    keeper = _choice(_("Keeper"))
    city = _choice(_("City or area"))
    tax_number = _choice(_("Tax number"))


class OtherVehicleForm(HouseForm):
    """The other record of the same car."""

    other = VehicleField(label=_("The other record"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other: Any = self.fields["other"]
        other.among(Vehicle.objects.visible_to(self.by) if self.by else Vehicle.objects.none())


class MergeVehicleForm(OtherVehicleForm):
    """Whose values stay; what is left out stays as on this record, or as on the other where this one has none."""

    plate = _choice(_("Plate"))
    owner = _choice(_("Owner"))
    brand = _choice(_("Brand"))
    model = _choice(_("Model"))
    year = _choice(_("Model year"))
    mileage = _choice(_("Mileage in km"))
    sold_on = _choice(_("Sold on"))
    warranty_from = _choice(_("Warranty from"))


class UndoMergeForm(HouseForm):
    """Nothing to fill in: pressing the button takes the last merge back."""
