"""What comes in about customers: who they are, what they agree to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, Pills
from core.models import Company, Employee, Store
from core.roles import Role
from customers.forms.finding import companies_for
from customers.models import ContactConsent, Customer
from customers.shapes import is_phone, tidy_phone


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
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    call_from = forms.TimeField(label=_("May be called from"), required=False)
    call_until = forms.TimeField(
        label=_("May be called until"), required=False, help_text=_("Empty means: in the store's hours for calls.")
    )
    quiet_from = forms.TimeField(label=_("Not to be disturbed from"), required=False)
    quiet_until = forms.TimeField(
        label=_("Not to be disturbed until"),
        required=False,
        help_text=_("May go over midnight. Calls and messages wait for its end."),
    )
    do_not_call = forms.BooleanField(label=_("Does not want calls"), required=False, initial=False)
    language = forms.ChoiceField(
        label=_("Language of messages"), choices=Customer.Language, required=False, initial=Customer.Language.CHINESE
    )
    keeper = forms.ModelChoiceField(label=_("Keeper"), queryset=Employee.objects.none(), required=False)
    city = forms.CharField(label=_("City or area"), max_length=60, required=False)
    tax_number = forms.CharField(
        label=_("Tax number"), max_length=24, required=False, help_text=_("For invoices: 15, 18 or 20 characters.")
    )
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

    def clean_language(self) -> str:
        """Chinese where nothing was chosen."""
        return self.cleaned_data["language"] or Customer.Language.CHINESE.value

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


def _answer(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", _("Agrees")), ("no", _("Does not want it"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=Pills,
    )


class NoteConsentForm(HouseForm):
    """What a customer agrees to, by purpose and channel; what is left out stays as it is."""

    service_phone = _answer(_("Calls about the car and the service"))
    service_sms = _answer(_("SMS about the car and the service"))
    service_wechat = _answer(_("WeChat about the car and the service"))
    marketing_phone = _answer(_("Marketing by phone"))
    marketing_sms = _answer(_("Marketing by SMS"))
    marketing_wechat = _answer(_("Marketing by WeChat"))
    sharing = _answer(_("Data may go to another store or an insurer"))
    via = forms.ChoiceField(
        label=_("How the customer said it"),
        choices=[one for one in ContactConsent.Via.choices if one[0] not in {"load", "merge"}],
        widget=Pills,
        initial=ContactConsent.Via.COUNTER,
    )
    remark = forms.CharField(label=_("Remark"), max_length=200, required=False)
