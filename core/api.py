"""The REST door: documents as lists by keyset and as single rows, and every verb as a POST described by its form."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action as rest_action
from rest_framework.response import Response

from core.paging import paginate
from core.rest import Invalid, Unkeyed, Unversioned, problems_of
from core.rows import atomic
from core.shapes import read_json, shape_of


class ProblemOut(serializers.Serializer):
    """What every refusal looks like."""

    code = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField(required=False)  # type: ignore[assignment]


def verb(name: str, form_class: type[forms.Form] | None = None, *, path: str = "", creates: bool = False) -> Any:
    """A verb of the REST door on one row: `POST /<rows>/<id>/<verb>/`, described in OpenAPI by its form."""
    key = OpenApiParameter("Idempotency-Key", str, "header", required=creates, description="any unique text")

    def wrap(method: Any) -> Any:
        method.verb, method.creates = name, creates
        url = path or method.__name__.replace("_", "-")
        described = extend_schema(request=shape_of(form_class) if form_class else None, parameters=[key])(method)
        return rest_action(detail=True, methods=["post"], url_path=url, url_name=url)(described)

    return wrap


class HouseApi(viewsets.GenericViewSet):
    """REST over one kind of document: list by keyset, one row with its ETag, and its verbs as POST."""

    reads: ClassVar[str] = ""
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-id": ("-id",)}
    lookup_value_regex = "[0-9]{1,18}"
    request: Any

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        request.actor = request._request.actor.through("api")
        method = getattr(self, self.action or "", None)
        name = getattr(method, "verb", "") or self.reads
        if not request.actor.may(name):
            raise PermissionDenied(_("Your role does not include this."))
        if getattr(method, "creates", False) and "Idempotency-Key" not in request.headers:
            raise Unkeyed

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return rows.visible_to(self.request.actor)

    def list(self, request: Any) -> Response:
        """A page of rows, with the address of the next one."""
        rows = self.filter_rows(self.get_queryset())
        found = paginate(rows, request.query_params.dict(), self.orderings)
        base = request.build_absolute_uri(request.path)
        data = self.get_serializer(found.rows, many=True).data
        return Response(
            {
                "results": data,
                "next": base + found.next_url if found.next_url else None,
                "previous": base + found.previous_url if found.previous_url else None,
            }
        )

    def filter_rows(self, rows: Any) -> Any:
        """The rows that the query parameters ask for, by the FilterSet that the page uses too."""
        filterset_class = getattr(self, "filterset_class", None)
        if filterset_class is None:
            return rows
        chosen = filterset_class(self.request.query_params, queryset=rows, request=self.request._request)
        if not chosen.form.is_valid():
            raise Invalid({k: list(map(str, v)) for k, v in chosen.form.errors.items()})
        return chosen.qs

    def retrieve(self, request: Any, pk: str) -> Response:
        """One row."""
        return self.answer(self.get_object())

    def answer(self, row: models.Model, status: int = 200) -> Response:
        """One row as JSON, with its version as ETag where it has one."""
        response = Response(self.get_serializer(row).data, status=status)
        if hasattr(row, "version"):
            response["ETag"] = f'"{row.version}"'
        return response

    def act(
        self,
        action: Callable[..., Any],
        form_class: type[forms.Form] | None,
        *rows: Any,
        created: bool = False,
        edits: bool = False,
        known: dict[str, Any] | None = None,
        **more: Any,
    ) -> Response:
        """Ask for an action with the request's JSON and answer with its row."""
        by = self.request.actor
        if rows:
            self._match(rows[0], edits)
        values: dict[str, Any] = {}
        if form_class is not None:
            form = read_json(form_class, self.request.data, by=by, known=known)
            if not form.is_valid() or form.json_problems:  # type: ignore[attr-defined]
                raise Invalid(problems_of(form))
            values = form.cleaned_data
        elif self.request.data not in ({}, None, ""):
            raise Invalid({"__all__": [_("This step takes no fields.")]})
        with atomic():
            result = action(*rows, **values, **more, by=by)
        return self.answer(self.get_queryset().get(pk=result.pk), 201 if created else 200)

    def _match(self, row: Any, edits: bool) -> None:
        tag = self.request.headers.get("If-Match", "").strip('W/"')
        if tag.isdigit():
            row.expected_version = int(tag)
        elif edits:
            raise Unversioned
