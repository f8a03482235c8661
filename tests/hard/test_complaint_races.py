"""Two managers and more decide at once: one decision, one approval used; and what happens without the lock."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from complaints import actions
from complaints.models import Complaint, Option
from core import actions as core
from core.models import Approval, Entry
from core.rows import Refused
from tests.complaints.conftest import Cases
from tests.hard.conftest import race

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
