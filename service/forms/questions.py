"""What comes in for the manager to decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm


class AskManagerForm(HouseForm):
    """A customer's question that the advisor may not answer alone."""

    question = forms.CharField(
        label=_("What the customer asks"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
