"""Data of the service room's printed documents; one subject a file."""

from service.prints.leaving import delivery_list
from service.prints.orders import GUARANTEE, TERMS, guarantee_on, job_card, repair_order, terms_on

__all__ = ["GUARANTEE", "TERMS", "delivery_list", "guarantee_on", "job_card", "repair_order", "terms_on"]
