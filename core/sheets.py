"""Reading the tables that people bring: CSV as old systems and Excel write it, and xlsx; neither of them is trusted."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.rows import Refused

MOST_BYTES = 100 * 2**20
MOST_UNPACKED = 600 * 2**20  # what an xlsx may grow to: real ones grow tenfold, a bomb a thousandfold
MOST_ROWS = 200_000
MOST_COLUMNS = 500
MOST_CHARACTERS = 32_767  # of one cell, as in Excel
SHEET_ROWS = 1_048_576  # of a sheet, as in Excel: a row number beyond it is forged
NOTHING = {"", "NULL", "\\N", "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}

Line = tuple[int, list[Any]]


def read_sheet(path: Path, sheet: str = "") -> Iterator[Line]:
    """The lines of a CSV or xlsx file that hold anything, each with its number in the file."""
    try:
        size = path.stat().st_size
    except OSError as problem:
        raise Refused(_("“%(file)s” cannot be read: %(why)s.") % {"file": path, "why": problem.strerror}) from problem
    if size > MOST_BYTES:
        raise Refused(
            _("“%(file)s” is larger than %(most)s MB. Split it into several files.")
            % {"file": path.name, "most": MOST_BYTES // 2**20}
        )
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise Refused(_("“%(file)s” cannot be read: %(why)s.") % {"file": path, "why": problem.strerror}) from problem
    if content.startswith(b"PK\x03\x04"):
        lines = _read_xlsx(content, path.name, sheet)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            _("“%(file)s” is an old or a locked Excel file. Save it without a password as .xlsx.") % {"file": path.name}
        )
    else:
        lines = _read_csv(content, path.name)
    count = 0
    for number, cells in lines:
        tidy = [_cell(one) for one in cells]
        if all(one is None for one in tidy):
            continue
        count += 1
        if count > MOST_ROWS + 20:  # a few lines may stand above the headings
            raise Refused(
                _("“%(file)s” has more than %(most)s rows. Split it into several files.")
                % {"file": path.name, "most": MOST_ROWS}
            )
        if len(tidy) > MOST_COLUMNS and any(one is not None for one in tidy[MOST_COLUMNS:]):
            raise Refused(_too_wide(path.name))
        yield number, tidy


def _too_wide(name: str) -> str:
    return _("“%(file)s” has more than %(most)s columns.") % {"file": name, "most": MOST_COLUMNS}


def _cell(value: Any) -> Any:
    """A cell without what nobody can see; None when nothing is left."""
    if not isinstance(value, str):
        return value
    value = unguard(value)
    if not value.isprintable():  # marks without a width (U+200E and the like) go, the spaces of every kind stay
        value = "".join(c for c in value if c.isprintable() or c.isspace())
    value = value.strip()
    return None if value in NOTHING else value


def _text_of(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]  # Excel's "Unicode text"
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("“%(file)s” is neither UTF-8 nor GB18030 text.") % {"file": name})


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab: the one that the first lines have most of, outside of quotes."""
    outside = "".join(text[:20_000].split('"')[::2])
    head = [line for line in outside.splitlines() if line.strip()][:10]
    return max(",;\t", key=lambda mark: max((line.count(mark) for line in head), default=0))


def _read_csv(content: bytes, name: str) -> Iterator[Line]:
    text = _text_of(content, name)
    skipped = 0
    if text[:4].lower() == "sep=":  # Excel's own first line
        first, _end, text = text.partition("\n")
        skipped, mark = 1, first[4:5]
    else:
        mark = _delimiter(text)
    csv.field_size_limit(MOST_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark or ",")
    before = 0
    try:
        for cells in reader:
            yield skipped + before + 1, cells
            before = reader.line_num
    except csv.Error as problem:
        raise Refused(
            _("Line %(line)s of “%(file)s” is no CSV: %(why)s. A quotation mark may be missing.")
            % {"line": skipped + before + 1, "file": name, "why": problem}
        ) from problem


def _read_xlsx(content: bytes, name: str, sheet: str) -> Iterator[Line]:
    from openpyxl import load_workbook  # takes 0.2 s, and most commands need none

    broken = _("“%(file)s” is no Excel file that can be read. Open it in Excel and save it again.") % {"file": name}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > 2000:
                raise Refused(_("“%(file)s” unpacks to more than an honest table would.") % {"file": name})
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        if b"<!" in stream.read(4096).replace(b"\x00", b"").replace(b"<!--", b""):
                            raise Refused(_("“%(file)s” defines entities, which no Excel does.") % {"file": name})
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Refused:
        raise
    except Exception as problem:  # whatever a forged file makes zipfile or openpyxl stumble over
        raise Refused(broken) from problem
    try:
        if sheet and sheet not in book.sheetnames:
            raise Refused(
                _("“%(file)s” has no sheet “%(sheet)s”. It has: %(sheets)s.")
                % {"file": name, "sheet": sheet, "sheets": ", ".join(book.sheetnames)}
            )
        if not book.worksheets:
            raise Refused(broken)
        page: Any = book[sheet] if sheet else book.worksheets[0]
        page.reset_dimensions()  # what the file says of its size need not be true
        yield from _rows_of(page, broken)
    finally:
        book.close()


def _rows_of(page: Any, broken: str) -> Iterator[Line]:
    rows = page.iter_rows(max_row=SHEET_ROWS, max_col=MOST_COLUMNS + 1, values_only=True)
    number = 0
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except Exception as problem:
            raise Refused(broken) from problem
        number += 1
        yield number, list(cells)


# A spreadsheet runs what starts like this; our exports put a ' before it, and it is taken away again here.
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_STARTS = "=+-@\t\r\n\x00＝＋－＠"


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula."""
    return text.lstrip(" \"'")[:1] in set(_STARTS) if text else False


def guard(text: str) -> str:
    """A text as it is written into a table for a spreadsheet: never a formula. Numbers stay numbers."""
    return f"'{text}" if is_dangerous(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """The text that was guarded."""
    return text[1:] if text.startswith("'") and is_dangerous(text[1:]) else text
