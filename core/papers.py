"""Searching a PDF for what runs: programs, files it brings along, forms that send; and for places to hide them."""

import re
import zlib
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_RUNS = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE|Rendition|XFA)(?![A-Za-z])"
)
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_END = re.compile(rb"endobj|endstream")
MOST_STREAMS, MOST_INFLATED, WINDOW = 20_000, 64 * 2**20, 2**19


def _plain(part: bytes) -> bytes:
    """Names as a reader of PDF understands them: /J#61vaScript is /JavaScript."""
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), part)


def search_paper(content: bytes, name: str) -> None:
    """Refuse a PDF that runs something, brings files along, or hides what it holds."""
    if b"%%EOF" not in content[-2048:]:
        raise ValidationError(_("“%(name)s” is damaged or no PDF.") % {"name": name}, code="broken")
    try:
        runs = _runs_something(content)
    except (_Hidden, zlib.error) as problem:
        raise ValidationError(
            _("“%(name)s” is locked or cannot be looked into. Print it to a plain PDF and send that.") % {"name": name},
            code="hidden",
        ) from problem
    if runs:
        raise ValidationError(
            _("“%(name)s” holds a program or other files. Print it to a plain PDF and send that.") % {"name": name},
            code="active",
        )


class _Hidden(Exception):
    """A part of a PDF cannot be looked into."""


def _runs_something(content: bytes) -> bool:
    """Whether a PDF names a program or a file in it, in sight or in its packed objects."""
    plain = _plain(content)
    if re.search(rb"/Encrypt\b", plain):
        raise _Hidden
    if _RUNS.search(plain):
        return True
    packs, left = 0, MOST_INFLATED
    for start, end in _packs(content):
        packs += 1
        unpack = zlib.decompressobj()
        window, rest = b"", content[start:end]
        while rest and not unpack.eof:
            piece = unpack.decompress(rest, WINDOW)
            rest, left = unpack.unconsumed_tail, left - len(piece)
            window = window[-64:] + piece
            if left < 0:
                raise _Hidden
            if _RUNS.search(_plain(window)):
                return True
        if not unpack.eof:
            raise _Hidden
    if packs != len(re.findall(rb"/ObjStm\b", plain)):
        raise _Hidden
    return False


def _packs(content: bytes) -> Iterator[tuple[int, int]]:
    """Where the packed objects of a PDF begin and end; only the usual packing, which we can undo."""
    ends = [0, *(found.end() for found in _END.finditer(content))]
    at, bytes_left = 0, len(content)
    for number, found in enumerate(_STREAM.finditer(content)):
        if number > MOST_STREAMS:
            raise _Hidden
        while at + 1 < len(ends) and ends[at + 1] <= found.start():
            at += 1
        head = _plain(content[max(ends[at], found.start() - 4096) : found.start()])
        if b"/ObjStm" not in head:
            continue
        end = content.find(b"endstream", found.end())
        bytes_left -= end - found.end()  # honest streams do not lie in one another
        is_usual = b"FlateDecode" in head and not re.search(
            rb"/(ASCII85|ASCIIHex|LZW|RunLength|Crypt|DecodeParms)", head
        )
        if end < 0 or bytes_left < 0 or not is_usual or head.count(b"/ObjStm") > 1:
            raise _Hidden
        yield found.end(), end
