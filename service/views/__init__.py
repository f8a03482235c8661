"""The browser door of the service room, by subject."""

from service.views.arrival import arrive, arrive_fleet, greet, visit, visits
from service.views.catalogue import (
    add_item,
    catalogue,
    catalogue_template,
    compose_menu,
    edit_item,
    edit_menu,
    load_catalogue,
    loaded_sheet,
    menus,
    rejected_rows,
)
from service.views.dispatching import dispatching
from service.views.estimates import add_lines, add_menu, find_items, remove_line, take_up_again
from service.views.history import customer_visits, vehicle_visits
from service.views.jobs import check, dispatch, finish, hold, resume, start, workshop
from service.views.leaving import exit_visit, explain, hand_over, promise, ready, wash
from service.views.links import close_link, consent, consent_photo, send_link
from service.views.orders import add_job, authorise, edit_order, order, orders, print_order
from service.views.papers import print_delivery, print_job_card
from service.views.questions import ask_manager
from service.views.quick import receive_quick
from service.views.reception import add_order, edit_visit, receive
from service.views.sharing import (
    add_party,
    ask_goodwill,
    assess,
    edit_party,
    parties,
    share_job,
    share_line,
)
from service.views.wall import wall

__all__ = [
    "add_item",
    "add_job",
    "add_lines",
    "add_menu",
    "add_order",
    "add_party",
    "arrive",
    "arrive_fleet",
    "ask_goodwill",
    "ask_manager",
    "assess",
    "authorise",
    "catalogue",
    "catalogue_template",
    "check",
    "close_link",
    "compose_menu",
    "consent",
    "consent_photo",
    "customer_visits",
    "dispatch",
    "dispatching",
    "edit_item",
    "edit_menu",
    "edit_order",
    "edit_party",
    "edit_visit",
    "exit_visit",
    "explain",
    "find_items",
    "finish",
    "greet",
    "hand_over",
    "hold",
    "load_catalogue",
    "loaded_sheet",
    "menus",
    "order",
    "orders",
    "parties",
    "print_delivery",
    "print_job_card",
    "print_order",
    "promise",
    "ready",
    "receive",
    "receive_quick",
    "rejected_rows",
    "remove_line",
    "resume",
    "send_link",
    "share_job",
    "share_line",
    "start",
    "take_up_again",
    "vehicle_visits",
    "visit",
    "visits",
    "wall",
    "wash",
    "workshop",
]
