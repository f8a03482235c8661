"""What comes in about follow-up calls and messages."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, Pills
from core.models import Employee, Store
from core.roles import Role
from customers.models import Call, CallAttempt


class CallForm(HouseForm):
    """One attempt to reach a customer, and what they said (回访记录表)."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=CallAttempt.Outcome, widget=Pills)
    answer = forms.ChoiceField(label=_("Is the customer satisfied?"), choices=Call.Answer, widget=Pills, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    suggestion = forms.CharField(
        label=_("Suggestion"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    agreed_at = forms.DateTimeField(label=_("Time the customer asked for"), required=False)
    seconds = forms.IntegerField(label=_("Duration in seconds"), min_value=0, max_value=36_000, required=False)
    remark = forms.CharField(label=_("Remark"), max_length=400, required=False)


class AgreeTimeForm(HouseForm):
    """Another time for a call, agreed with the customer."""

    agreed_at = forms.DateTimeField(label=_("Agreed time"))


class ReassignForm(HouseForm):
    """Another agent for a call."""

    agent = forms.ModelChoiceField(label=_("Agent"), queryset=Employee.objects.none(), empty_label=None)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = Store.objects.for_verb(self.by, "customers.reassign")
        agent: Any = self.fields["agent"]
        reach = Q(postings__store__in=stores) | Q(postings__store=None, postings__company__stores__in=stores)
        agent.queryset = (
            Employee.objects.filter(
                reach,
                is_active=True,
                kind=Employee.Kind.PERSON,
                postings__is_active=True,
                postings__role__in=[Role.CARE_AGENT, Role.CARE_MANAGER],
            )
            .distinct()
            .order_by("name", "pk")
        )


class MarkToldForm(HouseForm):
    """Nothing to fill in: somebody confirms that the customer was told."""


class RetryMessageForm(HouseForm):
    """Nothing to fill in: pressing the button sends it once more."""
