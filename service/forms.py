"""What comes in about visits, orders, jobs and lines: one form a verb, for both doors."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField, Pills
from core.models import Employee, Store
from core.roles import Role
from core.shapes import Rows
from customers.forms import PhoneField
from customers.models import Message
from customers.shapes import is_vin, kind_of_plate, tidy_plate, tidy_vin
from service.models import Job, Line, Party, Share, Visit


class ArriveForm(HouseForm):
    """A car at the gate: a known one by its plate or VIN, a new one with its customer."""

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


# As often as they come to the counter; the model's own order is their rank.
_DAILY = [Job.Kind.MAINTENANCE, Job.Kind.FIRST, Job.Kind.REPAIR]
KINDS = [(one.value, one.label) for one in [*_DAILY, *(kind for kind in Job.Kind if kind not in _DAILY)]]


class JobForm(HouseForm):
    """One thing the customer asks for."""

    words = forms.CharField(label=_("Customer's words"), max_length=400)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial=Job.Kind.MAINTENANCE)


class NoFieldsForm(HouseForm):
    """A step that takes no fields: pressing the button says it all."""


def _in_two_hours() -> Any:
    return (localtime(now()) + timedelta(hours=2)).replace(second=0, microsecond=0)


class ReceiveForm(HouseForm):
    """The walk-round at reception: who drove, what for, until when."""

    columns = 2
    driver_name = forms.CharField(label=_("Driver"), max_length=80, required=False, help_text=_("Empty: the owner."))
    driver_phone = PhoneField(label=_("Driver's phone"), required=False)
    mileage = forms.IntegerField(label=_("Mileage in km"), min_value=0, max_value=3_000_000, required=False)
    key_tag = forms.CharField(label=_("Key tag"), max_length=10, required=False)
    promised_at = forms.DateTimeField(label=_("Promised for"), initial=_in_two_hours)
    waits = forms.BooleanField(label=_("The customer waits in the store"), required=False, initial=False)
    oem_number = forms.CharField(label=_("Manufacturer's order number"), max_length=30, required=False)
    jobs = Rows(JobForm, label=_("What the customer asks for"))


class PromiseForm(HouseForm):
    """Another time, told to the customer."""

    promised_at = forms.DateTimeField(label=_("New time"))
    channel = forms.ChoiceField(
        label=_("Customer told by"), choices=Message.Channel, widget=Pills, initial=Message.Channel.PHONE
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)


class AddJobForm(JobForm):
    """Something more that the customer asks for, or extra work that was found."""


class LineForm(HouseForm):
    """One labour operation or part of an estimate."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Line.Kind, initial=Line.Kind.LABOUR)
    name = forms.CharField(label=_("Item"), max_length=160)
    code = forms.CharField(label=_("Code"), max_length=40, required=False)
    quantity = forms.DecimalField(label=_("Quantity or hours"), max_digits=9, decimal_places=2, min_value=0)
    unit = forms.CharField(label=_("Unit"), max_length=8, required=False)
    price = MoneyField(label=_("Unit price, tax included"), max_digits=11, min_value=0)
    cost = MoneyField(label=_("Cost"), min_value=0, required=False, initial=0)
    payer = forms.ChoiceField(label=_("Payer"), choices=Party.Kind, initial=Party.Kind.CUSTOMER)
    party = forms.ModelChoiceField(
        label=_("Name of the payer"), queryset=Party.objects.none(), required=False, empty_label="–"
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=Share.Reason, initial=Share.Reason.REPAIR)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _parties(self)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        _named(self, found)
        if found.get("cost") is None:
            found["cost"] = 0
        return found


def _parties(form: Any) -> None:
    parties = Party.objects.filter(is_active=True).order_by("kind", "name")
    form.fields["party"].queryset = parties.visible_to(form.by) if form.by else parties.none()


def _named(form: Any, found: dict[str, Any]) -> None:
    """Somebody else than the customer is named, and of the kind that was chosen."""
    payer, party = found.get("payer"), found.get("party")
    if payer == Party.Kind.CUSTOMER:
        found["party"] = None
    elif payer and party is None:
        form.add_error("party", _("Name who pays when it is not the customer."))
    elif payer and party and party.kind != payer:
        form.add_error("party", _("This payer is of another kind."))


class AddLinesForm(HouseForm):
    """The estimate of a job."""

    lines = Rows(LineForm, label=_("Labour and parts"), spare=2)


class AnswerForm(HouseForm):
    """The customer's answer to one line."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (Line.Consent.AUTHORISED, _("Agreed")),
            (Line.Consent.DEFERRED, _("Later")),
            (Line.Consent.DECLINED, _("Not wanted")),
            (Line.Consent.ASKED, _("No answer yet")),
        ],
        widget=Pills,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("label"):
            self.fields["answer"].label = self.initial["label"]


class AuthoriseForm(HouseForm):
    """The customer's answer to each line, by whom and how."""

    answers = Rows(AnswerForm, label=_("Lines"), spare=0)
    via = forms.ChoiceField(label=_("Consent given by"), choices=Line.Via, widget=Pills, initial=Line.Via.SIGNATURE)
    consent_by = forms.CharField(label=_("Name of the person who agreed"), max_length=80)


class ShareForm(HouseForm):
    """What one payer takes of a line."""

    payer = forms.ChoiceField(label=_("Payer"), choices=Party.Kind, initial=Party.Kind.CUSTOMER)
    party = forms.ModelChoiceField(
        label=_("Name of the payer"), queryset=Party.objects.none(), required=False, empty_label="–"
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=Share.Reason, initial=Share.Reason.REPAIR)
    amount = MoneyField(label=_("Amount"), min_value=0, required=False, help_text=_("The last payer takes the rest."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _parties(self)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        _named(self, found)
        return found


class ShareLineForm(HouseForm):
    """Who pays for a line."""

    shares = Rows(ShareForm, label=_("Payers"))


class DispatchForm(HouseForm):
    """The technician who gets the job."""

    technician = forms.ModelChoiceField(label=_("Technician"), queryset=Employee.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = Store.objects.for_verb(self.by, "service.dispatch")
        technician: Any = self.fields["technician"]
        technician.queryset = (
            Employee.objects.filter(
                is_active=True,
                postings__is_active=True,
                postings__role=Role.TECHNICIAN,
                postings__store__in=stores,
            )
            .distinct()
            .order_by("name", "pk")
        )


class FinishForm(HouseForm):
    """Cause and remedy, in the technician's words."""

    cause = forms.CharField(label=_("Cause"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    remedy = forms.CharField(label=_("Remedy"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class CheckForm(HouseForm):
    """The result of the quality check."""

    passed = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("yes", _("Passed")), ("no", _("To be done again"))],
        coerce=lambda value: value == "yes",
        widget=Pills,
    )
    remark = forms.CharField(
        label=_("Remark"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReadyForm(HouseForm):
    """How the customer was told that the car is ready."""

    channel = forms.ChoiceField(
        label=_("Customer told by"), choices=Message.Channel, widget=Pills, initial=Message.Channel.PHONE
    )


class HandOverForm(HouseForm):
    """What belongs to handing a car over."""

    explained = forms.BooleanField(label=_("The work and the bill were explained"), required=False, initial=False)
    old_parts_shown = forms.BooleanField(
        label=_("The old parts were shown or handed back"), required=False, initial=False
    )


class ExitForm(HouseForm):
    """Why the car leaves without the work."""

    exit = forms.ChoiceField(
        label=_("Outcome"), choices=[c for c in Visit.Exit.choices if c[0] != Visit.Exit.SERVED], widget=Pills
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)
