"""What can be done with visits, orders, jobs and lines; one subject a file."""

from service.actions.arrival import Fleet, arrive, arrive_fleet, greet
from service.actions.catalogue import add_item, add_menu, compose_menu, edit_item, edit_menu
from service.actions.consent import authorise
from service.actions.exits import exit_visit
from service.actions.holds import hold, resume
from service.actions.jobs import add_job, check, dispatch, finish, start
from service.actions.leaving import (
    close_visit,
    delivery_steps,
    explain,
    hand_over,
    mark_cleared,
    mark_settled,
    ready,
    unmark_settled,
    wash,
)
from service.actions.lines import add_lines, remove_line
from service.actions.links import answer_link, close_link, open_link, send_link
from service.actions.loading import PastLine, PastOrder, load_past_orders
from service.actions.orders import add_order, edit_order, redo_job, take_up_again
from service.actions.parties import add_party, edit_party, own_party
from service.actions.price_lists import load_catalogue, load_menus
from service.actions.promises import alarm_promises, promise
from service.actions.questions import ask_manager
from service.actions.quick import receive_quick
from service.actions.reception import edit_visit, receive
from service.actions.sharing import ask_goodwill, assess, share_job, share_line

__all__ = [
    "Fleet",
    "PastLine",
    "PastOrder",
    "add_item",
    "add_job",
    "add_lines",
    "add_menu",
    "add_order",
    "add_party",
    "alarm_promises",
    "answer_link",
    "arrive",
    "arrive_fleet",
    "ask_goodwill",
    "ask_manager",
    "assess",
    "authorise",
    "check",
    "close_link",
    "close_visit",
    "compose_menu",
    "delivery_steps",
    "dispatch",
    "edit_item",
    "edit_menu",
    "edit_order",
    "edit_party",
    "edit_visit",
    "exit_visit",
    "explain",
    "finish",
    "greet",
    "hand_over",
    "hold",
    "load_catalogue",
    "load_menus",
    "load_past_orders",
    "mark_cleared",
    "mark_settled",
    "open_link",
    "own_party",
    "promise",
    "ready",
    "receive",
    "receive_quick",
    "redo_job",
    "remove_line",
    "resume",
    "send_link",
    "share_job",
    "share_line",
    "start",
    "take_up_again",
    "unmark_settled",
    "wash",
]
