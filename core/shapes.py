"""One form for both doors: rows of child forms, strict JSON, and the OpenAPI shape of every form.

Fed with JSON as it comes, plain Django forms misread it (`"no"` is true, `"01/02/2026"` depends on the language,
a missing field blanks the old value), so each form field has one JSON type here and nothing else is accepted.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from core.forms import HouseForm, PhotosField, SignatureField


class RowsWidget(forms.Widget):
    """Child forms in a page: inputs are named `lines-0-name`, as many as are sent."""

    template_name = "core/_rows.html"

    def __init__(self, form_class: type[HouseForm], spare: int) -> None:
        super().__init__()
        self.form_class, self.spare = form_class, spare
        self.blank: dict[str, Any] = {}  # what a page puts into its spare rows before anybody typed
        self.by: Any = None
        self.forms: list[HouseForm] | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        if isinstance(data.get(name), list) and not hasattr(data, "getlist"):
            return data[name]
        found: dict[int, dict[str, Any]] = {}
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-")
        for index in sorted({int(m[1]) for key in data if (m := pattern.match(key))}):
            child = self.form_class(data, prefix=f"{name}-{index}", by=self.by)
            raw = {
                key: field.widget.value_from_datadict(data, files, child.add_prefix(key))
                for key, field in child.fields.items()
            }
            if any(value not in (None, "", False) and self._is_typed(child, key, value) for key, value in raw.items()):
                found[index] = raw
        return list(found.values())

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        children = self.forms
        if children is None:
            initial = value if isinstance(value, list) else []
            blank: list[Any] = [self.blank for _i in range(self.spare)]
            children = [
                self.form_class(initial=one, prefix=f"{name}-{i}", by=self.by)
                for i, one in enumerate([*initial, *blank])
            ]
        context["rows"] = children
        context["spare"] = self.form_class(prefix=f"{name}-__n__", by=self.by, initial=self.blank)
        return context

    def _is_typed(self, child: HouseForm, key: str, value: Any) -> bool:
        """Whether a value was typed by somebody, not just preset in an untouched spare row."""
        initial = self.blank.get(key, child.fields[key].initial)
        return str(value) != str(initial() if callable(initial) else initial)


class Rows(forms.Field):
    """A list of child forms: repeated inputs in a page, a list of objects in JSON."""

    default_error_messages = {
        "none": gettext_lazy("Please fill in at least one row."),
        "bad": gettext_lazy("Please look at the marked rows."),
        "many": gettext_lazy("More than 200 rows at once are not possible."),
    }

    def __init__(self, form_class: type[HouseForm], *, spare: int = 1, **kwargs: Any) -> None:
        self.form_class = form_class
        super().__init__(widget=RowsWidget(form_class, spare), **kwargs)

    def __deepcopy__(self, memo: Any) -> "Rows":
        result = super().__deepcopy__(memo)
        result.widget.forms = None
        return result

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        self.name, self.widget.by = field_name, form.by
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        rows = value or []
        if len(rows) > 200:
            raise ValidationError(self.error_messages["many"], code="many")
        if not rows and self.required:
            raise ValidationError(self.error_messages["none"], code="none")
        name = self.name
        children = []
        for i, row in enumerate(rows):
            child = self.form_class(
                {f"{name}-{i}-{k}": v for k, v in row.items()}, prefix=f"{name}-{i}", by=self.widget.by
            )
            children.append(child)
        self.widget.forms = children
        are_valid = [child.is_valid() for child in children]  # all of them, so that each shows its own errors
        if not all(are_valid):
            self.row_errors = [child.errors.get_json_data() for child in children]
            raise ValidationError(self.error_messages["bad"], code="bad")
        return [child.cleaned_data for child in children]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class Mismatch(Exception):
    """A JSON value has another type than its field."""


_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_FIRST, _LAST = 1900, 2199  # beyond them lies a slip of the hand, and dates that no zone can hold


def _text(_field: Any, value: Any) -> Any:
    if not isinstance(value, str):
        raise Mismatch(_("This must be text."))
    if _cannot_be_stored(value):
        raise Mismatch(_("This text has characters that cannot be stored."))
    return value


def _integer(_field: Any, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Mismatch(_("This must be a whole number."))
    return value


def _decimal(_field: Any, value: Any) -> Any:
    good = isinstance(value, int | Decimal) or (isinstance(value, str) and _NUMBER.fullmatch(value))
    if isinstance(value, bool) or not good:
        raise Mismatch(_('This must be a number, best written as text such as "12.50".'))
    try:
        return Decimal(value)
    except InvalidOperation as problem:
        raise Mismatch(_('This must be a number, best written as text such as "12.50".')) from problem


def _boolean(_field: Any, value: Any) -> Any:
    if not isinstance(value, bool):
        raise Mismatch(_("This must be true or false."))
    return value


def _yes_no(field: Any, value: Any) -> Any:
    if not _is_yes_no(field):
        return _text(field, value)
    return "yes" if _boolean(field, value) else "no"


def _is_yes_no(field: Any) -> bool:
    """Two large buttons in a page, true or false in JSON."""
    return {value for value, _label in field.choices} == {"yes", "no"}


def _read(value: Any, pattern: re.Pattern[str], parse: Any) -> Any:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        return None
    try:
        return parse(value)
    except ValueError:
        return None


def _date(_field: Any, value: Any) -> date:
    found = _read(value, _DAY, parse_date)
    if found is None or not _FIRST <= found.year <= _LAST:
        raise Mismatch(_("This must be a date such as 2026-11-23."))
    return found


def _datetime(_field: Any, value: Any) -> datetime:
    found = _read(value, _MOMENT, parse_datetime)
    if found is None or not _FIRST <= found.year <= _LAST:
        raise Mismatch(_("This must be a time with its zone such as 2026-11-23T14:30:00+08:00."))
    return found


def _time(_field: Any, value: Any) -> time:
    found = _read(value, _CLOCK, parse_time)
    if found is None:
        raise Mismatch(_("This must be a time of day such as 09:30."))
    return found


def _many(field: Any, value: Any) -> Any:
    if not isinstance(value, list):
        raise Mismatch(_("This must be a list."))
    return [_integer(field, one) for one in value]


class FileIn(serializers.Serializer):
    """A file: the name to show, and its bytes as base64."""

    name = serializers.CharField(max_length=255)
    content = serializers.CharField(help_text="base64")


def _files(_field: Any, value: Any) -> Any:
    parts = FileIn().fields.keys()
    if not isinstance(value, list) or not all(isinstance(one, dict) and one.keys() == parts for one in value):
        raise Mismatch(_("This must be a list of files, each with its name and its content as base64."))
    if not all(isinstance(part, str) for one in value for part in one.values()):
        raise Mismatch(_("This must be text."))
    return value


def _choice(field: Any, **common: Any) -> serializers.Field:
    return serializers.ChoiceField(choices=_choices(field), allow_blank=not field.required, **common)


def _yes_no_or_choice(field: Any, **common: Any) -> serializers.Field:
    return serializers.BooleanField(**common) if _is_yes_no(field) else _choice(field, **common)


def _number(field: Any, **common: Any) -> serializers.Field:
    places = 2 if field.decimal_places is None else field.decimal_places
    return serializers.DecimalField(max_digits=field.max_digits or 12, decimal_places=places, **common)


def _whole(field: Any, **common: Any) -> serializers.Field:
    return serializers.IntegerField(min_value=field.min_value, max_value=field.max_value, **common)


def _words(field: Any, **common: Any) -> serializers.Field:
    return serializers.CharField(max_length=field.max_length, allow_blank=not field.required, **common)


def _as(kind: type[serializers.Field], **own: Any) -> Any:
    return lambda _field, **common: kind(**own, **common)


def _ids(_field: Any, **common: Any) -> serializers.Field:
    return serializers.ListField(child=serializers.IntegerField(), **common)


def _list_of_files(_field: Any, allow_null: bool = False, **common: Any) -> serializers.Field:
    return FileIn(many=True, allow_null=allow_null, **common)


# form field -> (how its JSON is read, how OpenAPI calls it); the first match along the class's ancestors wins
_TABLE: dict[type[forms.Field], tuple[Any, Any]] = {
    forms.ModelMultipleChoiceField: (_many, _ids),
    forms.ModelChoiceField: (_integer, _as(serializers.IntegerField)),
    forms.TypedChoiceField: (_yes_no, _yes_no_or_choice),
    forms.ChoiceField: (_text, _choice),
    forms.BooleanField: (_boolean, _as(serializers.BooleanField)),
    forms.DateTimeField: (_datetime, _as(serializers.DateTimeField)),
    forms.DateField: (_date, _as(serializers.DateField)),
    forms.TimeField: (_time, _as(serializers.TimeField)),
    forms.DecimalField: (_decimal, _number),
    forms.IntegerField: (_integer, _whole),
    forms.CharField: (_text, _words),
    PhotosField: (_files, _list_of_files),
    SignatureField: (_text, _as(serializers.CharField, allow_blank=True)),
}


def _choices(field: Any) -> list[Any]:
    return [(value, label) for value, label in field.choices if value != ""]


def _row_of(field: forms.Field) -> tuple[Any, Any]:
    for ancestor in type(field).__mro__:
        if ancestor in _TABLE:
            return _TABLE[ancestor]
    raise TypeError(f"{type(field).__name__} has no JSON type; add it to core.shapes")


def _cannot_be_stored(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text)


def default_of(field: forms.Field) -> Any:
    """What a field that JSON leaves out stands for. What a page only suggests (a time in two hours) is no default."""
    return None if callable(field.initial) or isinstance(field, Rows) else field.initial


class JsonForm:
    """A form fed with strict JSON: what it holds when it is well shaped, and else what is wrong, field by field."""

    def __init__(self, form_class: type[HouseForm], payload: Any, *, by: Any, known: dict[str, Any] | None = None):
        self.mismatches: dict[str, Any] = {}
        if not isinstance(payload, dict):
            self.mismatches["__all__"] = [_("Send one JSON object.")]
            payload = {}
        self.form = form_class(_plain(form_class, payload, self.mismatches, known or {}), by=by)

    def is_valid(self) -> bool:
        """Whether every value has its type and the form accepts them."""
        return self.form.is_valid() and not self.mismatches

    @property
    def values(self) -> dict[str, Any]:
        """The keywords for the action."""
        return self.form.cleaned_data

    @property
    def problems(self) -> dict[str, Any]:
        """What is wrong, field by field, in the words that the page would show; a list of such for child rows."""
        found: dict[str, Any] = {name: list(map(str, errors)) for name, errors in self.form.errors.items()}
        for name, field in self.form.fields.items():
            rows = getattr(field, "row_errors", None)
            if rows is not None:
                found[name] = [{k: [e["message"] for e in v] for k, v in one.items()} for one in rows]
        for name, wrong in self.mismatches.items():
            told = found.get(name)
            if isinstance(wrong[0], dict) and told and isinstance(told[0], dict):
                found[name] = [one | other for one, other in zip(told, wrong, strict=True)]
            else:
                found[name] = wrong
        return found


def _plain(form_class: Any, payload: dict[str, Any], wrong: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The payload as the form's data; with `known` (PATCH) fields not sent keep the row's present values."""
    data: dict[str, Any] = dict(known)
    for key in payload.keys() - form_class.base_fields.keys():
        wrong[key[:80]] = [_("This field is not known here.")]
    for name, field in form_class.base_fields.items():
        if name not in payload:
            default = default_of(field)
            if name not in data and default is not None:
                data[name] = default
            continue
        try:
            data[name] = _value(name, field, payload[name], wrong)
        except Mismatch as mismatch:
            wrong[name] = [str(mismatch)]
    return data


def _value(name: str, field: Any, value: Any, wrong: dict[str, Any]) -> Any:
    if value is None and not isinstance(field, forms.BooleanField):
        return None
    if not isinstance(field, Rows):
        return _row_of(field)[0](field, value)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Mismatch(_("This must be a list of objects."))
    inner: list[dict[str, Any]] = [{} for _one in value]
    rows = [_plain(field.form_class, one, bad, {}) for one, bad in zip(value, inner, strict=True)]
    if any(inner):
        wrong[name] = inner
    return rows


_shapes: dict[type[HouseForm], type[serializers.Serializer]] = {}


def shape_of(form_class: type[HouseForm]) -> type[serializers.Serializer]:
    """The form as a serializer class, only to describe it in OpenAPI, so that generated clients know every input."""
    if form_class not in _shapes:
        fields: dict[str, Any] = {}
        for name, field in form_class.base_fields.items():
            common: dict[str, Any] = {
                "required": field.required and default_of(field) is None,
                "help_text": field.label or "",
            }
            if isinstance(field, Rows):
                fields[name] = shape_of(field.form_class)(many=True, **common)
                continue
            nullable = not field.required and not isinstance(field, forms.BooleanField)
            fields[name] = _row_of(field)[1](field, allow_null=nullable, **common)
        about = {"__doc__": form_class.__doc__}
        _shapes[form_class] = type(form_class.__name__.removesuffix("Form"), (serializers.Serializer,), fields | about)
    return _shapes[form_class]
