"""How the REST door answers for a record that was merged into another one."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.response import Response


def moved(request: Any, pk: int) -> Response:
    """Where a merged record is found now."""
    there = request.path.rstrip("/").rpartition("/")[0] + f"/{pk}/"
    body = {"code": "merged", "detail": _("This record was merged into another one."), "id": pk}
    return Response(body, status=301, headers={"Location": there})
