"""What comes in when the clocks of a case stand still."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Pause
from core.forms import HouseForm, Pills


class PauseForm(HouseForm):
    """Whom a case waits for."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Pause.Reason, widget=Pills)
    remark = forms.CharField(
        label=_("Remark"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ResumeForm(HouseForm):
    """Nothing to fill in: the waiting is over."""
