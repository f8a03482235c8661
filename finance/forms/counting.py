"""What comes in about counting the cash desk."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField
from core.models import Store


class CountCashForm(HouseForm):
    """What is there, means by means; what the house expects is shown after it was counted."""

    columns = 2
    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    business_date = forms.DateField(label=_("Business date"), initial=localdate)
    cash = MoneyField(label=_("Cash"), required=False)
    card = MoneyField(label=_("Card"), required=False)
    wechat = MoneyField(label=_("WeChat Pay"), required=False)
    alipay = MoneyField(label=_("Alipay"), required=False)
    transfer = MoneyField(label=_("Bank transfer"), required=False)
    remark = forms.CharField(
        label=_("Explanation"), max_length=400, required=False, help_text=_("Needed when something differs.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store: Any = self.fields["store"]
        store.queryset = Store.objects.for_verb(self.by, "finance.count_cash").order_by("code")
