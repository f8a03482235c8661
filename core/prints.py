"""Printed documents: typst sets them, in Chinese; the data comes as JSON, so nothing typed can become markup."""

import functools
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import manimgx_fonts_cjk
import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils import translation

from core.models import Store
from core.templatetags.ui import money, plate

FOLDER = Path(settings.BASE_DIR) / "templates" / "prints"
LANGUAGE = "zh-hans"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@functools.cache
def _fonts() -> Any:
    # the font that is pinned with the project first; the machine's own are the second choice
    own = Path(manimgx_fonts_cjk.__file__).parent
    return typst.Fonts(font_paths=[str(own)], include_system_fonts=not any(own.glob("NotoSansCJK*")))


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """A document as PDF. The same data give the same bytes: `created` is the document's own moment, not the clock's."""
    created: datetime = data.get("created") or EPOCH
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    made: bytes = typst.compile(
        str(FOLDER / f"{template}.typ"),
        format="pdf",
        root=str(FOLDER),
        font_paths=_fonts(),
        sys_inputs={"data": text},
        timestamp=created.astimezone(UTC).replace(microsecond=0),
    )
    return made


def in_chinese() -> Any:
    """Words and formats of a printed document, whatever language the reader has on screen."""
    return translation.override(LANGUAGE)


def pdf_answer(template: str, data: dict[str, Any], name: str) -> HttpResponse:
    """A PDF shown in the browser, under a name for saving."""
    response = HttpResponse(pdf(template, data), content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}.pdf"
    return response


def head(store: Store) -> dict[str, str]:
    """Who issues the document: company, tax number, store, address and phone."""
    return {
        "company": store.company.name,
        "tax_number": store.company.tax_number,
        "store": store.name,
        "address": f"{store.city}{store.address}" if store.city not in store.address else store.address,
        "phone": store.phone,
    }


def moment(value: datetime | None, store: Store) -> str:
    """A moment in the store's own time, with its year, as it stands on paper."""
    return f"{value.astimezone(ZoneInfo(store.time_zone)):%Y-%m-%d %H:%M}" if value else "–"


def day(value: date | None) -> str:
    """A day as it stands on paper."""
    return f"{value:%Y-%m-%d}" if value else "–"


def plain(value: Any) -> str:
    """A quantity without zeros that say nothing: 1.50 is 1.5, 2.00 is 2."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


__all__ = ["day", "head", "in_chinese", "moment", "money", "pdf", "pdf_answer", "plain", "plate"]
