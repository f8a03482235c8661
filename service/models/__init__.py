"""The workshop side: visits, orders, jobs, lines and who pays, the catalogue; one subject a file."""

from service.models.catalogue import CatalogueItem, GuaranteeRule, Menu, MenuItem
from service.models.holds import Hold
from service.models.jobs import Job
from service.models.lines import Line, Party, Share
from service.models.links import ConsentLink
from service.models.orders import Order
from service.models.visits import Visit

__all__ = [
    "CatalogueItem",
    "ConsentLink",
    "GuaranteeRule",
    "Hold",
    "Job",
    "Line",
    "Menu",
    "MenuItem",
    "Order",
    "Party",
    "Share",
    "Visit",
]
