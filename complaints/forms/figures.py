"""What is asked of the page of figures."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.forms.ranges import RangeForm


class CaseFiguresForm(RangeForm):
    """The days and the store, and the brand or the class that is looked into."""

    VERB = "complaints.see_case_figures"
    MOST_YEARS = 10

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"] = forms.CharField(label=_("Brand"), max_length=40, required=False)
        self.fields["letter"] = forms.CharField(label=_("Class of problem"), max_length=4, required=False)
