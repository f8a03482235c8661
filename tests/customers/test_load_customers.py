"""An old system's customers come in: what is known of them, and what the store has learned since."""

import pytest
from django.core.exceptions import PermissionDenied

from core.imports import Load
from customers import actions
from customers.models import ContactConsent, Customer
from tests.dealer.test_load import load, write


@pytest.fixture
def into(cast, tmp_path):
    """Loads a text as customers of HD01."""

    def customers(text: str) -> str:
        path = write(tmp_path / "a.csv", text)
        return load("customers", path, "--store", "HD01", "--source", "old")[-1]

    return customers


def test_an_incomplete_customer_is_better_than_none(into):
    into(
        "客户编号,姓名,手机,会员等级,客户类型,城市,免打扰\nC1,,,金卡,单位,上海,是\nC2,王建国,,,,,\nC3,李娜,021-62345678,,,,否\n"
    )
    one, two, three = Customer.objects.order_by("source_id")
    assert (one.is_incomplete, one.level, one.kind, one.city, one.do_not_call) == (True, "gold", "firm", "上海", True)
    assert (two.is_incomplete, two.kind, two.level, two.initials) == (True, "person", "", "wjg")
    assert list(ContactConsent.objects.values_list("customer", "is_given", "via")) == [(one.pk, False, "load")]
    assert (three.is_incomplete, three.phone, three.do_not_call) == (False, "02162345678", False)


@pytest.mark.parametrize(
    ("text", "phone", "remark"),
    [
        ("+86 138-0000-1111", "13800001111", ""),
        ("13800001111/13900002222", "13800001111", "13900002222"),
        ("13800001111、 021-62345678", "13800001111", "02162345678"),
        ("400-800-1234", "4008001234", ""),
        ("１３８００００１１１１", "13800001111", ""),
        ("13800001111.0", "13800001111", ""),
    ],
)
def test_phones_as_people_write_them(into, text, phone, remark):
    assert into(f"客户编号,姓名,电话\nC1,王,{text}\n").startswith("created 1")
    found = Customer.objects.get()
    assert (found.phone, found.remark) == (phone, remark)
    assert into(f"客户编号,姓名,电话\nC1,王,{text}\n").startswith("created 0, updated 0, unchanged 1")


def test_an_empty_cell_erases_nothing_and_a_said_one_does(into):
    into("客户编号,姓名,手机,会员等级\nC1,王,13800001111,金卡\n")
    assert into("客户编号,姓名,手机,会员等级\nC1,,,\n") == "created 0, updated 0, unchanged 1, rejected 0"
    assert into("客户编号,姓名,手机,会员等级\nC1,,,无\n") == "created 0, updated 1, unchanged 0, rejected 0"
    found = Customer.objects.get()
    assert (found.name, found.phone, found.level) == ("王", "13800001111", "")


def test_what_the_store_has_typed_since_stays(into, cast):
    text = "客户编号,姓名,手机\nC1,,13800001111\n"
    into(text)
    customer = Customer.objects.get()
    values = {name: getattr(customer, name) for name in ("kind", "level", "call_from", "call_until", "do_not_call")}
    values |= {"keeper": None, "city": "", "remark": "", "name": "王建国", "phone": "13900009999"}
    actions.edit_customer(customer, by=cast.by("advisor"), **values)
    # the same old file again, and a newer one: what was typed here stays, what was empty here is filled
    assert into(text) == "created 0, updated 0, unchanged 1, rejected 0"
    assert (
        into("客户编号,姓名,手机,城市\nC1,王某,13700007777,苏州\n") == "created 0, updated 1, unchanged 0, rejected 0"
    )
    customer.refresh_from_db()
    assert (customer.name, customer.phone, customer.city) == ("王建国", "13900009999", "苏州")
    assert customer.is_incomplete is False


def test_only_the_console_loads(cast, tmp_path):
    given = Load(path=tmp_path, by=cast.by("service_manager"), store=cast.store, source="old")
    for action in (actions.load_customers, actions.load_vehicles):
        with pytest.raises(PermissionDenied):
            action(given, [], by=cast.by("service_manager"))
