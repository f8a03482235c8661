"""Many at once: one decision, one approval used, what a customer sends is there once; without the lock it is not."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.timezone import now

from complaints import actions
from complaints.models import Complaint, Option
from complaints.models.pages import page_token
from core import actions as core
from core.models import Approval, Attachment, Entry, Notice
from core.rows import Refused
from tests.complaints.conftest import Cases
from tests.hard.conftest import race
from tests.hard.pages import picture

# faults and races one after the other on one worker, so that they disturb only themselves
pytestmark = [pytest.mark.hard, pytest.mark.xdist_group("faults"), pytest.mark.django_db(transaction=True)]

THREADS = 8


@pytest.fixture
def rules(cast):
    """Kinds and targets are data of a migration, which a flushed database has not: options need none of them."""
    return Cases(cast)


def won(answers):
    lost = [one for one in answers if isinstance(one, Exception)]
    assert all(isinstance(one, Refused) for one in lost), lost
    return len(answers) - len(lost)


def seen(cast, case):
    for one in case.options.standing():
        actions.stamp(one, by=cast.by("care_manager"))
    return list(case.options.standing().values_list("pk", flat=True))


def decide(pk, by):
    told = {"instruction": "两天内完成", "due": now() + timedelta(days=2)}
    return actions.decide_option(Option.objects.select_related("complaint__store").get(pk=pk), **told, by=by)


def test_one_decision_stands(cast, rules):
    case = rules.proposed()
    options = seen(cast, case)
    managers = [cast.by("care_manager"), cast.by("general_manager")]
    assert won(race(THREADS, lambda n: decide(options[n % 2], managers[n % 2]))) == 1
    case = Complaint.objects.get(pk=case.pk)
    chosen = case.options.get(is_chosen=True)
    assert case.status == "carrying_out" and case.cost == chosen.cost
    assert Entry.objects.filter(verb="complaint.decided").count() == 1


def test_control_reading_without_the_lock_decides_eight_times(cast, rules):
    case = rules.proposed()
    options, looked = seen(cast, case), threading.Barrier(THREADS, timeout=20)

    def naive(n):
        mine = Complaint.objects.get(pk=case.pk)
        assert mine.status == "deciding"
        looked.wait()
        Complaint.objects.filter(pk=case.pk).update(status="carrying_out", cost=Decimal(n))
        return options[n % 2]

    assert len(set(race(THREADS, naive))) == 2, "both options were decided for"


def test_one_approval_is_used_once(cast, rules):
    case = rules.proposed(options=({"words": "退还费用", "cost": Decimal(4000)}, {"words": "重修"}))
    first = seen(cast, case)[0]
    option = Option.objects.select_related("complaint__store").get(pk=first)
    approval = actions.ask_option(option, reason="多次维修", by=cast.by("care_manager"))
    core.decide(approval, granted=True, reason="同意", by=cast.by("general_manager"))
    assert won(race(THREADS, lambda _n: decide(first, cast.by("care_manager")))) == 1
    assert Approval.objects.get().status == Approval.Status.USED


def test_the_customer_accepts_once_by_link_and_at_the_desk(cast, rules):
    from core.uploads import clean_signature
    from tests.complaints.conftest import drawn

    case, picture = rules.decided(), clean_signature(drawn())
    by = [case.follower(), cast.by("care_agent")]

    def accept(n):
        return actions.accept(Complaint.objects.get(pk=case.pk), name="赵敏", signature=picture, by=by[n % 2])

    assert won(race(THREADS, accept)) == 1
    assert Entry.objects.filter(verb="complaint.accepted").count() == 1


def tapped(path, told):
    """The same form of a page without an account, sent so often at once."""
    sent = [dict(told, photos=picture()) for _n in range(THREADS)]
    answers = race(THREADS, lambda n: Client().post(path, sent[n]))
    assert [one.status_code for one in answers] == [302] * THREADS, answers[0].content[:400]
    return {one["Location"] for one in answers}


def test_what_a_customer_tells_the_store_is_one_case(cast):
    told = {"nature": "complaint", "words": "空调修了两次还是不凉", "name": "赵敏", "may_call": "no"}
    places = tapped(f"/complain/{page_token(cast.store)}/", told)
    case = Complaint.objects.get()
    assert places == {f"/k/{case.token}/receipt/"} and Attachment.objects.of(case).count() == 1


def test_what_a_customer_adds_by_the_link_is_said_once(cast, rules):
    case = rules.received()
    assert tapped(f"/k/{case.token}/", {"step": "add", "text": "今天又不凉了"}) == {f"/k/{case.token}/?sent=words"}
    assert case.said.filter(is_customer=True).count() == 1 and Attachment.objects.of(case).count() == 1
    assert Notice.objects.filter(code="case_customer_said").count() == 1
    assert Entry.objects.filter(verb="complaint.added_by_link").count() == 1
