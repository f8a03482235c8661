"""What comes in about approvals, authorities and deputies."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actions import possible_deputies, possible_principals
from core.forms.manners import HouseForm, MoneyField, NumberInput
from core.models import Employee, Matter, Store


def choose_store(form: HouseForm, verb: str) -> Any:
    """The stores in which the verb is allowed, as the form's choice; whoever works in one store is not asked."""
    store: Any = form.fields["store"]
    store.queryset = Store.objects.for_verb(form.by, verb).order_by("code")
    scope = form.by.scope(verb) if form.by else None
    if scope and not scope.everywhere and not scope.companies and len(scope.stores) == 1:
        store.widget, store.initial = forms.HiddenInput(), next(iter(scope.stores))
    return store.queryset


class DecideForm(HouseForm):
    """Granted or refused, and why; the page shows two large buttons in place of the first field."""

    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Grant")), ("no", _("Refuse"))],
        coerce=lambda value: value == "yes",
        error_messages={"required": _("Please decide: grant or refuse.")},
    )
    reason = forms.CharField(
        label=_("Reason of the decision"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when you refuse; the one who asked reads it."),
    )


class AuthorityForm(HouseForm):
    """How much a role decides alone in one matter."""

    without_limit = forms.BooleanField(label=_("Without limit"), required=False)
    limit = forms.DecimalField(
        label=_("Limit"),
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(0),
        required=False,
        widget=NumberInput(),
        help_text=_("0: decides nothing of this alone. A discount is in percent, all else in yuan."),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two is said; an empty limit alone is a slip, not a licence."""
        found: dict[str, Any] = super().clean() or {}
        if found.pop("without_limit", False):
            found["limit"] = None
        elif found.get("limit") is None and "limit" not in self.errors:
            self.add_error("limit", gettext("Please enter a limit, or choose “without limit”."))
        return found


class DelegateForm(HouseForm):
    """A deputy for some days."""

    columns = 2
    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    principal = forms.ModelChoiceField(
        label=_("In whose name"),
        queryset=Employee.objects.none(),
        required=False,
        empty_label=_("In my own name"),
    )
    deputy = forms.ModelChoiceField(label=_("Deputy"), queryset=Employee.objects.none(), empty_label=_("Choose"))
    starts_on = forms.DateField(label=_("From day"), initial=localdate)
    ends_on = forms.DateField(label=_("Until and including"))
    matter = forms.ChoiceField(label=_("Matter"), choices=[("", _("Every matter")), *Matter.choices], required=False)
    limit = MoneyField(
        label=_("Up to"),
        min_value=Decimal("0.01"),
        required=False,
        help_text=_("Empty: as far as the other may decide. For discounts in percent."),
        widget=NumberInput(),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = choose_store(self, "core.delegate")
        deputy: Any = self.fields["deputy"]
        deputy.queryset = possible_deputies(stores)
        principal: Any = self.fields["principal"]
        kept = Store.objects.for_verb(self.by, "core.keep_employees")
        principal.queryset = possible_principals(kept)
        if not (self.by and self.by.may("core.keep_employees")):
            principal.widget = forms.HiddenInput()
