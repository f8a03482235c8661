"""An approval's whole story: asked, told, granted or refused, used once; by deputies too, and nobody their own."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from core import actions
from core.models import Approval, Authority, Delegation, Entry, Notice
from core.rows import Refused, refused_by_database
from service.models import Order
from tests.core.conftest import REFUSE, ask, asked_about, grant, program

A = Approval.Status


@pytest.fixture
def order(chain) -> Order:
    return asked_about(chain)


@pytest.mark.duty("S-11")
@pytest.mark.duty("F-31")
def test_who_may_decide_is_told_and_sees_it(cast, order, client):
    approval = ask(order, cast)
    told = set(Notice.objects.filter(code="approval_asked").values_list("employee__username", flat=True))
    assert told == {"service_manager", "finance_manager", "general_manager"}
    for role, sees in (("service_manager", True), ("finance_manager", True), ("advisor", False), ("cashier", False)):
        mine = Approval.objects.to_decide_by(cast.people[role].pk)
        assert list(mine) == ([approval] if sees else []), role
    client.force_login(cast.service_manager)
    page = client.get("/approvals/").content.decode()
    assert approval.get_absolute_url() in page and "12.0%" in page
    page = client.get(approval.get_absolute_url()).content.decode()
    assert 'name="granted" value="yes"' in page and "老客户" in page and "¥ 1,368.00" in page


@pytest.mark.duty("S-26")
def test_deciding_in_the_browser_tells_the_asker_with_the_link(cast, order, client):
    approval = ask(order, cast)
    client.force_login(cast.service_manager)
    address = f"/approvals/{approval.pk}/decide/"
    answer = client.post(address, {"granted": "no", "reason": "", "form_token": "a"})
    assert answer.status_code == 422 and "Please say why you refuse" in answer.content.decode()
    assert client.post(address, {"reason": "x", "form_token": "b"}).status_code == 422
    assert client.post(address, {"granted": "yes", "reason": "可以", "form_token": "c"}).status_code == 302
    approval.refresh_from_db()
    assert (approval.status, approval.decided_by, approval.in_name_of) == (A.GRANTED, cast.service_manager, None)
    notice = Notice.objects.get(code="approval_granted")
    assert (notice.employee, notice.address) == (cast.advisor, order.get_absolute_url())
    assert Entry.objects.filter(verb="approval.granted", by_id=cast.service_manager.pk).count() == 1
    assert not Notice.objects.filter(code="approval_asked").unread().exists(), "the others need not look any more"
    again = client.post(address, {"granted": "yes", "reason": "", "form_token": "d"})
    assert again.status_code == 422 and "This step is not possible now" in again.content.decode()


def test_refusing_through_rest_needs_a_reason(cast, order):
    approval = ask(order, cast)
    boss = program(cast.general_manager)
    address = f"/api/v1/approvals/{approval.pk}/decide/"
    answer = boss.post(address, {"granted": False, "reason": ""}, "application/json")
    assert answer.status_code == 400 and "reason" in answer.json()["fields"]
    answer = boss.post(address, {"granted": False, "reason": "毛利太低"}, "application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == A.REFUSED and answer.json()["may_decide"] is False
    assert Notice.objects.get(code="approval_refused").params["reason"] == "毛利太低"
    assert boss.post(address, {"granted": True, "reason": ""}, "application/json").status_code == 409


def test_the_amount_decides_who_decides(cast, order):
    approval = ask(order, cast, amount=Decimal("18"))
    assert not Approval.objects.to_decide_by(cast.service_manager.pk).exists()
    with pytest.raises(PermissionDenied):
        actions.decide(approval, granted=True, reason="", by=cast.by("service_manager"))
    with pytest.raises(PermissionDenied):
        actions.decide(approval, granted=False, reason="nein", by=cast.by("service_manager"))
    assert actions.decide(approval, granted=True, reason="", by=cast.by("finance_manager")).status == A.GRANTED


def test_a_role_that_does_not_decide_decides_nothing_within_its_own_limit_either(cast, order):
    approval = ask(order, cast, amount=Decimal("3"), by="service_manager")
    assert not Approval.objects.to_decide_by(cast.advisor.pk).exists()
    with pytest.raises(PermissionDenied):
        actions.decide(approval, granted=True, reason="", by=cast.by("advisor"))


def test_a_limit_of_nothing_reaches_nothing_at_the_gate_either(cast, order):
    approval = ask(order, cast, matter="gate", amount=Decimal(0))
    assert not Approval.objects.to_decide_by(cast.service_manager.pk).exists()
    assert Approval.objects.to_decide_by(cast.finance_manager.pk).get() == approval
    assert actions.decide(approval, granted=True, reason="", by=cast.by("finance_manager")).status == A.GRANTED


def test_nobody_decides_their_own(cast, order):
    approval = ask(order, cast, by="general_manager")
    assert not Approval.objects.to_decide_by(cast.general_manager.pk).exists()
    with pytest.raises(Refused) as refused:
        actions.decide(approval, granted=True, reason="", by=cast.by("general_manager"))
    assert refused.value.code == "own"
    with pytest.raises(IntegrityError) as no, transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(decided_by=cast.general_manager)
    assert refused_by_database(no.value)[1] == "Nobody approves their own."


def deputise(cast: Any, **more: Any) -> Delegation:
    given = {
        "store": cast.store,
        "principal": cast.service_manager,
        "deputy": cast.controller,
        "starts_on": localdate(),
        "ends_on": localdate() + timedelta(days=3),
    } | more
    return Delegation.objects.create(**given)


@pytest.mark.duty("S-26")
def test_a_deputy_decides_in_the_others_name(cast, order, client):
    deputise(cast)
    approval = ask(order, cast)
    assert Notice.objects.filter(code="approval_asked", employee=cast.controller).exists()
    client.force_login(cast.controller)
    assert 'name="granted" value="yes"' in client.get(approval.get_absolute_url()).content.decode()
    answer = client.post(f"/approvals/{approval.pk}/decide/", {"granted": "yes", "reason": "", "form_token": "a"})
    assert answer.status_code == 302
    approval.refresh_from_db()
    assert (approval.decided_by, approval.in_name_of) == (cast.controller, cast.service_manager)
    assert "SERVICE_MANAGER" in client.get(approval.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"starts_on": localdate() + timedelta(days=1)}, "not yet"),
        ({"starts_on": localdate() - timedelta(days=5), "ends_on": localdate() - timedelta(days=1)}, "no longer"),
        ({"matter": "credit"}, "another matter"),
        ({"limit": Decimal(10)}, "beyond the deputy's limit"),
        ({"store": "sister"}, "another store"),
        ({"principal": "parts_clerk"}, "of somebody who decides nothing"),
        ({"principal": "advisor"}, "of the one who asked"),
        ({"deputy": "advisor"}, "the one who asked is the deputy"),
    ],
)
def test_a_deputyship_reaches_no_further_than_it_says(cast, order, given, why):
    given = {k: (getattr(cast, v) if isinstance(v, str) and k != "matter" else v) for k, v in given.items()}
    made = deputise(cast, **given)
    approval = ask(order, cast)
    who = next(name for name, person in cast.people.items() if person == made.deputy)
    assert not Approval.objects.to_decide_by(made.deputy.pk).exists(), why
    with pytest.raises((PermissionDenied, Refused)):
        actions.decide(approval, granted=True, reason="", by=cast.by(who))


def test_a_deputy_does_not_decide_what_the_other_asked_for(cast, order):
    deputise(cast)
    approval = ask(order, cast, amount=Decimal(12), by="service_manager")
    assert not Approval.objects.to_decide_by(cast.controller.pk).exists()
    with pytest.raises(PermissionDenied):
        actions.decide(approval, granted=True, reason="", by=cast.by("controller"))


def test_a_deputyship_ends_with_the_others_account_and_role(cast, order):
    deputise(cast)
    approval = ask(order, cast)
    mine = Approval.objects.to_decide_by(cast.controller.pk)
    assert mine.exists()
    actions.deactivate_employee(cast.service_manager, by=cast.by("general_manager"))
    assert not mine.exists()
    actions.reactivate_employee(cast.service_manager, by=cast.by("general_manager"))
    assert mine.exists()
    cast.service_manager.postings.update(is_active=False)
    assert not mine.exists()
    with pytest.raises(PermissionDenied):
        actions.decide(approval, granted=True, reason="", by=cast.by("controller"))


def test_it_is_used_once_and_only_for_what_was_looked_at(cast, order):
    approval = grant(order, cast)
    by = cast.by("advisor")
    use = {"verb": "finance.discount", "matter": "discount", "amount": Decimal(12), "by": by}
    assert actions.use_approval(order, **(use | {"verb": "finance.write_off"})) is None
    assert actions.use_approval(order, **(use | {"matter": "rounding"})) is None
    assert actions.use_approval(order, **(use | {"amount": Decimal("12.01")})) is None
    assert actions.use_approval(order, **(use | {"amount": Decimal(11)})) == approval
    approval.refresh_from_db()
    assert approval.status == A.USED and approval.used_at
    assert actions.use_approval(order, **use) is None
    assert Entry.objects.filter(verb="approval.used").count() == 1


def test_a_changed_document_needs_another_approval(cast, order, client):
    approval = grant(order, cast)
    Order.objects.filter(pk=order.pk).update(version=order.version + 1)
    order.refresh_from_db()
    use = {"verb": "finance.discount", "matter": "discount", "amount": Decimal(12), "by": cast.by("advisor")}
    assert actions.use_approval(order, **use) is None
    client.force_login(cast.advisor)
    assert "ask again" in client.get(approval.get_absolute_url()).content.decode()
    assert "The document has changed" in client.get("/approvals/?tab=asked").content.decode()
    again = ask(order, cast)
    approval.refresh_from_db()
    assert (approval.status, again.object_version) == (A.WITHDRAWN, order.version)


def test_what_is_outdated_can_be_refused_but_not_granted(cast, order):
    approval = ask(order, cast)
    Order.objects.filter(pk=order.pk).update(version=order.version + 1)
    with pytest.raises(Refused) as refused:
        actions.decide(approval, granted=True, reason="", by=cast.by("service_manager"))
    assert refused.value.code == "outdated"
    row = program(cast.service_manager).get(f"/api/v1/approvals/{approval.pk}/").json()
    assert row["is_outdated"] is True
    assert actions.decide(approval, granted=False, reason="过期", by=cast.by("service_manager")).status == A.REFUSED


def test_what_waits_is_not_asked_twice(cast, order):
    ask(order, cast)
    with pytest.raises(Refused) as refused:
        ask(order, cast)
    assert refused.value.code == "asked"
    assert Approval.objects.count() == 1


def test_only_the_asker_withdraws(cast, order, client):
    approval = ask(order, cast)
    client.force_login(cast.service_manager)
    assert client.post(f"/approvals/{approval.pk}/withdraw/", {"form_token": "a"}).status_code == 403
    client.force_login(cast.advisor)
    assert "Withdraw" in client.get(approval.get_absolute_url()).content.decode()
    assert client.post(f"/approvals/{approval.pk}/withdraw/", {"form_token": "b"}).status_code == 302
    approval.refresh_from_db()
    assert approval.status == A.WITHDRAWN
    assert Notice.objects.filter(code="approval_withdrawn").count() == 3
    assert client.post(f"/approvals/{approval.pk}/withdraw/", {"form_token": "c"}).status_code == 409
    use = {"verb": "finance.discount", "matter": "discount", "amount": Decimal(1), "by": cast.by("advisor")}
    assert actions.use_approval(order, **use) is None


def test_what_was_granted_can_be_given_back_through_rest(cast, order):
    approval = grant(order, cast)
    answer = program(cast.advisor).post(f"/api/v1/approvals/{approval.pk}/withdraw/", {}, "application/json")
    assert answer.status_code == 200 and answer.json()["status"] == A.WITHDRAWN


def test_a_stranger_finds_nothing(cast, order, client):
    approval = ask(order, cast)
    client.force_login(cast.stranger)
    assert client.get(approval.get_absolute_url()).status_code == 404
    assert client.post(f"/approvals/{approval.pk}/decide/", REFUSE).status_code == 404
    assert str(approval.pk) not in str(program(cast.stranger).get("/api/v1/approvals/").json()["results"])
    client.force_login(cast.cashier)
    assert client.get(approval.get_absolute_url()).status_code == 404, "a colleague who neither asked nor decides"


def test_costs_are_told_only_to_who_may_see_them(cast, order, client):
    approval = ask(order, cast)
    client.force_login(cast.advisor)
    page = client.get(approval.get_absolute_url()).content.decode()
    assert "¥ 1,368.00" in page and "¥ 510.00" not in page
    facts = program(cast.advisor).get(f"/api/v1/approvals/{approval.pk}/").json()["facts"]
    assert [one["code"] for one in facts] == ["customer", "total"]
    client.force_login(cast.service_manager)
    assert "¥ 510.00" in client.get(approval.get_absolute_url()).content.decode()


def test_the_badge_counts_what_waits_and_the_home_page_begins_with_it(cast, order, client):
    approval = ask(order, cast)
    client.force_login(cast.service_manager)
    page = client.get("/").content.decode()
    assert page.index(approval.get_absolute_url()) > 0
    assert '<span class="app-count">1</span>' in client.get("/visits/").content.decode()
    grant_by = cast.by("general_manager")
    actions.decide(approval, granted=True, reason="", by=grant_by)
    assert client.get("/").status_code == 302


def test_the_inbox_asks_as_often_for_twelve_as_for_two(cast, chain, client, order):
    from customers.models import Vehicle
    from tests.conftest import Chain

    def more(count: int) -> None:
        for _n in range(count):
            n = Vehicle.objects.count()
            car = Vehicle.objects.create(company=cast.store.company, plate=f"沪B{n:05d}", plate_kind="ordinary")
            ask(asked_about(Chain(cast, car)), cast)

    def queries(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    client.force_login(cast.service_manager)
    more(2)
    few = {path: queries(path) for path in ("/approvals/?tab=decide", "/approvals/?tab=all")}
    more(10)
    assert {path: queries(path) for path in few} == few


def test_authorities_are_read_by_company(cast, order):
    Authority.objects.filter(company=cast.foreign.company).update(limit=None)
    assert actions.authority(cast.by("advisor"), "discount", cast.store) == 5
    assert actions.authority(cast.by("advisor"), "discount", cast.foreign) == 0
    assert actions.authority(cast.group_manager, "credit", cast.foreign) is None
