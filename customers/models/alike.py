"""Which records look like one and the same. Looking alike is no proof: a family shares a phone."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from customers.models.merges import Apart
from customers.models.people import Customer
from customers.models.vehicles import Vehicle


class Pair(NamedTuple):
    """Two records, the newer one first, and why they look alike."""

    one: Any
    other: Any
    why: str


NEWEST = 20_000  # records that are compared with all others: what was written down lately
# Nearly the same number: a slip of the hand leaves the first seven digits or the last four as they are.
_CUSTOMERS = """
WITH newest AS MATERIALIZED (
    SELECT id, company_id, phone, name FROM customers_customer
    WHERE company_id = ANY(%(companies)s) AND merged_into_id IS NULL AND phone <> '' ORDER BY id DESC LIMIT %(newest)s
), alike AS (
    SELECT a.id AS one, b.id AS other FROM newest a
    JOIN customers_customer b ON b.company_id = a.company_id AND b.phone = a.phone
    WHERE b.id < a.id AND b.merged_into_id IS NULL
    UNION ALL
    SELECT a.id, b.id FROM newest a
    JOIN customers_customer b ON b.company_id = a.company_id AND b.name = a.name
    WHERE a.name <> '' AND b.id < a.id AND b.merged_into_id IS NULL AND b.phone <> a.phone
      AND length(b.phone) = length(a.phone)
      AND (left(b.phone, 7) = left(a.phone, 7) OR right(b.phone, 4) = right(a.phone, 4))
)
SELECT one, other FROM alike
WHERE NOT EXISTS (
    SELECT 1 FROM customers_apart x WHERE x.of = 'customer' AND x.first_id = other AND x.second_id = one)
ORDER BY one DESC, other DESC LIMIT %(most)s
"""
# One owner's cars of which one is known by its VIN only and the other by its plate, or both by plate and one model.
_VEHICLES = """
WITH newest AS MATERIALIZED (
    SELECT * FROM customers_vehicle WHERE company_id = ANY(%(companies)s) AND merged_into_id IS NULL
    ORDER BY id DESC LIMIT %(newest)s
)
SELECT a.id, b.id FROM newest a
JOIN customers_vehicle b ON b.owner_id = a.owner_id AND b.company_id = a.company_id AND b.id < a.id
WHERE b.merged_into_id IS NULL
  AND (a.vin = '') <> (b.vin = '') AND (a.brand = '' OR b.brand = '' OR a.brand = b.brand)
  AND (a.plate = '' OR b.plate = '' OR (a.model <> '' AND a.model = b.model))
  AND NOT EXISTS (SELECT 1 FROM customers_apart x WHERE x.of = 'vehicle' AND x.first_id = b.id AND x.second_id = a.id)
ORDER BY a.id DESC, b.id DESC LIMIT %(most)s
"""


def customers_alike(companies: Iterable[int], most: int) -> list[Pair]:
    """Customers with one phone, or with one name and nearly one phone; the newest first."""
    return _pairs(_CUSTOMERS, companies, most, Customer.objects.all())


def vehicles_alike(companies: Iterable[int], most: int) -> list[Pair]:
    """Cars of one owner of which only one has a VIN; the newest first."""
    return _pairs(_VEHICLES, companies, most, Vehicle.objects.select_related("owner"))


def alike(one: Customer) -> list[Customer]:
    """Other records that look like this customer, for the page on which the other one is chosen."""
    phone = one.phone
    near = Q(phone__startswith=phone[:7]) | Q(phone__endswith=phone[-4:]) | Q(phone="")
    same = Q(name=one.name) & near if one.name and phone else Q(name=one.name)
    found = Customer.objects.living().filter(company=one.company_id).exclude(pk=one.pk)
    found = found.filter((Q(phone=phone) | same) if phone else same)
    pairs = Apart.objects.filter(Q(first_id=one.pk) | Q(second_id=one.pk), of="customer")
    apart = {pk for pair in pairs.values_list("first_id", "second_id") for pk in pair}
    return [other for other in found.order_by("-pk")[:12] if other.pk not in apart][:6]


def _pairs(statement: str, companies: Iterable[int], most: int, rows: Any) -> list[Pair]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"companies": list(companies), "most": most, "newest": NEWEST})
        found = list(dict.fromkeys(cursor.fetchall()))
    by_id = rows.in_bulk({pk for pair in found for pk in pair})
    return [Pair(by_id[one], by_id[other], _why(by_id[one], by_id[other])) for one, other in found]


def _why(one: Any, other: Any) -> str:
    if isinstance(one, Vehicle):
        return "owner"
    if one.phone != other.phone:
        return "name"
    return "both" if one.name == other.name else "phone"
