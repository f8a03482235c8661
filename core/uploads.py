"""What people send as files is looked at, not believed: pictures are painted anew, papers are searched for what runs.

A picture that is painted anew has no place or camera in it, nothing behind its end and nothing that a browser could
take for a page. A paper (PDF) is kept as it came, so what it says can be proved, and is only ever downloaded.
"""

import base64
import binascii
import io
import re
import threading
import unicodedata
import warnings
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _
from PIL import Image

from core.links import nonce_of
from core.papers import search_paper

MOST_BYTES = 10 * 2**20  # of one file
MOST_FILES = 12  # of one request
MOST_REQUEST = MOST_FILES * MOST_BYTES + 5_000_000  # files and all the fields beside them
MOST_STRANGER = 1_000_000  # of somebody who is not signed in
MOST_GUEST = 30_000_000  # of somebody who holds an address that this house signed, with six photos
LONGEST, SMALL = 2560, 480  # pixels of the longest side, as kept and as preview
# A JPEG told in strips is made smaller while it is read, to the smallest of its sizes (1/8, 1/4, 1/2) that has READ_AT
# pixels on its shorter side. Anything else stands in memory whole, several times over (measured bytes a pixel: JPEG in
# layers 10, PNG 12, WebP 20), and one picture must not take more than 150 MB.
MOST_PIXELS, READ_AT, MOST_READ = 110_000_000, 1600, 18_000_000
MOST_PIXELS_WHOLE = {"JPEG": 10_000_000, "MPO": 10_000_000, "PNG": 9_000_000, "WEBP": 6_000_000}
MOST_SCANS = 64  # of one JPEG; honest ones have ten, and each costs the time of a whole picture
SIGNATURE_BYTES, SIGNATURE_WIDTH, SIGNATURE_HEIGHT = 2**20, 2000, 1000
NAME_LENGTH = 100

Image.init()
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
_painting = threading.Lock()  # one picture at a time in each process, so that many at once cost no more memory than one


class CleanFile(NamedTuple):
    """A file that was looked at: its shown name, what it truly is, its bytes as they are kept, a small picture."""

    name: str
    content_type: str
    content: bytes
    small: bytes = b""


def clean_upload(upload: Any, *, papers: bool = True) -> CleanFile:
    """A photo painted anew or a paper that was searched; anything else is refused with what is accepted."""
    if upload.size > MOST_BYTES:
        raise ValidationError(
            _("“%(name)s” is larger than %(most)s MB.")
            % {"name": clean_name(upload.name, ""), "most": MOST_BYTES // 2**20},
            code="large",
        )
    upload.seek(0)  # the same request may be tried again
    content = upload.read()
    if content.startswith(b"%PDF-") and papers:
        search_paper(content, clean_name(upload.name, ".pdf"))
        return CleanFile(clean_name(upload.name, ".pdf"), "application/pdf", content)
    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) and not (
        content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    ):
        raise _not_accepted(upload.name, papers)
    picture = _painted(content, clean_name(upload.name, ""))
    return CleanFile(clean_name(upload.name, ".jpg"), "image/jpeg", _jpeg(picture), _small(picture))


def clean_signature(data_url: str) -> CleanFile:
    """A signature drawn on screen: a PNG of modest size with something on it."""
    head, comma, body = data_url.partition(",")
    if comma and head != "data:image/png;base64":
        raise ValidationError(_("A signature is sent as a PNG picture."), code="signature")
    content = decoded(body if comma else head, SIGNATURE_BYTES)
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValidationError(_("A signature is sent as a PNG picture."), code="signature")
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            if image.width > SIGNATURE_WIDTH or image.height > SIGNATURE_HEIGHT:
                raise ValidationError(_("The picture of the signature is too large."), code="signature")
            pad = _on_white(image)
            pad.info = {}
    except ValidationError:
        raise
    except Exception as problem:  # whatever a forged picture makes its reader stumble over
        raise ValidationError(_("The signature cannot be read. Please sign again."), code="signature") from problem
    dark = pad.convert("L").histogram()[:200]
    if sum(dark) < 20:  # a dot is no signature
        raise ValidationError(_("The field for the signature is empty. Please sign in it."), code="signature")
    out = io.BytesIO()
    pad.quantize(32).save(out, "PNG", optimize=True)
    return CleanFile("signature.png", "image/png", out.getvalue(), _small(pad))


def decoded(text: str, most: int) -> bytes:
    """The bytes of a base64 text that is not too long."""
    if len(text) > most * 4 // 3 + 4:
        raise ValidationError(_("This is larger than %(most)s MB.") % {"most": most // 2**20}, code="large")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise ValidationError(_("This is no base64 text."), code="base64") from problem


def clean_name(name: str, ending: str) -> str:
    """A name to show: no folder, nothing invisible, and the ending that is true (`ending` empty keeps what it has)."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    name = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in name)
    name = " ".join(re.sub(r'[<>:"|?*]', " ", name).split()).lstrip(".").strip()
    if ending:
        stem, dot, _own = name.rpartition(".")
        name = stem.strip() if dot and stem.strip() else name
    return (name[: NAME_LENGTH - len(ending)].strip() or "file") + ending


def _not_accepted(name: str, papers: bool) -> ValidationError:
    shown = clean_name(name, "")
    if papers:
        sentence = _("“%(name)s” is not accepted: send photos as JPEG, PNG or WebP, and papers as PDF.")
    else:
        sentence = _("“%(name)s” is not accepted: send photos as JPEG, PNG or WebP.")
    return ValidationError(sentence % {"name": shown}, code="kind")


# Pictures


def _painted(content: bytes, name: str) -> Image.Image:
    """The picture as it is seen, upright, on white, no longer than it needs to be."""
    try:
        with _painting, Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
            whole = image.size
            if content.startswith(b"\xff\xd8") and _reads_in_strips(content):
                image.draft("RGB", (READ_AT, READ_AT))
                most = MOST_READ
            else:
                most = MOST_PIXELS_WHOLE[image.format or ""]
            if image.width * image.height > most:
                raise ValidationError(
                    _("“%(name)s” has too many pixels (%(width)s × %(height)s). Send it smaller.")
                    % {"name": name, "width": whole[0], "height": whole[1]},
                    code="pixels",
                )
            if content.count(b"\xff\xda") > MOST_SCANS:
                raise ValueError("too many scans")
            turn = _turn(image)
            picture = _on_white(image)
            picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
            picture.info = {}  # comments and notes would be written out again
    except ValidationError:
        raise
    except Image.DecompressionBombWarning as problem:
        raise ValidationError(_("“%(name)s” has too many pixels.") % {"name": name}, code="pixels") from problem
    except Exception as problem:  # whatever a forged picture makes its reader stumble over
        raise ValidationError(
            _("“%(name)s” is damaged or no picture. Take it again, or save it as JPEG.") % {"name": name}, code="broken"
        ) from problem
    return picture.transpose(turn) if turn is not None else picture


_SEGMENTS_ALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}


def _reads_in_strips(content: bytes) -> bool:
    """Whether a JPEG is told from top to bottom in one go, as cameras write it; otherwise it is held whole."""
    at, parts = 2, 0
    while at + 4 <= len(content) and content[at] == 0xFF:
        mark = content[at + 1]
        if mark in _SEGMENTS_ALONE or mark == 0xFF:
            at += 1 if mark == 0xFF else 2
            continue
        if mark in {0xC0, 0xC1}:
            parts = content[at + 9] if at + 9 < len(content) else 0
        elif 0xC2 <= mark <= 0xCF and mark not in {0xC4, 0xC8, 0xCC}:
            return False  # progressive and rarer kinds
        elif mark == 0xDA:
            return 0 < parts == content[at + 4]
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return False


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How the camera was held; a picture without a readable word on it is taken as it is."""
    try:
        return _TURNS.get(image.getexif().get(0x0112, 1))
    except Exception:  # a forged or broken note is no reason to refuse the picture
        return None


def _on_white(image: Image.Image) -> Image.Image:
    """Eight bits of red, green and blue; white where nothing is."""
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        top = image.getextrema()[1]
        scale = 1 / 256 if isinstance(top, (int, float)) and top > 255 else 1
        image = image.convert("F").point(lambda value: value * scale).convert("L")
    if image.mode == "RGB" and not image.has_transparency_data:
        image.load()
        return image
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        image.load()
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _small(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return _jpeg(small)


# On the way in


class BoundedUpload(FileUploadHandler):
    """Stops a request that brings more than any form takes, before anything of it is read."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Look at the announced length; nobody sends large files who is not signed in and has no link of ours."""
        user, most = getattr(self.request, "user", None), MOST_STRANGER
        if getattr(user, "is_authenticated", False):
            most = MOST_REQUEST
        elif any(nonce_of(part) for part in getattr(self.request, "path", "").split("/") if "." in part):
            most = MOST_GUEST
        if content_length > most:
            raise RequestDataTooBig(f"more than {most} bytes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand everything on to the handlers that keep it."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing."""
        return


def json_limit(form_class: Any) -> int:
    """How many bytes of JSON a step takes: a file needs room, nothing else does."""
    fields = form_class.base_fields.values() if form_class else ()
    has_files = any(getattr(field, "takes_files", False) for field in fields)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) if has_files else 5_000_000
