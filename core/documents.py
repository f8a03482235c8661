"""The REST door: documents as lists by keyset and as single rows, and every verb as a POST described by its form."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_basic_type, build_parameter_type
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import fields, serializers, viewsets
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from core.forms import HouseForm
from core.logbook import note_read
from core.paging import MOST, SIZE, paginate
from core.rest import Invalid, Unkeyed, Unversioned
from core.rows import Stale
from core.shapes import JsonForm, shape_of

# What goes out


class Out(serializers.ModelSerializer):
    """A row as JSON: every field is always there, choices and amounts as text."""

    def get_fields(self) -> dict[str, fields.Field]:
        found = super().get_fields()
        for field in found.values():
            if not isinstance(field, CostField):
                field.required, field.default = not field.read_only, fields.empty
        return found


class CostField(serializers.DecimalField):
    """What something cost the store: left out for everybody who does not see both its bills and its dashboard."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, required=False, **kwargs)

    def get_attribute(self, instance: Any) -> Decimal:
        request = self.context["request"]
        if not may_see_cost(request.actor, self.parent.store_of(instance)):  # type: ignore[attr-defined]
            raise fields.SkipField
        return instance.cost


def may_see_cost(actor: Any, store: Any) -> bool:
    """Whether costs and margins of a store are for these eyes."""
    return actor.may("finance.see_settlements", store) and actor.may("dealer.see_dashboard", store)


class ProblemOut(serializers.Serializer):
    """What every refusal looks like: a code for programs, a sentence for people, and the fields it is about."""

    code = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField(required=False)  # type: ignore[assignment]


class NameOut(serializers.Serializer):
    """Another row beside a document: its id, and what people call it."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")


# What comes in


def verb(
    name: str,
    form_class: type[HouseForm] | None = None,
    *,
    creates: bool = False,
    edits: bool = False,
    status: int = 200,
    out: type[serializers.BaseSerializer] | None = None,
) -> Callable[[Any], Any]:
    """Say of a method which verb of the role table it is, and by which form it reads its JSON.

    `creates` asks for an Idempotency-Key, `edits` for If-Match; `out` is what it answers with, when not its own kind.
    The access matrix reads `verb`, `form_class`, `creates` and `edits` from the method.
    """

    def wrap(method: Any) -> Any:
        method.verb, method.form_class, method.creates, method.edits = name, form_class, creates, edits
        method.status, method.out = status, out
        return method

    return wrap


class ByFilterSet(BaseFilterBackend):
    """Lists filtered by the FilterSet that the page uses too; an unknown parameter is refused, not passed over."""

    OTHERS: ClassVar[set[str]] = {"sort", "after", "before", "size", "format", "lang"}

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        if view.action != "list":
            return queryset
        filterset_class = view.filterset_class
        known = set(filterset_class.base_filters) if filterset_class else set()
        unknown = set(request.query_params) - known - self.OTHERS
        if unknown:
            raise Invalid({name[:80]: [_("This filter is not known here.")] for name in sorted(unknown)})
        if filterset_class is None:
            return queryset
        chosen = filterset_class(request.query_params, queryset=queryset, request=request)
        if not chosen.form.is_valid():
            raise Invalid({name: list(map(str, errors)) for name, errors in chosen.form.errors.items()})
        return chosen.qs

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if view.action != "list" or not view.filterset_class:
            return []
        return [
            build_parameter_type(name, self._shape(one), "query", description=str(one.label or ""))
            for name, one in view.filterset_class.base_filters.items()
        ]

    def _shape(self, one: Any) -> dict[str, Any]:
        choices = [value for value, _label in one.extra.get("choices", []) if value != ""]
        kinds = {"BooleanField": OpenApiTypes.BOOL, "DateField": OpenApiTypes.DATE, "CharField": OpenApiTypes.STR}
        if choices == ["true", "false"]:
            return dict(build_basic_type(OpenApiTypes.BOOL) or {})
        if choices:
            return {"type": "string", "enum": [str(value) for value in choices]}
        return dict(build_basic_type(kinds.get(one.field_class.__name__, OpenApiTypes.INT)) or {})


class ByKeyset(BasePagination):
    """A page of rows with the addresses of its neighbours."""

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        self.page = paginate(queryset, request.query_params.dict(), view.orderings)
        self.base = request.build_absolute_uri(request.path)
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        def full(query: str) -> str | None:
            return self.base + query if query else None

        return Response(
            {"results": data, "next": full(self.page.next_url), "previous": full(self.page.previous_url)},
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": address, "previous": address},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        text, number = {"type": "string"}, {"type": "integer", "minimum": 1, "maximum": MOST, "default": SIZE}
        order = {"type": "string", "enum": list(view.orderings), "default": next(iter(view.orderings))}
        return [
            build_parameter_type("sort", order, "query", description="the order of the rows"),
            build_parameter_type("size", number, "query", description="rows a page"),
            build_parameter_type("after", text, "query", description="from `next` of the page before"),
            build_parameter_type("before", text, "query", description="from `previous` of the page after"),
        ]


class HouseSchema(AutoSchema):
    """How a ViewSet of the house is described: named after its rows and verbs, with every refusal it can answer."""

    view: Any
    ON_ROWS = ("list", "retrieve", "create", "update", "partial_update")

    def get_operation_id(self) -> str:
        rows, *verb_of_path = self._tokenize_path()
        said = self.view.action if self.view.action in self.ON_ROWS else verb_of_path[-1]
        return f"{rows}_{said}".replace("-", "_")

    def get_request_serializer(self) -> Any:
        form_class = getattr(self._method, "form_class", None)
        return shape_of(form_class) if form_class else None

    def get_override_parameters(self) -> list[Any]:
        method = self._method
        if not hasattr(method, "verb"):
            return []
        key = "any unique text of at most 80 characters; the same key again gives the same answer and does nothing"
        tag = "the ETag of the row as you read it; an older one is refused with 412"
        found = [OpenApiParameter("Idempotency-Key", str, "header", required=method.creates, description=key)]
        if hasattr(self.view.queryset.model, "version") and self.view.action != "create":
            found.append(OpenApiParameter("If-Match", str, "header", required=method.edits, description=tag))
        return found

    @property
    def _method(self) -> Any:
        return getattr(self.view, self.view.action)

    def get_summary(self) -> str | None:
        return super().get_description().split("\n")[0].rstrip(".") or None

    def get_description(self) -> str:  # type: ignore[override]
        return super().get_description().partition("\n")[2].strip()

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        method, is_read = self._method, self.method == "GET"
        if getattr(method, "out", None):
            bodies = {str(method.status): self._get_response_for_code(method.out, method.status, direction=direction)}
        else:
            bodies = super()._get_response_bodies(direction)
            if not is_read:
                bodies = {str(method.status): next(iter(bodies.values()))}
        codes = {"401", "403", "503"}
        codes |= {"400"} if not is_read or self.view.action == "list" else set()
        codes |= {"404"} if "{" in self.path else set()
        codes |= {"409", "412", "413", "415", "422"} if not is_read else set()
        codes |= {"428"} if getattr(method, "edits", False) else set()
        for code in sorted(codes):
            bodies[code] = self._get_response_for_code(ProblemOut, code, direction=direction)
        return bodies


class HouseApi(viewsets.GenericViewSet):
    """REST over one kind of document: list by keyset, one row with its ETag, and its verbs as POST.

    `reads` is the read verb of list and retrieve; a method under `verb` names its own.
    """

    reads: ClassVar[str] = ""
    is_personal: ClassVar[bool] = False  # reading one row is noted in the access log
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-id": ("-id",)}
    filterset_class: ClassVar[Any] = None
    row_serializer_class: ClassVar[Any] = None  # for one row, when it tells more than the list does
    filter_backends = [ByFilterSet]
    pagination_class = ByKeyset
    metadata_class = None
    http_method_names = ["get", "head", "post", "put", "patch"]
    schema = HouseSchema()
    request: Any

    @classmethod
    def as_view(cls, actions: Any = None, **initkwargs: Any) -> Any:
        """The view of one path, with `actions` as spelled out there: the framework adds HEAD to a copy as it works."""
        view = super().as_view(dict(actions or {}), **initkwargs)
        view.actions = dict(actions or {})  # type: ignore[attr-defined]
        return view

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = getattr(self, self.action or "", None)
        if not request.actor.may(getattr(method, "verb", "") or self.reads):
            raise PermissionDenied(_("Your role does not include this."))
        if getattr(method, "creates", False) and not request.headers.get("Idempotency-Key"):
            raise Unkeyed

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return rows.visible_to(self.request.actor)

    def get_serializer_class(self) -> Any:
        if self.action != "list" and self.row_serializer_class:
            return self.row_serializer_class
        return super().get_serializer_class()

    def list(self, request: Any) -> Response:
        """A page of rows, with the addresses of its neighbours."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request: Any, pk: int) -> Response:
        """One row, with its version as ETag where it has one."""
        row = self.get_object()
        if self.is_personal:
            note_read(row, by=request.actor)
        return self.answer(row)

    def answer(self, row: Any, out: Any = None) -> Response:
        """One row as JSON, with its version as ETag where it has one."""
        method = getattr(self, self.action)
        out = out or getattr(method, "out", None) or self.get_serializer_class()
        status = getattr(method, "status", 200)
        response = Response(out(row, context=self.get_serializer_context()).data, status=status)
        if hasattr(row, "version"):
            response["ETag"] = f'"{row.version}"'
        if status == 201 and self.action == "create":
            response["Location"] = f"{self.request.path}{row.pk}/"
        return response

    def ask(self, action: Callable[..., Any], *rows: Any, known: dict[str, Any] | None = None) -> Any:
        """Ask for an action with the request's JSON; its keywords are the fields of the verb's form."""
        method = getattr(self, self.action)
        if rows:
            self._match(rows[0], method.edits)
        return action(*rows, **self._values(method.form_class, known), by=self.request.actor)

    def act(self, action: Callable[..., Any], *rows: Any, known: dict[str, Any] | None = None) -> Response:
        """The same, and answer with the row as it is now: the one asked about, or the one just made."""
        result = self.ask(action, *rows, known=known)
        return self.answer(self.get_queryset().get(pk=(rows[0] if rows else result).pk))

    def _values(self, form_class: Any, known: dict[str, Any] | None) -> dict[str, Any]:
        payload = self.request.data
        if form_class is None:
            if payload not in ({}, None, ""):
                raise Invalid({"__all__": [_("This step takes no fields.")]})
            return {}
        form = JsonForm(form_class, payload, by=self.request.actor, known=known)
        if not form.is_valid():
            raise Invalid(form.problems)
        return form.values

    def _match(self, row: Any, edits: bool) -> None:
        told = self.request.headers.get("If-Match", "").strip()
        if not told:
            if edits:
                raise Unversioned
            return
        tag = told.removeprefix("W/").strip('"')
        if not hasattr(row, "version") or not (tag.isascii() and tag.isdigit() and len(tag) < 10):
            raise Stale
        row.expected_version = int(tag)
