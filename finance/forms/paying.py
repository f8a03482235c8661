"""What comes in about money in and out."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField, Pills
from core.models import Store
from core.shapes import Rows
from finance.models import Payment, Settlement

CENT = Decimal("0.01")
MEANS = [(value, label) for value, label in Payment.Method.choices if value != Payment.Method.WRITE_OFF]
REAL = [(value, label) for value, label in Payment.Method.choices if value in Payment.MONEY]


class MeansForm(HouseForm):
    """One more means of the same payment."""

    amount = MoneyField(label=_("Amount"), min_value=CENT)
    method = forms.ChoiceField(label=_("Method"), choices=MEANS, initial=Payment.Method.CASH)
    reference = forms.CharField(label=_("Reference"), max_length=60, required=False)


class PayForm(HouseForm):
    """Money taken for a settlement, by one means or several."""

    amount = MoneyField(label=_("Amount"), min_value=CENT)
    method = forms.ChoiceField(label=_("Method"), choices=MEANS, widget=Pills)
    given = MoneyField(
        label=_("Cash given"), min_value=CENT, required=False, help_text=_("The change is worked out from it.")
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=60,
        required=False,
        help_text=_("Number of the transfer or of the card slip."),
    )
    more = Rows(MeansForm, label=_("More means"), required=False, spare=1)


class RefundForm(HouseForm):
    """Why money is given back."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class _InStore(HouseForm):
    """What is done in one of one's stores."""

    VERB = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store: Any = self.fields.get("store")
        if store is not None:
            store.queryset = Store.objects.for_verb(self.by, self.VERB).order_by("code")


class VisitDepositForm(HouseForm):
    """A deposit for the work of a visit."""

    amount = MoneyField(label=_("Amount"), min_value=CENT)
    method = forms.ChoiceField(label=_("Method"), choices=REAL, widget=Pills)
    reason = forms.CharField(label=_("What for"), max_length=400, help_text=_("Such as the part that is ordered."))
    reference = forms.CharField(label=_("Reference"), max_length=60, required=False)


class TakeDepositForm(_InStore, VisitDepositForm):
    """A deposit of a customer, before there is a visit."""

    VERB = "finance.take_deposit"
    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    field_order = ["store"]


class ReturnDepositForm(HouseForm):
    """What is given back of a deposit, and how."""

    amount = MoneyField(label=_("Amount"), min_value=CENT)
    method = forms.ChoiceField(label=_("Method"), choices=REAL, widget=Pills)
    reason = forms.CharField(label=_("Reason"), max_length=400)
    reference = forms.CharField(label=_("Reference"), max_length=60, required=False)


class PayAccountForm(_InStore):
    """Money with which a credit account is paid off."""

    VERB = "finance.pay_account"
    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    amount = MoneyField(label=_("Amount"), min_value=CENT)
    method = forms.ChoiceField(label=_("Method"), choices=REAL, widget=Pills)
    reference = forms.CharField(label=_("Reference"), max_length=60, required=False)


class ReceiveFromPartyForm(HouseForm):
    """One payment of an insurer or manufacturer, and the settlements it is for."""

    settlements = forms.ModelMultipleChoiceField(
        label=_("Settlements"), queryset=Settlement.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    amount = MoneyField(label=_("Amount"), min_value=CENT)
    method = forms.ChoiceField(label=_("Method"), choices=REAL, widget=Pills, initial=Payment.Method.TRANSFER)
    reference = forms.CharField(
        label=_("Reference"), max_length=60, required=False, help_text=_("Number of the transfer.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settlements: Any = self.fields["settlements"]
        found = Settlement.objects.receivables()
        settlements.queryset = found.visible_to(self.by) if self.by else found.none()
