"""REST door of attachments: photos and papers of documents, sent as base64, read as what they are."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import actions
from core.documents import HouseApi, Out, verb
from core.filters import AttachmentFilter
from core.forms import AttachToForm
from core.logbook import note_read
from core.models import Attachment
from core.web import served


class AttachmentOut(Out):
    """A file of a document; its bytes are at `content`."""

    is_image = serializers.BooleanField()

    class Meta:
        model = Attachment
        fields = [
            "id",
            "kind",
            "object_id",
            "store",
            "company",
            "purpose",
            "name",
            "content_type",
            "is_image",
            "size",
            "digest",
            "remark",
            "added_by",
            "added_at",
            "removed_at",
        ]


class AttachedOut(serializers.Serializer):
    """The files just added."""

    results = AttachmentOut(many=True)


class AttachmentApi(HouseApi):
    """Photos, papers and signatures of documents, to those who may see the document."""

    reads = "core.see_attachments"
    queryset = Attachment.objects.all()
    serializer_class = AttachmentOut
    filterset_class = AttachmentFilter
    is_personal = True
    orderings = {"-id": ("-id",), "id": ("id",)}

    @verb("core.attach", AttachToForm, creates=True, status=201, out=AttachedOut)
    def create(self, request: Any) -> Response:
        """Add photos (JPEG, PNG, WebP) or papers (PDF) to a document.

        A file has at most 10 MB and a request 15 MB in all, so send many large files in several requests.
        """
        made = self.ask(actions.attach)
        return Response(AttachedOut({"results": made}, context=self.get_serializer_context()).data, status=201)

    @extend_schema(
        parameters=[OpenApiParameter("size", str, enum=["small"], description="the small picture of an image")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def content(self, request: Any, pk: int) -> HttpResponseBase:
        """The bytes of a file; the answer's Content-Type says which kind it is."""
        found = self.get_object()
        note_read(found, by=request.actor)
        return served(found, is_small=request.query_params.get("size") == "small")

    @verb("core.attach")
    def remove(self, request: Any, pk: int) -> Response:
        """Take a file away from its document; for the record it is kept."""
        found = self.get_object()
        self.ask(actions.remove_attachment, found)
        return self.answer(Attachment.objects.get(pk=found.pk))
