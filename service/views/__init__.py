"""The browser door of the service room, by subject."""

from service.views.jobs import add_lines, check, dispatch, finish, start, workshop
from service.views.orders import add_job, authorise, order, orders, print_order, remove_line, share_line
from service.views.visits import arrive, exit_visit, hand_over, promise, ready, receive, visit, visits

__all__ = [
    "add_job",
    "add_lines",
    "arrive",
    "authorise",
    "check",
    "dispatch",
    "exit_visit",
    "finish",
    "hand_over",
    "order",
    "orders",
    "print_order",
    "promise",
    "ready",
    "receive",
    "remove_line",
    "share_line",
    "start",
    "visit",
    "visits",
    "workshop",
]
