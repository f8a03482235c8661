"""What comes in about customers, vehicles and calls: one form a verb, for both doors."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, Pills
from core.models import Company, Employee, Store
from core.roles import Role
from customers.models import Call, CallAttempt, Customer, Vehicle
from customers.shapes import is_phone, tidy_phone


def companies_for(by: Any, verb: str) -> Any:
    """The companies in whose customer base somebody may use a verb."""
    if by is None:
        return Company.objects.none()
    scope = by.scope(verb)
    return Company.objects.all() if scope.everywhere else Company.objects.filter(pk__in=scope.any_company)


class Typed(str):
    """What was typed to find somebody, where nobody was chosen yet."""


class FindCustomer(forms.Widget):
    """Finds one of thousands: hits come while one types; without JavaScript they come when the form is sent."""

    template_name = "customers/_find.html"
    rows: Any = Customer.objects.none()
    hits: list[Customer] | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The id of the customer chosen, or what was typed to find another one; JSON has the id alone."""
        value, typed = data.get(name), str(data.get(f"{name}_q") or "").strip()
        if isinstance(value, str) and not value.isdecimal():
            typed, value = typed or value.strip(), None
        # without JavaScript the old choice is still ticked beside the words for the new one
        if typed and (not value or not self.rows.filter(pk=value).found_by(typed).exists()):
            return Typed(typed)
        return value

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The customer chosen, or the hits for what was typed."""
        context = super().get_context(name, value, attrs)
        typed = value if isinstance(value, Typed) else ""
        chosen = self.rows.filter(pk=value).first() if value and not typed and str(value).isdecimal() else None
        return context | {"chosen": chosen, "typed": typed, "hits": self.hits or []}


class CustomerField(forms.ModelChoiceField):
    """One customer, by id in JSON, by name or phone in the browser."""

    widget = FindCustomer
    MOST = 8

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Customer.objects.none(), **kwargs)

    def among(self, rows: Any) -> None:
        """Let somebody choose from these customers."""
        self.queryset = self.widget.rows = rows

    def clean(self, value: Any) -> Any:
        """The customer chosen, or the only one whom the words find; several are offered for choice."""
        if not isinstance(value, Typed):
            return super().clean(value)
        found = list(self.queryset.found_by(value).order_by("name", "pk")[: self.MOST])  # type: ignore[union-attr]
        if len(found) == 1:
            return found[0]
        self.widget.hits = found
        if found:
            raise forms.ValidationError(_("Several customers match. Choose one of them."), code="several")
        raise forms.ValidationError(_("No customer has this name or phone."), code="none")


class PhoneField(forms.CharField):
    """A phone number as people write it; what cannot be dialled is said beside the field."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> str:
        """The number as it is stored."""
        phone = tidy_phone(super().clean(value))
        if phone and not is_phone(phone):
            raise forms.ValidationError(_("This is not a phone number: a mobile number has 11 digits."), code="phone")
        return phone


class EditCustomerForm(HouseForm):
    """A customer as the desk knows them."""

    columns = 2
    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind, widget=Pills, initial=Customer.Kind.PERSON)
    name = forms.CharField(label=_("Name"), max_length=80)
    phone = PhoneField(label=_("Phone"))
    level = forms.ChoiceField(label=_("Membership"), choices=Customer.Level, required=False, initial="")
    call_from = forms.TimeField(label=_("May be called from"), required=False)
    call_until = forms.TimeField(
        label=_("May be called until"), required=False, help_text=_("Empty means: in the store's hours for calls.")
    )
    do_not_call = forms.BooleanField(label=_("Does not want calls"), required=False, initial=False)
    keeper = forms.ModelChoiceField(label=_("Keeper"), queryset=Employee.objects.none(), required=False)
    city = forms.CharField(label=_("City or area"), max_length=60, required=False)
    remark = forms.CharField(
        label=_("Remark"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = Store.objects.for_verb(self.by, "customers.edit_customer")
        keeper: Any = self.fields["keeper"]
        keeper.queryset = (
            Employee.objects.filter(
                is_active=True,
                kind=Employee.Kind.PERSON,
                postings__is_active=True,
                postings__role__in=[Role.CARE_AGENT, Role.ADVISOR, Role.CARE_MANAGER],
                postings__store__in=stores,
            )
            .distinct()
            .order_by("name", "pk")
        )

    @classmethod
    def known(cls, customer: Customer) -> dict[str, Any]:
        """A customer's present values, as the form's initial ones."""
        return {name: getattr(customer, name) for name in cls.base_fields if name not in {"keeper", "company"}} | {
            "keeper": customer.keeper_id
        }


class AddCustomerForm(EditCustomerForm):
    """A new customer of a company."""

    company = forms.ModelChoiceField(label=_("Company"), queryset=Company.objects.none(), empty_label=None)
    field_order = ["company"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company: Any = self.fields["company"]
        company.queryset = companies_for(self.by, "customers.add_customer").order_by("pk")
        company.initial = company.queryset.values_list("pk", flat=True).first()


class EditVehicleForm(HouseForm):
    """A car as the desk knows it."""

    ASKED = ("vin_remark", "plate_moved")  # only in doubt
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
    sold_on = forms.DateField(label=_("Sold on"), required=False)
    owner = CustomerField(label=_("Owner"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.among(Customer.objects.visible_to(self.by) if self.by else Customer.objects.none())
        for name in self.ASKED:
            if not self[name].value() or str(self[name].value()) == "False":
                self.fields[name].widget = forms.HiddenInput()

    def add_error(self, field: str | None, error: Any) -> None:
        """What is only asked in doubt is shown as soon as it is asked."""
        if field in self.ASKED:
            self.fields[field].widget = type(self).base_fields[field].widget
        super().add_error(field, error)

    @classmethod
    def known(cls, vehicle: Vehicle) -> dict[str, Any]:
        """A car's present values, as the form's initial ones."""
        names = [name for name in EditVehicleForm.base_fields if name not in {"owner", "plate_moved"}]
        return {name: getattr(vehicle, name) for name in names} | {"owner": vehicle.owner_id, "plate_moved": False}


class AddVehicleForm(EditVehicleForm):
    """A new car of a company."""

    company = forms.ModelChoiceField(label=_("Company"), queryset=Company.objects.none(), empty_label=None)
    field_order = ["company"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company: Any = self.fields["company"]
        company.queryset = companies_for(self.by, "customers.add_vehicle").order_by("pk")
        company.initial = company.queryset.values_list("pk", flat=True).first()


class CallForm(HouseForm):
    """One attempt to reach a customer, and what they said (回访记录表)."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=CallAttempt.Outcome, widget=Pills)
    answer = forms.ChoiceField(label=_("Is the customer satisfied?"), choices=Call.Answer, widget=Pills, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    suggestion = forms.CharField(
        label=_("Suggestion"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    agreed_at = forms.DateTimeField(label=_("Time the customer asked for"), required=False)
    seconds = forms.IntegerField(label=_("Duration in seconds"), min_value=0, max_value=36_000, required=False)
    remark = forms.CharField(label=_("Remark"), max_length=400, required=False)


class AgreeTimeForm(HouseForm):
    """Another time for a call, agreed with the customer."""

    agreed_at = forms.DateTimeField(label=_("Agreed time"))


class ReassignForm(HouseForm):
    """Another agent for a call."""

    agent = forms.ModelChoiceField(label=_("Agent"), queryset=Employee.objects.none(), empty_label=None)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = Store.objects.for_verb(self.by, "customers.reassign")
        agent: Any = self.fields["agent"]
        reach = Q(postings__store__in=stores) | Q(postings__store=None, postings__company__stores__in=stores)
        agent.queryset = (
            Employee.objects.filter(
                reach,
                is_active=True,
                kind=Employee.Kind.PERSON,
                postings__is_active=True,
                postings__role__in=[Role.CARE_AGENT, Role.CARE_MANAGER],
            )
            .distinct()
            .order_by("name", "pk")
        )


class MarkToldForm(HouseForm):
    """Nothing to fill in: somebody confirms that the customer was told."""
