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
from core.web.browser import back, door, page, shown_once, submit, toast, verb_page
from core.web.keyed import KeyedRequestMiddleware

__all__ = [
    "CODES",
    "NOBODY",
    "ActorMiddleware",
    "AnswersMiddleware",
    "HouseRequest",
    "KeyedRequestMiddleware",
    "LanguageMiddleware",
    "actor_of",
    "answer",
    "back",
    "current_store",
    "door",
    "page",
    "shown_once",
    "state_of",
    "submit",
    "toast",
    "verb_page",
    "visible_stores",
]
