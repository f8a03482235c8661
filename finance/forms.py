"""What comes in about money and the gate: one form a verb, for both doors."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField, Pills
from finance.models import Payment


class SettleForm(HouseForm):
    """Settling takes no fields: the lines say it all."""


class PayForm(HouseForm):
    """Money taken for a settlement."""

    amount = MoneyField(label=_("Amount"), min_value=Decimal("0.01"))
    method = forms.ChoiceField(label=_("Method"), choices=Payment.Method, widget=Pills)


class RefundForm(HouseForm):
    """Why money is given back."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class RefundPaymentForm(RefundForm):
    """Which payment of a settlement is given back, and why."""

    payment = forms.ModelChoiceField(label=_("Payment"), queryset=Payment.objects.none(), empty_label=None)
    field_order = ["payment"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        payment: Any = self.fields["payment"]
        payment.queryset = Payment.objects.visible_to(self.by) if self.by else Payment.objects.none()


class ReverseSettlementForm(RefundForm):
    """Why a settlement is reversed."""


class IssueGatePassForm(HouseForm):
    """Issuing a gate pass takes no fields."""


class LetOutForm(HouseForm):
    """The plate as the guard sees it: at least its last four characters."""

    plate_seen = forms.CharField(label=_("Plate on the car"), max_length=20)
