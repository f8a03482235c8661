"""What comes in about invoices."""

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, Pills
from finance.models import Invoice


class AskInvoiceForm(HouseForm):
    """To whom the invoice is made out."""

    columns = 2
    kind = forms.ChoiceField(label=_("Kind"), choices=Invoice.Kind, widget=Pills, initial=Invoice.Kind.ORDINARY)
    title = forms.CharField(label=_("Title of the invoice"), max_length=120)
    tax_number = forms.CharField(
        label=_("Tax number"), max_length=24, required=False, help_text=_("Needed for a special VAT invoice.")
    )
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Where the electronic invoice goes."))


class IssueInvoiceForm(HouseForm):
    """The invoice as the tax system issued it."""

    number = forms.CharField(label=_("Invoice number"), max_length=30)
    issued_on = forms.DateField(label=_("Issued on"), initial=localdate)


class ReverseInvoiceForm(HouseForm):
    """The red invoice that takes an issued one back."""

    red_number = forms.CharField(label=_("Number of the red invoice"), max_length=30)
    red_on = forms.DateField(label=_("Reversed on"), initial=localdate)
    reason = forms.CharField(label=_("Reason"), max_length=400)


class DropInvoiceForm(HouseForm):
    """Why an invoice is not wanted after all."""

    reason = forms.CharField(label=_("Reason"), max_length=400)
