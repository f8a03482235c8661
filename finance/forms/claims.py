"""What comes in about what is still owed."""

from datetime import date, timedelta

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField, Pills
from customers.models import Message
from finance.forms.paying import CENT


def in_a_week() -> date:
    """The day by which credit is due that stands in the form before anybody chose one."""
    return localdate() + timedelta(days=7)


class RefusePaymentForm(HouseForm):
    """Why the customer refuses to pay."""

    reason = forms.CharField(
        label=_("Why the customer refuses"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class LetGoForm(HouseForm):
    """Until when credit is given that a manager granted."""

    due_on = forms.DateField(label=_("To be paid by"), initial=in_a_week)


class ReleaseForm(LetGoForm):
    """Why the car goes on credit, and until when."""

    reason = forms.CharField(label=_("Reason of the credit"), max_length=400)
    field_order = ["reason", "due_on"]


class WriteOffForm(HouseForm):
    """What is written off, and why."""

    amount = MoneyField(label=_("Amount"), min_value=CENT)
    reason = forms.CharField(label=_("Reason"), max_length=400)


class AskWriteOffForm(WriteOffForm):
    """What a manager is asked to write off."""


class DunForm(HouseForm):
    """How a payer was reminded, and what they promised."""

    channel = forms.ChoiceField(
        label=_("Told by"), choices=Message.Channel, widget=Pills, initial=Message.Channel.PHONE
    )
    promised_on = forms.DateField(label=_("Promised to pay on"), required=False)
    remark = forms.CharField(label=_("Remark"), max_length=400, required=False)
