"""What comes in at arrival and reception."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField, PhotosField, Pills, SignatureField
from core.models import Store
from core.shapes import Rows
from customers.forms import CustomerField, PhoneField
from customers.models import Customer
from customers.shapes import is_vin, kind_of_plate, tidy_plate, tidy_vin
from service.models import Job, Line, Menu, Visit


class ArriveForm(HouseForm):
    """A car at the gate: a known one by its plate or VIN, a new one with its customer."""

    ASKED: tuple[str, ...] = ("vin_remark",)
    columns = 2
    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    plate = forms.CharField(label=_("Plate"), max_length=12, required=False)
    vin = forms.CharField(label=_("VIN"), max_length=24, required=False, help_text=_("Needed when there is no plate."))
    customer_name = forms.CharField(label=_("Customer's name"), max_length=80, required=False)
    phone = PhoneField(label=_("Customer's phone"), required=False)
    brand = forms.CharField(label=_("Brand"), max_length=40, required=False)
    model = forms.CharField(label=_("Model"), max_length=60, required=False)
    vin_remark = forms.CharField(
        label=_("Why the VIN is right although its check digit is not"), max_length=120, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store: Any = self.fields["store"]
        store.queryset = Store.objects.for_verb(self.by, "service.arrive")

    def clean_plate(self) -> str:
        """The plate's shape, said together with whatever else is wrong."""
        text: str = self.cleaned_data["plate"]
        if kind_of_plate(tidy_plate(text)) is None:
            raise forms.ValidationError(
                _("“%(plate)s” is not a licence plate. Check the province, the letter and the length."),
                params={"plate": text},
            )
        return text

    def clean_vin(self) -> str:
        """The VIN's characters and length."""
        text: str = self.cleaned_data["vin"]
        if text and not is_vin(tidy_vin(text)):
            raise forms.ValidationError(_("A VIN has 17 characters, letters and digits without I, O and Q."))
        return text


class FleetCarForm(HouseForm):
    """One car of a fleet. What is wrong with it is said beside it while the others go in."""

    plate = forms.CharField(label=_("Plate"), max_length=12, required=False)
    vin = forms.CharField(label=_("VIN"), max_length=24, required=False)
    brand = forms.CharField(label=_("Brand"), max_length=40, required=False)
    model = forms.CharField(label=_("Model"), max_length=60, required=False)


class ArriveFleetForm(HouseForm):
    """Several cars of one firm, by plate or VIN."""

    columns = 2
    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    customer = CustomerField(label=_("Firm"), required=False)
    customer_name = forms.CharField(
        label=_("Name of a new firm"), max_length=80, required=False, help_text=_("Empty when it was chosen above.")
    )
    phone = PhoneField(label=_("Phone of a new firm"), required=False)
    cars = Rows(FleetCarForm, label=_("Cars"), spare=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store: Any = self.fields["store"]
        store.queryset = Store.objects.for_verb(self.by, "service.arrive")
        _customers(self, "customer")


def _customers(form: Any, name: str) -> None:
    form.fields[name].among(Customer.objects.visible_to(form.by) if form.by else Customer.objects.none())


# As often as they come to the counter; the model's own order is their rank.
_DAILY = [Job.Kind.MAINTENANCE, Job.Kind.FIRST, Job.Kind.REPAIR]
KINDS = [(one.value, one.label) for one in [*_DAILY, *(kind for kind in Job.Kind if kind not in _DAILY)]]


class JobForm(HouseForm):
    """One thing the customer asks for."""

    words = forms.CharField(label=_("Customer's words"), max_length=400)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial=Job.Kind.MAINTENANCE)


class NoFieldsForm(HouseForm):
    """A step that takes no fields: pressing the button says it all."""


def in_two_hours() -> Any:
    """The promise that stands in the form before anybody chose one."""
    return (localtime(now()) + timedelta(hours=2)).replace(second=0, microsecond=0)


class YesNoPills(Pills):
    """Yes or no as two large buttons that both say what they mean; in JSON it is true or false."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        """Nothing pressed is no."""
        return data.get(name) in {True, "yes", "True"}

    def format_value(self, value: Any) -> list[str]:
        """The button that is pressed."""
        return ["yes" if value in {True, "yes", "True"} else "no"]


class NotedForm(HouseForm):
    """What is noted at reception besides the work: driver, payer, keys, wishes."""

    ASKED: tuple[str, ...] = ("mileage_remark",)
    columns = 2
    driver_name = forms.CharField(label=_("Driver"), max_length=80, required=False, help_text=_("Empty: the owner."))
    driver_phone = PhoneField(label=_("Driver's phone"), required=False)
    spending_limit = MoneyField(
        label=_("What the driver may agree to"), min_value=0, required=False, help_text=_("In yuan. Empty: everything.")
    )
    payer = CustomerField(
        label=_("Payer"), required=False, help_text=_("Who pays the customer's part. Empty: the owner.")
    )
    mileage = forms.IntegerField(label=_("Mileage in km"), min_value=0, max_value=3_000_000, required=False)
    mileage_remark = forms.CharField(
        label=_("Why the mileage is lower than before"),
        max_length=120,
        required=False,
        help_text=_("Such as: the odometer was replaced, or was read wrongly last time."),
    )
    waits = forms.BooleanField(
        label=_("The customer"),
        required=False,
        initial=False,
        widget=YesNoPills(choices=[("yes", _("Waits here")), ("no", _("Leaves the car"))]),
    )
    key_tag = forms.CharField(label=_("Key tag"), max_length=10, required=False)
    parking = forms.CharField(label=_("Parking place"), max_length=20, required=False)
    wants_wash = forms.BooleanField(label=_("Wash wanted"), required=False, initial=False)
    wants_old_parts = forms.BooleanField(label=_("Old parts back"), required=False, initial=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "payer" in self.fields:
            _customers(self, "payer")


class EditVisitForm(NotedForm):
    """What was noted at reception, put right."""

    @classmethod
    def known(cls, visit: Visit) -> dict[str, Any]:
        """A visit's present values, as the form's initial ones."""
        found = {name: getattr(visit, name) for name in cls.base_fields if name not in {"payer", "mileage_remark"}}
        return found | {"payer": visit.payer_id, "mileage_remark": ""}


class WorkForm(HouseForm):
    """What the customer asks for: menus, work put off earlier, comebacks within the guarantee, their own words."""

    menus = forms.ModelMultipleChoiceField(label=_("Menus"), queryset=Menu.objects.none(), required=False)
    again = forms.ModelMultipleChoiceField(
        label=_("Work put off earlier"), queryset=Line.objects.none(), required=False
    )
    comebacks = forms.ModelMultipleChoiceField(label=_("Same fault again"), queryset=Job.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: dict[str, Any] = {"menus": Menu.objects.active(), "again": Line.objects.all()}
        for name, found in (rows | {"comebacks": Job.objects.all()}).items():
            if name in self.fields:
                field: Any = self.fields[name]
                field.queryset = found.visible_to(self.by) if self.by else found.none()


class ReceiveForm(NotedForm, WorkForm):
    """The walk-round at reception: who drove, what for, until when."""

    promised_at = forms.DateTimeField(label=_("Promised for"), initial=in_two_hours)
    oem_number = forms.CharField(label=_("Manufacturer's order number"), max_length=30, required=False)
    photos = PhotosField(label=_("Photos of damage"), required=False)
    jobs = Rows(JobForm, label=_("What the customer asks for"), required=False)

    def clean(self) -> dict[str, Any]:
        """A car is here for something; said together with whatever else is wrong."""
        found: dict[str, Any] = super().clean() or {}
        work = ("jobs", "menus", "again", "comebacks")
        if not any(found.get(name) for name in work) and not set(work) & set(self.errors):
            self.add_error("jobs", _("Say what the customer asks for: tap a menu or write it down."))
        return found


class AddOrderForm(WorkForm):
    """A second repair order in the same visit."""

    oem_number = forms.CharField(label=_("Manufacturer's order number"), max_length=30, required=False)
    jobs = Rows(JobForm, label=_("What the customer asks for"), required=False)


class EditOrderForm(HouseForm):
    """The manufacturer's own number of an order."""

    oem_number = forms.CharField(label=_("Manufacturer's order number"), max_length=30, required=False)


class QuickForm(ArriveForm, NotedForm, WorkForm):
    """The quick lane on one screen: the car, the menus, the promise, one signature."""

    ASKED = ArriveForm.ASKED + NotedForm.ASKED
    # not asked for in a lane where the owner waits and signs
    comebacks: Any = None
    spending_limit: Any = None
    payer: Any = None
    promised_at = forms.DateTimeField(label=_("Promised for"), initial=in_two_hours)
    consent_by = forms.CharField(label=_("Name of the person who signs"), max_length=80)
    signature = SignatureField(label=_("Signature"), required=False)
    signed_on_paper = forms.BooleanField(label=_("Signed on the printed order"), required=False, initial=False)

    def clean(self) -> dict[str, Any]:
        """Drawn on screen or written on paper: without either nobody has agreed to anything."""
        found: dict[str, Any] = super().clean() or {}
        on_paper = found.pop("signed_on_paper", False)
        if not found.get("signature") and not on_paper and "signature" not in self.errors:
            self.add_error("signature", _("Please let the customer sign here, or on the printed order."))
        if not found.get("menus") and not found.get("again") and not {"menus", "again"} & set(self.errors):
            self.add_error("menus", _("Choose at least one menu."))
        return found
