"""What comes in about accounts and colleagues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.manners import HouseForm
from core.models import Store
from core.roles import Role


class TokenForm(HouseForm):
    """A new access token."""

    name = forms.CharField(label=_("What it is for"), max_length=60)


class PostForm(HouseForm):
    """A role in a store."""

    role = forms.ChoiceField(label=_("Role"), choices=[c for c in Role.choices if c[0] != Role.GROUP_MANAGER])
    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store: Any = self.fields["store"]
        store.queryset = Store.objects.for_verb(self.by, "core.keep_employees").order_by("code")


class AddEmployeeForm(PostForm):
    """A new colleague."""

    name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{3,60}$",
        label=_("User name"),
        max_length=60,
        help_text=_("Letters, digits, dot and dash; what the person signs in with."),
        error_messages={"invalid": _("Use 3 to 60 letters, digits, dots or dashes.")},
    )
    field_order = ["name", "username", "role", "store"]
