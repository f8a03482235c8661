"""How every form of the house looks and reads: widgets, hints, errors beside the field."""

import re
import unicodedata
from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from core.actor import Actor

# What a telephone or tablet is told about a field by its name: keyboard, capitals, no spelling.
HINTS: dict[str, dict[str, str]] = {
    "phone": {"inputmode": "tel", "maxlength": "20"},
    "vin": {"autocapitalize": "characters", "spellcheck": "false"},
    "plate": {"autocapitalize": "characters", "spellcheck": "false"},
    "mileage": {"inputmode": "numeric"},
    "code": {"autocapitalize": "none", "spellcheck": "false"},
}
TYPED = {"text", "tel", "email", "number", "search", "url"}


class HouseBoundField(BoundField):
    """A field that knows its look, its hints and where its error stands."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """The field's attributes with the house's class, keyboard and error marks added."""
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return attrs
        own = str(widget.attrs.get("class", ""))
        css = f"{self._look(widget)} {own}".strip()
        if self.errors:
            css += " is-invalid"
        attrs["class"] = css
        if getattr(widget, "input_type", "") in TYPED:
            hints = {"autocomplete": "off"}
            for word, more in HINTS.items():
                if word in self.name.split("_"):
                    hints |= more
            for name, value in hints.items():
                if name not in widget.attrs:
                    attrs.setdefault(name, value)
        return attrs

    @staticmethod
    def _look(widget: forms.Widget) -> str:
        if isinstance(widget, Pills):
            return "btn-check"
        if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
            return "form-check-input"
        if isinstance(widget, forms.Select):
            return "form-select"
        return "form-control"

    @property
    def is_switch(self) -> bool:
        """Whether the field is one box to tick, with its label to the right."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_wide(self) -> bool:
        """Whether the field takes the whole width of a form in two columns."""
        widget = self.field.widget
        return isinstance(widget, (forms.Textarea, forms.RadioSelect, forms.CheckboxSelectMultiple)) or bool(
            getattr(widget, "wide", hasattr(widget, "form_class"))
        )


class HouseRenderer(TemplatesSetting):
    """Renders every form of the house, the sign-in and the filters included."""

    bound_field_class = HouseBoundField


class DateInput(forms.DateInput):
    """A day, chosen or typed, always sent as 2026-11-23."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """A day and time in the store's time zone, always sent as 2026-11-23T14:30."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TimeInput(forms.TimeInput):
    """A time of day, always sent as 14:30."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


def plain_number(text: str) -> str:
    """A number as people type it, with full-width digits, commas or ¥, as a plain number."""
    return re.sub(r"[\s,¥]", "", unicodedata.normalize("NFKC", text)).replace("。", ".").replace("−", "-")


class NumberInput(forms.TextInput):
    """A number that the mouse wheel cannot change and that is never lost when it is mistyped."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", **(attrs or {})})

    def value_from_datadict(
        self, data: Mapping[str, Any], files: "MultiValueDict[str, UploadedFile]", name: str
    ) -> Any:
        """What was typed, as a plain number where it is one, untouched where it is not."""
        value = super().value_from_datadict(data, files, name)
        if not isinstance(value, str):
            return value
        plain = plain_number(value)
        return plain if re.fullmatch(r"[-+]?\d*\.?\d*", plain) else value


class MoneyInput(NumberInput):
    """An amount in yuan."""

    template_name = "core/widgets/money.html"


class MoneyField(forms.DecimalField):
    """An amount in yuan with two places."""

    widget = MoneyInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(**kwargs)


class Pills(forms.RadioSelect):
    """A choice of few, all of them in sight, large enough for a glove."""

    template_name = "core/widgets/pills.html"
    option_template_name = "core/widgets/pill.html"


HOUSE_WIDGETS: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.DateInput: DateInput,
    forms.DateTimeInput: DateTimeInput,
    forms.TimeInput: TimeInput,
    forms.NumberInput: NumberInput,
}


class HouseForm(forms.Form):
    """The form of one verb; it knows who asks, so that every choice is one she may see."""

    columns = 1
    ASKED: tuple[str, ...] = ()  # fields that only a doubt brings up; until then they are hidden

    def __init__(self, *args: Any, by: "Actor | None" = None, **kwargs: Any) -> None:
        self.by = by
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            self._dress(field)
            if hasattr(field, "person"):
                field.person = by.pk if by else None
        for name in set(self.ASKED) & self.fields.keys():
            if not self[name].value() or str(self[name].value()) == "False":
                self.fields[name].widget = forms.HiddenInput()

    def add_error(self, field: str | None, error: Any) -> None:
        """What is only asked in doubt is shown as soon as it is asked."""
        if field in self.ASKED:
            self.fields[field].widget = deepcopy(type(self).base_fields[field].widget)
        super().add_error(field, error)

    @staticmethod
    def _dress(field: forms.Field) -> None:
        house = HOUSE_WIDGETS.get(type(field.widget))
        if house is None:
            return
        attrs = {name: value for name, value in field.widget.attrs.items() if name != "step"}
        if house is NumberInput:
            attrs = {name: value for name, value in attrs.items() if name not in {"min", "max"}}
            attrs.setdefault("inputmode", "numeric" if type(field) is forms.IntegerField else "decimal")
        widget = house(attrs=attrs)
        widget.is_required = field.required
        widget.is_localized = False
        field.widget = widget
        field.localize = False
