"""The manners that pages share, and the middlewares both doors pass; one subject a file, re-exported here."""

from core.web.answers import CODES, AnswersMiddleware, answer, state_of
from core.web.asker import (
    NOBODY,
    ActorMiddleware,
    HouseRequest,
    LanguageMiddleware,
    actor_of,
    current_store,
    visible_stores,
)
from core.web.browser import back, door, open_page, page, shown_once, submit, toast, verb_page
from core.web.files import served
from core.web.keyed import KeyedRequestMiddleware
from core.web.second_factor import SecondFactorMiddleware

__all__ = [
    "CODES",
    "NOBODY",
    "ActorMiddleware",
    "AnswersMiddleware",
    "HouseRequest",
    "KeyedRequestMiddleware",
    "LanguageMiddleware",
    "SecondFactorMiddleware",
    "actor_of",
    "answer",
    "back",
    "current_store",
    "door",
    "open_page",
    "page",
    "served",
    "shown_once",
    "state_of",
    "submit",
    "toast",
    "verb_page",
    "visible_stores",
]
