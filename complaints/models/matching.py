"""Whether a bulletin is about a car: brand, series and model year, told apart by no capitals, spaces or hyphens."""

import re
from typing import Any

_BETWEEN = r"[\s·.\-_/]*"
_DROPPED = re.compile(r"[\s·.\-_/]+")


def squeezed(text: str) -> str:
    """A name without capitals, spaces and hyphens."""
    return _DROPPED.sub("", text).casefold()


def _is_brand(wanted: str, brand: str) -> bool:
    """The same brand, or one that says more of it: 大众 and 一汽-大众."""
    one, other = squeezed(wanted), squeezed(brand)
    return one == other or (min(len(one), len(other)) > 1 and (one.endswith(other) or other.endswith(one)))


def names_series(series: str, text: str, brand: str = "") -> bool:
    """Whether a model's name begins or goes on with a series: A4L in “A4L 40 TFSI”, but A4 is not in A4L."""
    plain, known = squeezed(series), squeezed(brand)
    if known and plain.startswith(known) and plain != known:
        plain = plain[len(known) :]
    if not plain:
        return False
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", plain) else ""
    after = r"(?![a-z])" if re.search(r"[a-z]$", plain) else r"(?![a-z0-9])" if re.search(r"[0-9]$", plain) else ""
    pattern = before + _BETWEEN.join(map(re.escape, plain)) + after
    return re.search(pattern, text.casefold()) is not None


def fits(bulletin: Any, brand: str, text: str, year: int | None = None) -> bool:
    """Whether a bulletin is about a car of this brand and model; a model year that is not known rules nothing out."""
    if bulletin.brand and brand and not _is_brand(bulletin.brand, brand):
        return False
    if bulletin.brand and not brand and not bulletin.series and not names_series(bulletin.brand, text):
        return False
    if bulletin.series and not names_series(bulletin.series, text, bulletin.brand or brand):
        return False
    if year is None:
        return True
    return (bulletin.since_year or 0) <= year <= (bulletin.until_year or 9999)
