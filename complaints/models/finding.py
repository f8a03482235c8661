"""How a few letters find a case among 100,000: by pairs of letters within what was said, and by ends of numbers."""

from typing import Any

from django.db.models import Case, IntegerField, Model, Q, Sum, TextField, When

from customers.models import Vehicle
from customers.models.finding import Bigrams, bare, in_phone, in_plate, in_vin

TextField.register_lookup(Bigrams)
NEWEST, COMMON = 1000, 0.03  # of so many newest cases a common word stands in more than this part
SHORTEST_END = 3  # characters of a number below which everything would be found


def _pairs(word: str) -> list[str]:
    plain = word.upper()
    return sorted({plain[i : i + 2] for i in range(len(plain) - 1)})


def _holds(column: str, word: str) -> Q:
    """A word within a text: its pairs of letters by the index, and then as they stand one after the other."""
    found = Q(**{f"{column}__bigrams__contains": _pairs(word)})
    return found & Q(**{f"{column}__icontains": word}) if len(word) > 2 else found


def _near(word: str) -> Q:
    """The end of the case's number or of the complainant's phone."""
    found = in_phone(word)
    if len(bare(word)) >= SHORTEST_END and word.isascii():
        found |= Q(number__reverse__startswith=word.upper()[::-1])
    return found


def _is_common(every: Any, word: str) -> bool:
    """Whether the newest cases speak of it all the time, so that a page of hits is found sooner by walking them."""
    spoken = Case(When(words__icontains=word, then=1), default=0, output_field=IntegerField())
    newest = every.annotate(spoken=spoken).order_by("-received_at", "-id").values("spoken")[:NEWEST]
    return bool((newest.aggregate(n=Sum("spoken"))["n"] or 0) > NEWEST * COMMON)


def with_word(model: type[Model], word: str) -> Q:
    """A case in which the word was said, whose complainant, number or phone it fits, or whose car wears it.

    A rare word is found by its indexes, each way by its own and put together afterwards; a common one by walking the
    cases in the order of the list. Asked in one condition, the database would now and then take every text to pairs.
    """
    every: Any = model._base_manager
    ways = [_near(word), Q(vehicle__in=Vehicle._base_manager.filter(in_plate(word) | in_vin(word)))]
    if len(word) > 1 and _is_common(every, word):
        return Q(words__icontains=word) | Q(name__icontains=word) | ways[0] | ways[1]
    ways += [_holds("words", word), _holds("name", word)] if len(word) > 1 else [Q(name__startswith=word)]
    first, *others = [every.filter(way).values_list("pk") for way in ways]
    return Q(pk__in=first.union(*others, all=True))
