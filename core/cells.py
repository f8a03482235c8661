"""How the cells of a load are read: strictly, since a guessed date or amount is worse than a rejected row."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from core.imports import Load

FIRST_DAY = date(1950, 1, 1)  # no dealership's records are older; an older date is a misread one


class Bad(ValueError):
    """A cell that cannot be read, with the sentence that says why."""


def bare(heading: Any) -> str:
    """A heading or a word as it is compared: without case, spaces, marks, and what stands in brackets."""
    text = unicodedata.normalize("NFKC", str(heading or "")).casefold()
    text = re.sub(r"\([^)]*\)|\[[^]]*\]|【[^】]*】", "", text)
    return "".join(c for c in text if c.isalnum())


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value)


def words(value: Any) -> str:
    """A cell as one line of text; a whole number that Excel made a float is whole again."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if abs(value) >= 10**15:
            raise Bad(_("Excel has lost the last digits of this number. Export the column as text."))
        return str(int(value)) if value == int(value) else str(value)
    return " ".join(as_text(value).split())


def text(most: int, *, cut: bool = False) -> Callable[[Any, "Load"], str]:
    """Reads words; too long ones are cut where a part is better than nothing, and rejected elsewhere."""

    def read(value: Any, load: "Load") -> str:
        found = words(value)
        if len(found) <= most:
            return found
        if not cut:
            raise Bad(_("This is longer than %(most)s characters.") % {"most": most})
        load.cut += 1
        return found[: most - 1] + "…"

    return read


_FLOAT = re.compile(r"\d+\.0+")
_POWER = re.compile(r"\d(?:\.(\d+))?E\+?(\d+)", re.IGNORECASE)


def digits(value: Any) -> str:
    """A number that is a name (phone, order number): plain, without what Excel did to it."""
    found = unicodedata.normalize("NFKC", words(value)).strip()
    if _FLOAT.fullmatch(found):
        return found.partition(".")[0]
    if power := _POWER.fullmatch(found):
        if len(power[1] or "") < int(power[2]):
            raise Bad(_("Excel has lost digits of “%(text)s”. Export the column as text.") % {"text": found})
        return str(int(Decimal(found)))
    return found


def key(value: Any, load: "Load") -> str:
    """Reads the id that a thing has in the old system."""
    found = digits(value)
    if len(found) > 80:
        raise Bad(_("This is longer than %(most)s characters.") % {"most": 80})
    return found


def amount(most: int = 10**9) -> Callable[[Any, "Load"], Decimal]:
    """Reads money or another number that is not negative, exactly as written."""

    def read(value: Any, load: "Load") -> Decimal:
        number = _decimal(value)
        if number < 0:
            raise Bad(_("This cannot be negative."))
        if number > most:
            raise Bad(_("This is more than %(most)s.") % {"most": most})
        return number

    return read


_THOUSANDS = re.compile(r"-?\d{1,3}([, ])\d{3}(\1\d{3})*(\.\d+)?")


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or isinstance(value, date):
        raise Bad(_("This is no number."))
    plain = unicodedata.normalize("NFKC", str(value)).strip()
    plain = re.sub(r"^(?:¥|RMB|CNY)\s*|\s*(?:元|RMB|CNY)$", "", plain, flags=re.IGNORECASE)
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "").replace(" ", "")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)(E[+-]?\d{1,2})?", plain, re.IGNORECASE):
        raise Bad(_("“%(text)s” is no number. Write it like 1234.50.") % {"text": plain[:40]})
    try:
        number = Decimal(plain)
    except InvalidOperation as problem:
        raise Bad(_("“%(text)s” is no number. Write it like 1234.50.") % {"text": plain[:40]}) from problem
    if abs(number) > 10**15:
        raise Bad(_("This number is too large."))
    # a float that was added up (1122.7400000000002) is the number that was meant
    return number.quantize(Decimal("0.000001")).normalize() + 0 if number else Decimal(0)


def percent(value: Any, load: "Load") -> Decimal:
    """Reads a percentage from 0 to 100, with or without its sign."""
    return amount(100)(value.rstrip("%％ ") if isinstance(value, str) else value, load)


def whole(least: int, most: int) -> Callable[[Any, "Load"], int]:
    """Reads a whole number, with or without km behind it."""

    def read(value: Any, load: "Load") -> int:
        if isinstance(value, str):
            value = re.sub(
                r"\s*(?:km|公里|千米)$", "", unicodedata.normalize("NFKC", value).strip(), flags=re.IGNORECASE
            )
        number = _decimal(value)
        if number != int(number):
            raise Bad(_("This must be a whole number."))
        if not least <= number <= most:
            raise Bad(_("This must lie between %(least)s and %(most)s.") % {"least": least, "most": most})
        return int(number)

    return read


def choice(meanings: dict[str, str], name: str) -> Callable[[Any, "Load"], str]:
    """Reads one of the words that are known for a field; another word is named with the way to translate it."""
    known = {bare(word): meaning for word, meaning in meanings.items()} | {bare(one): one for one in meanings.values()}

    def read(value: Any, load: "Load") -> str:
        found = words(value)
        try:
            return known[bare(found)]
        except KeyError:
            raise Bad(
                _(
                    "“%(text)s” is not known as %(field)s. "
                    "Say what it means: --value '%(field)s:%(text)s=…' with one of %(all)s."
                )
                % {"text": found[:60], "field": name, "all": ", ".join(sorted(set(meanings.values()) - {""}))}
            ) from None

    return read


def yes_or_no(value: Any, load: "Load") -> bool:
    """Reads yes or no."""
    found = words(value).casefold()
    if found in {"是", "y", "yes", "true", "1", "√"}:
        return True
    if found in {"否", "n", "no", "false", "0", "×"}:
        return False
    raise Bad(_("“%(text)s” is neither yes nor no.") % {"text": found[:40]})


_CLOCK = r"(?:[T\s]+(\d{1,2})[:时点](\d{1,2})(?:分|:)?(?:(\d{1,2})(?:\.\d+)?秒?)?)?\s*(Z|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?{_CLOCK}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_CLOCK}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")


def moment(value: Any, load: "Load") -> datetime:
    """Reads a date with or without a time; where only a day is known the time is midnight."""
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)
    else:
        plain = unicodedata.normalize("NFKC", str(value)).strip()
        try:
            found = _moment(plain, load.date_format)
        except (ValueError, OverflowError) as problem:
            if isinstance(problem, Bad):
                raise
            raise Bad(_("“%(text)s” is no date. Write it like 2026-01-31.") % {"text": plain[:40]}) from problem
    if not FIRST_DAY <= found.date() <= now().date() + timedelta(days=366 * 3):
        raise Bad(_("The year of “%(text)s” cannot be right.") % {"text": found.date()})
    return found


def _moment(plain: str, date_format: str) -> datetime:
    if match := _YEAR_FIRST.fullmatch(plain):
        return _at(int(match[1]), int(match[2]), int(match[3]), match.groups()[3:])
    if match := _COMPACT.fullmatch(plain):
        return datetime(int(match[1]), int(match[2]), int(match[3]))
    if _SERIAL.fullmatch(plain):  # days since 1899-12-30, as Excel counts them; minutes are as fine as it goes
        return datetime(1899, 12, 30) + timedelta(minutes=round(float(plain) * 1440))
    if match := _YEAR_LAST.fullmatch(plain):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if not date_format and first != second and max(first, second) <= 12:
            raise Bad(
                _("“%(text)s” may be two days. Say which comes first: --date-format dmy (day) or mdy (month).")
                % {"text": plain[:40]}
            )
        month_first = date_format == "mdy" or (not date_format and second > 12)
        month, day = (first, second) if month_first else (second, first)
        return _at(year, month, day, match.groups()[3:])
    raise ValueError(plain)


def _at(year: int, month: int, day: int, clock: Sequence[str | None]) -> datetime:
    hours, minutes, seconds, zone = clock
    found = datetime(year, month, day, int(hours or 0), int(minutes or 0), int(seconds or 0))
    if zone and hours is not None:
        minutes_off = 0 if zone == "Z" else int(zone[1:3]) * 60 + int(zone[-2:])
        return (found - timedelta(minutes=-minutes_off if zone[0] == "-" else minutes_off)).replace(tzinfo=UTC)
    return found


def day(value: Any, load: "Load") -> date:
    """Reads a date."""
    return moment(value, load).date()
