"""Thirty-odd files that somebody means harm with, made in code: name -> (file name, bytes, what must become of it).

"refused": a sentence and nothing kept. "harmless": kept, painted anew, and nothing of the evil in it. The kept bytes
are looked at in test_attach.py.
"""

import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image, ImageCms

REFUSED, HARMLESS = "refused", "harmless"
SCRIPT = b"<script>alert(1)</script>"
Evil = tuple[str, bytes, str]


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as bytes."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(width: int = 320, height: int = 240) -> Image.Image:
    """A photo with something on it."""
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, data: bytes = b"", colour: int = 2) -> bytes:
    """A PNG put together by hand, so that its head may say what it likes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + b"".join(more)
        + chunk(b"IDAT", data or zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def segment(mark: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, mark]) + struct.pack(">H", len(data) + 2) + data


def archive(**parts: bytes) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def pdf(*objects: bytes, tail: bytes = b"") -> bytes:
    """A small PDF with these objects in it."""
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    body += b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    for number, one in enumerate(objects, 3):
        body += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    return (
        body + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 9 >>\n" + tail + b"startxref\n9\n%%EOF\n"
    )


def packed(text: bytes) -> bytes:
    """Objects of a PDF where no text search finds them."""
    stream = zlib.compress(text)
    return b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (
        len(stream),
        stream,
    )


def _gps() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "SpyCam 9000"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 25.0)})
    return saved(photo(), "JPEG", exif=exif)


def _animated(kind: str, frames: int) -> bytes:
    first, *others = [Image.new("P" if kind == "GIF" else "RGB", (8, 8), n % 250) for n in range(frames)]
    return saved(first, kind, save_all=True, append_images=others, duration=1)


def _frames_of_apng(frames: int) -> bytes:
    """An animated PNG that announces and brings thousands of frames."""
    data = zlib.compress((b"\0" + b"\x11\x22\x33" * 8) * 8)
    control = chunk(b"acTL", struct.pack(">II", frames, 0))
    more = b"".join(
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", 2 * n, 8, 8, 0, 0, 1, 100, 0, 0))
        + chunk(b"fdAT", struct.pack(">I", 2 * n + 1) + data)
        for n in range(1, frames)
    )
    whole = png(8, 8, control, data=data)
    return whole[:-12] + more + whole[-12:]


def _scans() -> bytes:
    """A progressive JPEG whose last scan comes a thousand times."""
    content = saved(photo(), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * 1000 + b"\xff\xd9"


def _wide_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(photo(), "JPEG", icc_profile=profile + b"\0" * 3_000_000)


def _big(kind: str, side: int, **options: object) -> bytes:
    return saved(Image.new("RGBA" if kind == "WEBP" else "L", (side, side)), kind, **options)


@functools.cache
def made(kind: str) -> Evil:
    """One of the files; each is made once."""
    return CORPUS[kind]()


CORPUS: dict[str, Callable[[], Evil]] = {
    "svg with a script": lambda: ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", REFUSED),
    "page named jpg": lambda: ("a.jpg", b"<!doctype html><html>" + SCRIPT + b"</html>", REFUSED),
    "gif that is a program": lambda: ("a.gif", b"GIF89a/*" + b"\0" * 30 + b"*/=1;alert(1)", REFUSED),
    "jpeg that is a page": lambda: ("a.html", saved(photo(), "JPEG") + SCRIPT, HARMLESS),
    "script in a jpeg's comment": lambda: ("a.jpg", saved(photo(), "JPEG", comment=SCRIPT), HARMLESS),
    "place in a jpeg": lambda: ("a.jpg", _gps(), HARMLESS),
    "truncated jpeg": lambda: ("a.jpg", saved(photo(), "JPEG")[:2000], REFUSED),
    "thousand scans": lambda: ("a.jpg", _scans(), REFUSED),
    "huge colour profile": lambda: ("a.jpg", _wide_profile(), HARMLESS),
    "cmyk jpeg": lambda: ("a.jpg", saved(photo().convert("CMYK"), "JPEG"), HARMLESS),
    "16 bit png": lambda: ("a.png", saved(Image.new("I;16", (64, 64), 30000), "PNG"), HARMLESS),
    "png with a zip behind it": lambda: ("a.png", saved(photo(), "PNG") + archive(evil_dot_js=SCRIPT), HARMLESS),
    "script in a png's text": lambda: (
        "a.png",
        png(4, 4, chunk(b"tEXt", b"Comment\0" + SCRIPT), data=zlib.compress((b"\0" + b"\7" * 12) * 4)),
        HARMLESS,
    ),
    "text bomb in a png": lambda: (
        "a.png",
        png(
            4,
            4,
            chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 50_000_000)),
            data=zlib.compress((b"\0" + b"\7" * 12) * 4),
        ),
        REFUSED,
    ),
    "30,000 x 30,000 png": lambda: ("a.png", png(30_000, 30_000), REFUSED),
    "3,100 x 3,100 png": lambda: ("a.png", _big("PNG", 3100), REFUSED),
    "webp bomb": lambda: ("a.webp", _big("WEBP", 4000, lossless=True, method=0), REFUSED),
    "thousand frames of webp": lambda: ("a.webp", _animated("WEBP", 1000), HARMLESS),
    "apng with 5,000 frames": lambda: ("a.png", _frames_of_apng(5000), HARMLESS),
    "animated gif": lambda: ("a.gif", _animated("GIF", 500), REFUSED),
    "tiff": lambda: ("a.jpg", saved(photo(), "TIFF"), REFUSED),
    "icon": lambda: ("a.ico", saved(photo(64, 64), "ICO"), REFUSED),
    "heic": lambda: ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500, REFUSED),
    "zip bomb": lambda: ("a.jpg", archive(a=b"\0" * 20_000_000), REFUSED),
    "zip named pdf": lambda: ("a.pdf", archive(a=SCRIPT), REFUSED),
    "macro workbook": lambda: (
        "a.xlsm",
        archive(xl__vbaProject_dot_bin=b"\xcc\x61", xl__workbook_dot_xml=b"<workbook/>"),
        REFUSED,
    ),
    "program": lambda: ("invoice.pdf", b"MZ\x90\0" + b"\0" * 400 + b"PE\0\0", REFUSED),
    "elf": lambda: ("a.png", b"\x7fELF\2\1\1" + b"\0" * 300, REFUSED),
    "empty": lambda: ("a.jpg", b"", REFUSED),
    "eleven megabytes": lambda: ("a.jpg", saved(photo(), "JPEG") + b"\0" * 11 * 2**20, REFUSED),
    "way out of the folder": lambda: ("../../../etc/cron.d/evil.jpg", saved(photo(), "JPEG"), HARMLESS),
    "way out, on windows": lambda: ("..\\..\\windows\\evil.jpg", saved(photo(), "JPEG"), HARMLESS),
    "nul in the name": lambda: ("evil.jpg\0.php", saved(photo(), "JPEG"), HARMLESS),
    "written backwards": lambda: ("rechnung\u202egpj.exe", saved(photo(), "JPEG"), HARMLESS),
    "header in the name": lambda: ('a"\r\nSet-Cookie: evil=1\r\n.jpg', saved(photo(), "JPEG"), HARMLESS),
    "script in the name": lambda: ("<img src=x onerror=alert(1)>.jpg", saved(photo(), "JPEG"), HARMLESS),
    "300 characters": lambda: ("长" * 300 + ".jpg", saved(photo(), "JPEG"), HARMLESS),
    "pdf that runs": lambda: ("a.pdf", pdf(b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"), REFUSED),
    "pdf that runs, spelt otherwise": lambda: (
        "a.pdf",
        pdf(b"<< /S /J#61v#61Script /JS (app.alert\\(1\\)) >>"),
        REFUSED,
    ),
    "pdf that runs, packed away": lambda: ("a.pdf", pdf(packed(b"1 0 << /S /JavaScript /JS (1) >>")), REFUSED),
    "pdf that hides its pack": lambda: (
        "a.pdf",
        pdf(b"%stream\n" + packed(b"1 0 << /S /JavaScript /JS (1) >>").replace(b"/ObjStm", b"/Obj#53tm")),
        REFUSED,
    ),
    "pdf bomb": lambda: ("a.pdf", pdf(packed(b"\0" * 80_000_000)), REFUSED),
    "pdf that starts a program": lambda: ("a.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>"), REFUSED),
    "pdf that brings a file": lambda: (
        "a.pdf",
        pdf(b"<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream"),
        REFUSED,
    ),
    "pdf with a form program": lambda: ("a.pdf", pdf(b"<< /XFA [(template) 4 0 R] >>"), REFUSED),
    "locked pdf": lambda: ("a.pdf", pdf(tail=b"<< /Encrypt 5 0 R >>\n"), REFUSED),
    "pdf cut off": lambda: ("a.pdf", pdf()[:-40], REFUSED),
}
