"""Shapes of plates, VINs and phone numbers as the Chinese market has them (rules 1 to 7 of the market rules)."""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

from customers.models import Vehicle
from customers.models.people import PHONE_SHAPE

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
ORDINARY = re.compile(rf"^[{PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{5}}$")
ENERGY = re.compile(rf"^[{PROVINCES}][A-HJ-NP-Z](?:[A-HJK][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[A-HJK])$")
SPECIAL = re.compile(
    rf"^(?:[{PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}[挂学警港澳使领]|使\d{{6}}|[{PROVINCES}][A-HJ-NP-Z0-9]{{5,6}}[使领试超])$"
)
# 临 stands before or behind the number; how many characters it has changed over the years
TEMPORARY = re.compile(
    rf"^(?:临[{PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4,6}}|[{PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4,6}}临)$"
)
VIN = re.compile(r"^[A-HJ-NPR-Z0-9]{17}$")
MOBILE = re.compile(r"^1[3-9]\d{9}$")

_VALUES = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def _tidy(text: str) -> str:
    """Full-width characters made plain, spaces, dots and invisible marks removed, capitals."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if c.isalnum()).upper()


def tidy_plate(text: str) -> str:
    """A plate as it is stored: 沪A·D03918 becomes 沪AD03918."""
    return _tidy(text)


def kind_of_plate(plate: str) -> str | None:
    """Ordinary, new-energy, temporary, special, or none for no plate; None when it is no plate at all."""
    if not plate:
        return Vehicle.PlateKind.NONE
    if ORDINARY.match(plate):
        return Vehicle.PlateKind.ORDINARY
    if ENERGY.match(plate):
        return Vehicle.PlateKind.ENERGY
    if TEMPORARY.match(plate):
        return Vehicle.PlateKind.TEMPORARY
    if SPECIAL.match(plate):
        return Vehicle.PlateKind.OTHER
    return None


def tidy_vin(text: str) -> str:
    """A VIN as it is stored: capitals, no spaces or dashes."""
    return _tidy(text)


def is_vin(vin: str) -> bool:
    """Seventeen characters without I, O and Q: anything else is an error."""
    return bool(VIN.match(vin))


def check_digit(vin: str) -> str:
    """What the ninth character of a VIN should be by the ISO 3779 sum; another one is a warning, not an error."""
    rest = sum(_VALUES[c] * w for c, w in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def has_right_check_digit(vin: str) -> bool:
    """Whether the ninth character is the check digit."""
    return vin[8] == check_digit(vin)


def tidy_phone(text: str) -> str:
    """A phone number as it is stored: a Chinese mobile as 11 digits, without +86, spaces and dashes."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[^\d+]", "", plain)
    for prefix in ("+86", "0086", "86"):
        if digits.startswith(prefix) and MOBILE.match(digits[len(prefix) :]):
            return digits[len(prefix) :]
    return digits


def is_phone(phone: str) -> bool:
    """Whether a tidied number is one that can be dialled."""
    return bool(re.match(PHONE_SHAPE, phone))


def is_tax_number(text: str) -> bool:
    """Whether it can be a taxpayer's number: 15, 18 or 20 letters and digits (the unified code has 18)."""
    return text.isascii() and text.isalnum() and len(text) in {15, 18, 20}


# surnames that are read otherwise than the same character elsewhere, by their initials
SURNAMES = {
    "单于": "cy",
    **dict(zip("单單曾仇解查区區秘折召重种乐樂覃翟郇祭繁句隗藏佴阚", "sszqxzoobssccyyqzxzpgwznk", strict=True)),
}


def initials_of(name: str) -> str:
    """The pinyin initials of a name: 刘建国 is ljg, 单雄信 sxx. More than four characters are a firm's name."""
    plain = "".join(c for c in name if c.isalnum())
    heads = (plain[:2], plain[:1]) if len(plain) <= 4 else ()
    head = next((one for one in heads if one in SURNAMES), "")
    rest = lazy_pinyin(plain[len(head) :], style=Style.FIRST_LETTER, errors=list)  # type: ignore[arg-type]
    letters = SURNAMES.get(head, "") + "".join(rest)
    return "".join(c for c in letters.lower() if c.isascii() and c.isalnum())[:80]
