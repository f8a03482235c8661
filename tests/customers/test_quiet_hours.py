"""Hours in which not to disturb: calls are planned around them, also over midnight, and may not be made in them."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.rows import Refused
from customers import actions
from customers.forms import EditCustomerForm
from customers.models import Call, Customer
from tests.conftest import at
from tests.customers.conftest import TUESDAY

NEXT = TUESDAY + timedelta(days=1)


def hours(call):
    zone = ZoneInfo("Asia/Shanghai")
    return [moment.astimezone(zone).strftime("%d %H:%M") for moment in (call.not_before, call.not_after)]


# the store calls 9:00 to 12:00 and 13:30 to 18:00
@pytest.mark.parametrize(
    ("wishes", "planned"),
    [
        ({"quiet": ("12:00", "14:30")}, ["11 09:00", "11 12:00"]),
        ({"quiet": ("21:00", "10:00")}, ["11 10:00", "11 12:00"]),
        ({"quiet": ("08:00", "15:00")}, ["11 15:00", "11 18:00"]),
        ({"quiet": ("10:00", "11:00")}, ["11 09:00", "11 10:00"]),
        ({"quiet": ("00:00", "09:30")}, ["11 09:30", "11 12:00"]),
        ({"quiet": ("17:00", "00:00"), "call": ("16:00", "20:00")}, ["11 16:00", "11 17:00"]),
        ({"quiet": ("16:30", "17:00"), "call": ("16:30", "20:00")}, ["11 17:00", "11 18:00"]),
    ],
)
def test_a_call_is_planned_around_the_quiet_hours(care, wishes, planned):
    for name, (begin, end) in wishes.items():
        setattr(care.customer, f"{name}_from", begin)
        setattr(care.customer, f"{name}_until", end)
    care.customer.save()
    assert hours(care.planned()) == planned


def test_who_is_never_free_cannot_be_planned(care):
    care.customer.quiet_from, care.customer.quiet_until = "08:00", "19:00"
    care.customer.save()
    care.note()
    assert care.plan() == 0
    assert not Call.objects.exists()


def test_new_hours_move_the_open_call(care):
    call = care.assigned()
    assert hours(call) == ["11 09:00", "11 12:00"]
    known = EditCustomerForm.known(care.customer) | {"keeper": None}
    quiet = {"quiet_from": time(8), "quiet_until": time(14)}
    actions.edit_customer(care.customer, **known | quiet, by=care.cast.by("care_agent"))
    call.refresh_from_db()
    zone = ZoneInfo("Asia/Shanghai")
    starts, ends = (moment.astimezone(zone).time() for moment in (call.not_before, call.not_after))
    assert time(14) <= starts < ends == time(18), "the hours of that day are those left beside the quiet ones"


def test_a_call_in_quiet_hours_is_refused_and_an_agreed_one_is_not(care):
    call = care.assigned()
    Customer.objects.update(quiet_from="10:00", quiet_until="11:00")
    call.refresh_from_db()
    by = care.cast.by("care_agent")
    with pytest.raises(Refused):
        actions.call(call, outcome="no_answer", by=by, moment=at(NEXT, 10, 45))
    assert actions.call(call, outcome="no_answer", by=by, moment=at(NEXT, 10, 10)), "it began before them"
    agreed = actions.agree_time(call, agreed_at=at(NEXT, 10, 40), by=by, moment=at(NEXT, 10, 11))
    assert actions.call(agreed, outcome="reached", answer="satisfied", by=by, moment=at(NEXT, 10, 45))


@pytest.mark.parametrize(
    ("begin", "end", "moment", "after"),
    [
        ("21:00", "08:00", "10 23:30", "11 08:00"),
        ("21:00", "08:00", "11 07:59", "11 08:00"),
        ("21:00", "08:00", "11 08:00", "11 08:00"),
        ("12:00", "14:00", "10 12:00", "10 14:00"),
        ("12:00", "14:00", "10 11:59", "10 11:59"),
        ("22:00", "00:00", "10 22:00", "11 00:00"),
    ],
)
def test_the_end_of_quiet_hours(begin, end, moment, after):
    zone = ZoneInfo("Asia/Shanghai")
    customer = Customer(quiet_from=time.fromisoformat(begin), quiet_until=time.fromisoformat(end))
    asked = datetime.strptime(f"2026-03-{moment}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    assert customer.after_quiet(asked, "Asia/Shanghai").strftime("%d %H:%M") == after


def test_half_of_the_quiet_hours_is_refused_and_what_was_typed_stays(cast, car, client):
    client.force_login(cast.advisor)
    sent = {
        "kind": "person",
        "name": "刘建国",
        "phone": "13800006621",
        "quiet_from": "21:00",
        "email": "liu@example.com",
    }
    path = f"/customers/{car.owner.pk}/edit/"
    answer = client.post(path, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#id_quiet_until"' in page and "liu@example.com" in page and "21:00" in page
    assert client.post(path, sent | {"quiet_until": "08:00", "tax_number": "9131 0000 TEST 0000 01"}).status_code == 302
    customer = Customer.objects.get(pk=car.owner.pk)
    assert (customer.quiet_until, customer.email, customer.tax_number, customer.language) == (
        time(8), "liu@example.com", "91310000TEST000001", "zh-hans",
    )  # fmt: skip
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    for piece in ("21:00–08:00", "liu@example.com", "91310000TEST000001"):
        assert piece in page
    assert client.post(path, sent | {"quiet_until": "08:00", "tax_number": "123"}).status_code == 422
