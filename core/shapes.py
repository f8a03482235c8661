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
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers


class RowsWidget(forms.Widget):
    """Child forms in a page: inputs are named `lines-0-name`, as many as are sent."""

    template_name = "core/_rows.html"

    def __init__(self, form_class: type[forms.Form], spare: int) -> None:
        super().__init__()
        self.form_class, self.spare = form_class, spare
        self.by: Any = None
        self.forms: list[forms.Form] | None = None

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
            if any(value not in (None, "", False) and raw_is_typed(child, key, value) for key, value in raw.items()):
                found[index] = raw
        return list(found.values())

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        children = self.forms
        if children is None:
            initial = value if isinstance(value, list) else []
            blank: list[Any] = [{} for _i in range(self.spare)]
            children = [
                self.form_class(initial=one, prefix=f"{name}-{i}", by=self.by)
                for i, one in enumerate([*initial, *blank])
            ]
        context["rows"] = children
        context["spare"] = self.form_class(prefix=f"{name}-__n__", by=self.by)
        return context


def raw_is_typed(child: forms.Form, key: str, value: Any) -> bool:
    """Whether a value was typed by somebody, not just preset in an untouched spare row."""
    initial = child.fields[key].initial
    return str(value) != str(initial() if callable(initial) else initial)


class Rows(forms.Field):
    """A list of child forms: repeated inputs in a page, a list of objects in JSON."""

    default_error_messages = {
        "none": gettext_lazy("Please fill in at least one row."),
        "bad": gettext_lazy("Please look at the marked rows."),
        "many": gettext_lazy("More than 200 rows at once are not possible."),
    }

    def __init__(self, form_class: type[forms.Form], *, spare: int = 1, **kwargs: Any) -> None:
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
        if not all([child.is_valid() for child in children]):
            self.row_errors = [child.errors.get_json_data() for child in children]
            raise ValidationError(self.error_messages["bad"], code="bad")
        return [child.cleaned_data for child in children]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class Mismatch(Exception):
    """A JSON value has another type than its field."""


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise Mismatch(_("This must be text."))
    return value


def _integer(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Mismatch(_("This must be a whole number."))
    return value


def _decimal(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise Mismatch(_('This must be a number, best written as text such as "12.50".'))
    try:
        number = Decimal(value)
    except InvalidOperation as problem:
        raise Mismatch(_('This must be a number, best written as text such as "12.50".')) from problem
    if not number.is_finite():
        raise Mismatch(_('This must be a number, best written as text such as "12.50".'))
    return number


def _boolean(value: Any) -> Any:
    if not isinstance(value, bool):
        raise Mismatch(_("This must be true or false."))
    return value


def _date(value: Any) -> date:
    try:
        found = parse_date(_text(value))
    except ValueError:
        found = None
    if found is None:
        raise Mismatch(_("This must be a date such as 2026-11-23."))
    return found


def _datetime(value: Any) -> datetime:
    try:
        found = parse_datetime(_text(value))
    except ValueError:
        found = None
    if found is None or not is_aware(found):
        raise Mismatch(_("This must be a time with its zone such as 2026-11-23T14:30:00+08:00."))
    return found


def _time(value: Any) -> time:
    try:
        found = parse_time(_text(value))
    except ValueError:
        found = None
    if found is None:
        raise Mismatch(_("This must be a time of day such as 09:30."))
    return found


def _many(value: Any) -> Any:
    if not isinstance(value, list):
        raise Mismatch(_("This must be a list."))
    return [_integer(one) for one in value]


# form field -> (how its JSON is read, how OpenAPI calls it); the first match along the class's ancestors wins
_TABLE: dict[type[forms.Field], tuple[Any, Any]] = {
    forms.ModelMultipleChoiceField: (_many, lambda f: serializers.ListField(child=serializers.IntegerField())),
    forms.ModelChoiceField: (_integer, lambda f: serializers.IntegerField()),
    forms.TypedChoiceField: (_text, lambda f: serializers.ChoiceField(choices=_choices(f))),
    forms.ChoiceField: (_text, lambda f: serializers.ChoiceField(choices=_choices(f))),
    forms.BooleanField: (_boolean, lambda f: serializers.BooleanField()),
    forms.DateTimeField: (_datetime, lambda f: serializers.DateTimeField()),
    forms.DateField: (_date, lambda f: serializers.DateField()),
    forms.TimeField: (_time, lambda f: serializers.TimeField()),
    forms.DecimalField: (
        _decimal,
        lambda f: serializers.DecimalField(max_digits=f.max_digits or 12, decimal_places=f.decimal_places or 2),
    ),
    forms.IntegerField: (
        _integer,
        lambda f: serializers.IntegerField(min_value=f.min_value, max_value=f.max_value),
    ),
    forms.CharField: (_text, lambda f: serializers.CharField(max_length=f.max_length)),
}


def _choices(field: forms.ChoiceField) -> list[Any]:
    return [value for value, _label in field.choices if value != ""]


def _row_of(field: forms.Field) -> tuple[Any, Any]:
    for ancestor in type(field).__mro__:
        if ancestor in _TABLE:
            return _TABLE[ancestor]
    raise TypeError(f"{type(field).__name__} has no JSON type; add it to core.shapes")


def _has_null_byte(value: Any) -> bool:
    return isinstance(value, str) and ("\x00" in value or any("\ud800" <= c <= "\udfff" for c in value))


def read_json(
    form_class: type[forms.Form], payload: Any, *, by: Any, known: dict[str, Any] | None = None, **kwargs: Any
) -> forms.Form:
    """A bound form fed with strict JSON. With `known` (PATCH) fields not sent keep the row's present values."""
    problems: dict[str, Any] = {}
    data = _plain(form_class, payload if isinstance(payload, dict) else {}, problems, known or {})
    if not isinstance(payload, dict):
        problems["__all__"] = _("Send one JSON object.")
    form = form_class(data, by=by, **kwargs)
    form.json_problems = problems  # type: ignore[attr-defined]
    return form


def _plain(form_class: Any, payload: dict[str, Any], problems: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = dict(known)
    for key in payload.keys() - form_class.base_fields.keys():
        problems[key[:80]] = _("This field is not known here.")
    for name, field in form_class.base_fields.items():
        if name not in payload:
            if name not in data and field.initial is not None and not isinstance(field, Rows):
                data[name] = field.initial() if callable(field.initial) else field.initial
            continue
        value = payload[name]
        if value is None:
            data[name] = None
        elif isinstance(field, Rows):
            if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
                problems[name] = _("This must be a list of objects.")
                continue
            rows, nested = [], []
            for one in value:
                inner: dict[str, Any] = {}
                rows.append(_plain(field.form_class, one, inner, {}))
                nested.append(inner)
            if any(nested):
                problems[name] = nested
            data[name] = rows
        elif _has_null_byte(value):
            problems[name] = _("This text has characters that cannot be stored.")
        else:
            try:
                data[name] = _row_of(field)[0](value)
            except Mismatch as mismatch:
                problems[name] = str(mismatch)
    return data


_shapes: dict[type[forms.Form], type[serializers.Serializer]] = {}


def shape_of(form_class: type[forms.Form]) -> type[serializers.Serializer]:
    """The form as a serializer class, only to describe it in OpenAPI, so that generated clients know every input."""
    if form_class not in _shapes:
        fields: dict[str, Any] = {}
        for name, field in form_class.base_fields.items():
            if isinstance(field, Rows):
                one: serializers.Field = shape_of(field.form_class)(many=True)
            else:
                one = _row_of(field)[1](field)
            one.required = field.required and field.initial is None
            one.allow_null = not field.required
            one.help_text = str(field.label or "")
            fields[name] = one
        _shapes[form_class] = type(form_class.__name__.replace("Form", "Input"), (serializers.Serializer,), fields)
    return _shapes[form_class]
