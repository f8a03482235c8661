"""What comes in about credit accounts."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField
from customers.forms import CustomerField
from customers.models import Customer
from finance.forms.paying import CENT
from finance.models import CreditAgreement


class EditAgreementForm(HouseForm):
    """What is agreed about a credit account."""

    columns = 2
    number = forms.CharField(label=_("Number of the agreement"), max_length=40)
    limit = MoneyField(label=_("Limit"), min_value=CENT)
    terms_days = forms.IntegerField(label=_("Days to pay"), min_value=0, max_value=365, initial=30)
    since = forms.DateField(label=_("From"), initial=localdate)
    until = forms.DateField(label=_("Until"), required=False, help_text=_("Empty: until somebody ends it."))

    @classmethod
    def known(cls, agreement: CreditAgreement) -> dict[str, Any]:
        """An agreement's present values, as the form's initial ones."""
        return {name: getattr(agreement, name) for name in ("number", "limit", "terms_days", "since", "until")}


class AddAgreementForm(EditAgreementForm):
    """A new credit account of a customer."""

    customer = CustomerField(label=_("Customer"))
    field_order = ["customer"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer: Any = self.fields["customer"]
        customer.among(Customer.objects.visible_to(self.by) if self.by else Customer.objects.none())


class EndAgreementForm(HouseForm):
    """Why an agreement ends."""

    reason = forms.CharField(label=_("Reason"), max_length=400)
