"""What things cost the store is for those who see both its bills and its dashboard."""

import pytest


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("technician", False),
        ("advisor", False),
        ("parts_clerk", False),
        ("controller", False),
        ("service_manager", True),
        ("finance_manager", True),
        ("monitor", True),
    ],
)
def test_the_cost_of_a_line(chain, program, who, sees):
    order = chain.estimated().orders.get()
    line = order.jobs.get().lines.last()
    for found in (
        program(who).get(f"orders/{order.pk}/").json()["jobs"][0]["lines"][1],
        program(who).get(f"jobs/{line.job_id}/").json()["lines"][1],
        program(who).get(f"lines/{line.pk}/").json(),
    ):
        assert found.get("cost") == ("510.00" if sees else None)
        assert ("cost" in found) == sees


@pytest.mark.parametrize(("who", "sees"), [("cashier", False), ("advisor", False), ("finance_manager", True)])
def test_the_cost_of_a_settlement(chain, program, who, sees):
    chain.settled()
    (row,) = program(who).get("settlements/").json()["results"]
    whole = program(who).get(f"settlements/{row['id']}/").json()
    assert [one.get("cost") for one in (row, whole, *whole["lines"])] == (
        ["600.00", "600.00", "90.00", "510.00"] if sees else [None] * 4
    )


def test_the_cost_is_seen_only_in_the_store_where_the_role_is_held(chain, program, cast):
    from core.models import Posting

    Posting.objects.create(employee=cast.advisor, role="finance_manager", store=cast.sister)
    line = chain.estimated().orders.get().jobs.get().lines.first()
    assert "cost" not in program("advisor").get(f"lines/{line.pk}/").json()


def test_a_drivers_phone_is_masked_for_those_who_do_not_see_customers(chain, program):
    visit = chain.received(driver_name="李师傅", driver_phone="13700001111")
    for who, phone in (("technician", "137 •••• 1111"), ("trainer", "137 •••• 1111"), ("advisor", "13700001111")):
        assert program(who).get(f"visits/{visit.pk}/").json()["driver_phone"] == phone
        assert program(who).get("visits/").json()["results"][0]["driver_phone"] == phone
