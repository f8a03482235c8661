"""What comes in about vehicles."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm
from core.models import Company
from customers.forms.finding import CustomerField, companies_for
from customers.models import Customer, Vehicle


class EditVehicleForm(HouseForm):
    """A car as the desk knows it."""

    ASKED = ("vin_remark", "plate_moved", "mileage_remark")
    columns = 2
    plate = forms.CharField(
        label=_("Plate"), max_length=12, required=False, help_text=_("Empty for a car without one.")
    )
    plate_moved = forms.BooleanField(label=_("The plate moved to this car"), required=False, initial=False)
    vin = forms.CharField(label=_("VIN"), max_length=24, required=False)
    vin_remark = forms.CharField(
        label=_("Why the VIN is right although its check digit is not"), max_length=120, required=False
    )
    brand = forms.CharField(label=_("Brand"), max_length=40, required=False)
    model = forms.CharField(label=_("Model"), max_length=60, required=False)
    year = forms.IntegerField(label=_("Model year"), min_value=1950, max_value=2100, required=False)
    mileage = forms.IntegerField(label=_("Mileage in km"), min_value=0, max_value=3_000_000, required=False)
    mileage_remark = forms.CharField(label=_("Why the mileage is lower than before"), max_length=120, required=False)
    sold_on = forms.DateField(label=_("Sold on"), required=False)
    warranty_from = forms.DateField(label=_("Warranty from"), required=False)
    owner = CustomerField(label=_("Owner"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.among(Customer.objects.visible_to(self.by) if self.by else Customer.objects.none())

    @classmethod
    def known(cls, vehicle: Vehicle) -> dict[str, Any]:
        """A car's present values, as the form's initial ones."""
        names = [one for one in EditVehicleForm.base_fields if one not in {"owner", "plate_moved", "mileage_remark"}]
        asked = {"plate_moved": False, "mileage_remark": ""}
        return {name: getattr(vehicle, name) for name in names} | {"owner": vehicle.owner_id} | asked


class AddVehicleForm(EditVehicleForm):
    """A new car of a company."""

    company = forms.ModelChoiceField(label=_("Company"), queryset=Company.objects.none(), empty_label=None)
    field_order = ["company"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company: Any = self.fields["company"]
        company.queryset = companies_for(self.by, "customers.add_vehicle").order_by("pk")
        company.initial = company.queryset.values_list("pk", flat=True).first()
