"""Files of a form that was refused: set aside until it is sent again, so that nobody photographs the damage twice.

They lie where all files lie, and no document speaks of them: the clock sweeps them away after a day like any other
file whose row never came (`core.actions.sweep_files`). The page holds a note of each, signed for the one who sent it.
"""

import base64
import io
from typing import NamedTuple

from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from PIL import Image

from core.actions import write_file
from core.models import Attachment
from core.uploads import CleanFile

SECONDS = 24 * 3600  # how long a page may lie about before its files have to be chosen again
PREVIEW = 144  # pixels of the longest side


class Aside(NamedTuple):
    """A file that was set aside: its signed note, its name, and a picture for the page where there is one."""

    note: str
    name: str
    picture: str


def _signer(person: int | None) -> TimestampSigner:
    return TimestampSigner(salt=f"core.aside:{person}")


def set_aside(file: CleanFile, person: int | None) -> Aside:
    """Put a file that was looked at into the storage; only this person can take it up again."""
    told = [write_file(file), file.name, file.content_type, bool(file.small)]
    return Aside(_signer(person).sign_object(told), file.name, _preview(file))


def take_up(note: str, person: int | None) -> CleanFile | None:
    """The file of a note; None when the note is not this person's, or the file is swept away."""
    try:
        path, name, content_type, has_small = _signer(person).unsign_object(note, max_age=SECONDS)
        content = _read(path)
        small = _read(Attachment.small_of(path)) if has_small else b""
    except (BadSignature, ValueError, FileNotFoundError):
        return None
    return CleanFile(name, content_type, content, small)


def shown(note: str, file: CleanFile) -> Aside:
    """A file that stays aside, because its form was refused once more."""
    return Aside(note, file.name, _preview(file))


def _read(path: str) -> bytes:
    with default_storage.open(path) as file:
        content: bytes = file.read()
    return content


def _preview(file: CleanFile) -> str:
    """The picture small enough to stand in the page itself."""
    if not file.small:
        return ""
    out = io.BytesIO()
    with Image.open(io.BytesIO(file.small), formats=["JPEG"]) as image:
        image.thumbnail((PREVIEW, PREVIEW))
        image.save(out, "JPEG", quality=70)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"
