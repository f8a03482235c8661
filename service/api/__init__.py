"""The REST door of the service room, by subject."""

from service.api.catalogue import ItemApi, MenuApi, PartyApi
from service.api.orders import HoldApi, JobApi, LineApi, OrderApi
from service.api.visits import VisitApi

__all__ = ["HoldApi", "ItemApi", "JobApi", "LineApi", "MenuApi", "OrderApi", "PartyApi", "VisitApi"]
