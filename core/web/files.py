"""How a kept file goes out, through whichever door."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from core.models import Attachment


def served(found: Attachment, *, is_small: bool = False) -> FileResponse:
    """The bytes of a file, so that no browser takes them for anything but what they are."""
    try:
        content = default_storage.open(Attachment.small_of(found.path) if is_small else found.path)
    except FileNotFoundError as problem:
        raise Http404 from problem
    response = FileResponse(
        content,
        content_type="image/jpeg" if is_small else found.content_type,
        as_attachment=not found.is_image,
        filename=found.name,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
