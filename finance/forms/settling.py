"""What comes in about settling and reversing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField
from finance.forms.paying import RefundForm


class SettleForm(HouseForm):
    """What is taken off the customer's bill before it is settled."""

    columns = 2
    discount = MoneyField(label=_("Discount"), min_value=0, required=False, initial=0)
    rounding = MoneyField(label=_("Rounding down"), min_value=0, required=False, initial=0)
    discount_reason = forms.CharField(label=_("Reason of the discount"), max_length=400, required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for name in ("discount", "rounding"):
            if name not in self.errors:
                found[name] = found.get(name) or 0
        return found


class AskDiscountForm(SettleForm):
    """A discount for which a manager is asked."""


class ReverseSettlementForm(RefundForm):
    """Why a settlement is reversed, and whether what was paid goes back in the same step."""

    refund = forms.BooleanField(label=_("Give back what was paid"), required=False, initial=False)
