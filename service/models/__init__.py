"""The workshop side: visits, orders, jobs, lines and who pays; one subject a file."""

from service.models.jobs import Job
from service.models.lines import Line, Party, Share
from service.models.orders import Order
from service.models.visits import Visit

__all__ = ["Job", "Line", "Order", "Party", "Share", "Visit"]
