"""What comes in about money and the gate: one form a verb, for both doors."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField, Pills
from finance.models import Payment


class PayForm(HouseForm):
    """Money taken for a settlement."""

    amount = MoneyField(label=_("Amount"), min_value=Decimal("0.01"))
    method = forms.ChoiceField(label=_("Method"), choices=Payment.Method, widget=Pills)


class RefundForm(HouseForm):
    """Why money is given back."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class ReverseSettlementForm(RefundForm):
    """Why a settlement is reversed."""


class LetOutForm(HouseForm):
    """The plate as the guard sees it: at least its last four characters."""

    plate_seen = forms.CharField(
        label=_("Plate on the car"), max_length=20, help_text=_("Its last four characters are enough.")
    )
