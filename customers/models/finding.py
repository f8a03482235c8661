"""How a few letters find a person or a car: which columns they may be a piece of, and by which index.

Pieces of three letters and more are found by trigrams, pairs of letters (most Chinese given names) by an array of
bigrams, ends of phone numbers, plates and VINs by the text turned round, beginnings and pinyin initials as they are.
"""

import re
import unicodedata

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Q, TextField, Transform
from django.db.models.functions import Reverse


class Bigrams(Transform):
    """All pairs of neighbouring characters of a text, as the function `bigrams` of a migration tells them."""

    lookup_name = "bigrams"
    function = "bigrams"
    output_field = ArrayField(TextField())


CharField.register_lookup(Bigrams)
CharField.register_lookup(Reverse)

SHORTEST_TAIL = 3  # digits of a phone or characters of a VIN below which everything would be found
SHORTEST_START = 5  # of a phone or VIN that is typed from its beginning
_PLATE = re.compile(r"^[\u4e00-\u9fff][A-Z][A-Z0-9]{1,6}[\u4e00-\u9fff]?$")
_PHONE = re.compile(r"^(?:86|0086)(1[3-9]\d{9})$")
_IN_NUMBERS = re.compile(r"^[+\d\s()-]+$")


def bare(text: str) -> str:
    """Letters and digits of a text, as plates, VINs and phone numbers are stored."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).upper()
    return _PHONE.sub(r"\1", plain)


def words_of(text: str) -> list[str]:
    """The words that must all be found. A number or a plate written with spaces or dots is one word."""
    plain = " ".join(unicodedata.normalize("NFKC", text.replace("\0", "")).split())[:60]
    whole = bare(plain)
    if _IN_NUMBERS.match(plain) or _PLATE.match(whole):
        return [whole] if whole else []
    return plain.split(" ") if plain else []


def _holds(column: str, word: str, *, upper: bool = False) -> Q:
    """The word anywhere in a column; `upper` says that the column is stored in capitals."""
    if len(word) == 1:
        return Q(**{f"{column}__startswith": word})
    if len(word) == 2:
        return Q(**{f"{column}__bigrams__contains": [word.upper()]})
    return Q(**{f"{column}__contains" if upper else f"{column}__icontains": word})


def _ends(column: str, word: str) -> Q:
    return Q(**{f"{column}__reverse__startswith": word[::-1]})


def in_phone(word: str) -> Q:
    """Phone numbers that end with the digits, or begin with them when there are enough of them."""
    digits = bare(word)
    if not digits.isdecimal() or len(digits) < SHORTEST_TAIL:
        return Q(pk__in=[])
    found = _ends("phone", digits)
    return found | Q(phone__startswith=digits) if len(digits) >= SHORTEST_START else found


def in_initials(word: str, *, whole: bool = False) -> Q:
    """Names whose pinyin initials begin with the letters, or are just these."""
    letters = word.lower()
    if not (letters.isascii() and letters.isalpha()) or len(letters) < 2:
        return Q(pk__in=[])
    return Q(initials=letters) if whole else Q(initials__startswith=letters)


def in_person(word: str) -> Q:
    """A person or firm whose name holds the word, whose phone ends with it, or whose initials begin with it."""
    return _holds("name", word) | in_phone(word) | in_initials(word)


def exactly_person(word: str) -> Q:
    """The same without fragments: the whole name, the end of the phone, all of the initials."""
    digits = bare(word)
    found = Q(name=word) | in_initials(word, whole=True)
    return found | _ends("phone", digits) if digits.isdecimal() and len(digits) >= SHORTEST_TAIL else found


def in_plate(word: str) -> Q:
    """A plate that holds the word."""
    piece = bare(word)
    return _holds("plate", piece, upper=True) if len(piece) > 1 else Q(pk__in=[])


def in_vin(word: str) -> Q:
    """A VIN that ends with the word, or begins with it when it is long enough."""
    piece = bare(word)
    if not piece.isascii() or not SHORTEST_TAIL <= len(piece) <= 17:
        return Q(pk__in=[])
    return _ends("vin", piece) | Q(vin__startswith=piece) if len(piece) >= SHORTEST_START else _ends("vin", piece)


def exactly_car(word: str) -> Q:
    """A plate or a VIN that ends with the word."""
    piece = bare(word)
    if len(piece) < 2:
        return Q(pk__in=[])
    found = _ends("plate", piece)
    return found | _ends("vin", piece) if piece.isascii() and len(piece) >= SHORTEST_TAIL else found
