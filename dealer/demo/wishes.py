"""What is known of the demo's customers and cars beside their visits: consents, quiet hours, plates and mileages of
before, and a few people who were written down twice."""

from random import Random

from django.db import connection

from core.models import Company
from customers.models import Customer
from customers.shapes import initials_of

# What every car wears and whose it is, since it was written down; its mileage at each of its visits.
_HISTORY = """
INSERT INTO customers_ownerspan (vehicle_id, customer_id, since)
SELECT id, owner_id, (created_at AT TIME ZONE 'Asia/Shanghai')::date FROM customers_vehicle;
INSERT INTO customers_mileagereading (vehicle_id, at, km, source, is_doubtful, remark)
SELECT vehicle_id, arrived_at, mileage, 'reception', false, '' FROM service_visit WHERE mileage IS NOT NULL;
"""
# One car in forty wore another plate before: that of the city it came from.
_PLATES = """
INSERT INTO customers_platespan (vehicle_id, plate, plate_kind, since, until)
SELECT id, '皖A' || substr(plate, 3), plate_kind, (created_at AT TIME ZONE 'Asia/Shanghai')::date,
    (created_at AT TIME ZONE 'Asia/Shanghai')::date + 40
FROM customers_vehicle WHERE plate <> '' AND id % 40 = 0 AND created_at < now() - interval '60 days';
INSERT INTO customers_platespan (vehicle_id, plate, plate_kind, since)
SELECT v.id, v.plate, v.plate_kind, coalesce(p.until, (v.created_at AT TIME ZONE 'Asia/Shanghai')::date)
FROM customers_vehicle v LEFT JOIN customers_platespan p ON p.vehicle_id = v.id WHERE v.plate <> '';
"""
# Members mostly agree to offers, others now and then; who wants no calls has said so; some rest at noon.
_WORDS = """
INSERT INTO customers_contactconsent (customer_id, purpose, channel, is_given, at, via, by_name, remark)
SELECT c.id, 'marketing', w.channel, true, c.created_at + interval '20 minutes', 'counter', '前台', ''
FROM customers_customer c CROSS JOIN (VALUES ('sms', 3), ('wechat', 2)) AS w (channel, one_in)
WHERE (c.level <> '' AND c.id % w.one_in > 0) OR (c.level = '' AND c.id % (5 * w.one_in) = 0);
INSERT INTO customers_contactconsent (customer_id, purpose, channel, is_given, at, via, by_name, remark)
SELECT id, 'service', 'phone', false, created_at + interval '90 days', 'phone', '客服', ''
FROM customers_customer WHERE do_not_call;
UPDATE customers_customer SET quiet_from = '12:00', quiet_until = '14:00' WHERE id % 23 = 0 AND call_from IS NULL;
UPDATE customers_customer SET quiet_from = '21:00', quiet_until = '09:00' WHERE id % 31 = 0 AND quiet_from IS NULL;
"""


def lay_history() -> None:
    """Plates, owners and mileages of all cars, and what their owners agree to."""
    with connection.cursor() as cursor:
        for statements in (_HISTORY, _PLATES, _WORDS):
            cursor.execute(statements)


def write_twice(rng: Random, count: int = 3) -> int:
    """A few people of each company who were written down twice: one digit of the phone or one character differs."""
    twins = []
    for company in Company.objects.order_by("pk"):
        people = Customer.objects.filter(company=company, kind=Customer.Kind.PERSON).order_by("pk")[: 40 * count]
        for one in rng.sample(list(people), count):
            slip = rng.random() < 0.5
            name = one.name if slip else one.name[:-1] or one.name
            digit = str((int(one.phone[-1]) + 1) % 10)
            phone = one.phone[:-1] + digit if slip else one.phone
            twins.append(Customer(company=company, name=name, initials=initials_of(name), phone=phone, city=one.city))
    return len(Customer.objects.bulk_create(twins))
