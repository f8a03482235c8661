"""Eight at once: a granted approval is used once, decided once, asked for once; and what happens without the lock."""

import threading
from decimal import Decimal

import pytest
from django.db.utils import IntegrityError

from core import actions
from core.models import Approval, Entry
from core.rows import Refused
from service.models import Order
from tests.core.conftest import ask, asked_about, grant
from tests.hard.conftest import race

pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]

THREADS = 8
USE = {"verb": "finance.discount", "matter": "discount", "amount": Decimal(12)}


@pytest.mark.duty("S-11")
def test_one_of_eight_uses_it(cast, chain):
    order, by = asked_about(chain), cast.by("advisor")
    grant(order, cast)
    answers = race(THREADS, lambda _n: actions.use_approval(Order.objects.get(pk=order.pk), **USE, by=by))
    assert sum(isinstance(one, Approval) for one in answers) == 1, answers
    assert answers.count(None) == THREADS - 1
    assert Entry.objects.filter(verb="approval.used").count() == 1


def test_two_granted_are_used_by_two_of_eight(cast, chain):
    order, by = asked_about(chain), cast.by("advisor")
    grant(order, cast)
    grant(order, cast, amount=Decimal(14))
    answers = race(THREADS, lambda _n: actions.use_approval(Order.objects.get(pk=order.pk), **USE, by=by))
    won = [one for one in answers if isinstance(one, Approval)]
    assert sorted(one.amount for one in won) == [12, 14], answers


def test_control_reading_without_the_lock_uses_it_eight_times(cast, chain):
    order = asked_about(chain)
    pk = grant(order, cast).pk
    looked = threading.Barrier(THREADS, timeout=20)

    def naive(_n):
        found = Approval.objects.filter(pk=pk, status="granted").first()
        looked.wait()
        if found:
            Approval.objects.filter(pk=pk).update(status="used")
        return found is not None

    assert race(THREADS, naive) == [True] * THREADS


def test_one_of_eight_decisions_counts(cast, chain):
    approval = ask(asked_about(chain), cast)
    people = [cast.by(role) for role in ("service_manager", "finance_manager", "general_manager", "group_manager")]

    def decide(n):
        mine = Approval.objects.get(pk=approval.pk)
        return actions.decide(mine, granted=n % 2 == 0, reason="so", by=people[n % 4])

    answers = race(THREADS, decide)
    assert sum(isinstance(one, Approval) for one in answers) == 1, answers
    assert all(isinstance(one, Refused) for one in answers if not isinstance(one, Approval))
    assert Entry.objects.filter(verb__in=["approval.granted", "approval.refused"]).count() == 1


def test_one_of_eight_asks(cast, chain):
    order = asked_about(chain)
    answers = race(THREADS, lambda _n: ask(Order.objects.get(pk=order.pk), cast))
    assert sum(isinstance(one, Approval) for one in answers) == 1, answers
    assert all(isinstance(one, Refused | IntegrityError) for one in answers if not isinstance(one, Approval)), answers
    assert Approval.objects.count() == 1
