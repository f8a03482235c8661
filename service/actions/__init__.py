"""What can be done with visits, orders, jobs and lines; one subject a file."""

from service.actions.exits import exit_visit
from service.actions.jobs import add_job, check, dispatch, finish, start
from service.actions.lines import add_lines, authorise, remove_line, share_line
from service.actions.loading import PastLine, PastOrder, load_past_orders
from service.actions.visits import (
    arrive,
    close_visit,
    hand_over,
    mark_settled,
    promise,
    ready,
    receive,
    unmark_settled,
)

__all__ = [
    "PastLine",
    "PastOrder",
    "add_job",
    "add_lines",
    "arrive",
    "authorise",
    "check",
    "close_visit",
    "dispatch",
    "exit_visit",
    "finish",
    "hand_over",
    "load_past_orders",
    "mark_settled",
    "promise",
    "ready",
    "receive",
    "remove_line",
    "share_line",
    "start",
    "unmark_settled",
]
