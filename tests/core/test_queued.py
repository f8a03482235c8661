"""Queued work: each row is taken by one worker, its attempt counts before the work, the fifth is the last."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import now

from dealer.models import MonthlyReport
from tests.hard.conftest import race


def report(cast, version=1, **more):
    return MonthlyReport.objects.create(store=cast.store, month="2026-03-01", report_version=version, **more)


def test_a_worker_that_dies_uses_up_its_attempt_and_the_fifth_is_the_last(cast):
    one = report(cast)
    for attempt in range(1, 6):
        taken = MonthlyReport.objects.claim()
        assert (taken.pk, taken.attempts) == (one.pk, attempt)
        assert MonthlyReport.objects.claim() is None, "it is held"
        MonthlyReport.objects.update(claimed_until=now() - timedelta(seconds=1))
    other = report(cast, 2)
    assert MonthlyReport.objects.claim().pk == other.pk, "what is dead is out of the others' way"
    assert MonthlyReport.objects.dead().get().pk == one.pk


def test_an_old_claim_neither_finishes_nor_fails_what_somebody_else_has_taken(cast):
    report(cast)
    old = MonthlyReport.objects.claim()
    MonthlyReport.objects.update(claimed_until=now() - timedelta(seconds=1))
    new = MonthlyReport.objects.claim()
    assert not old.finish()
    old.stumble(ValueError("late"))
    new.refresh_from_db()
    assert (new.done_at, new.last_error) == (None, "")
    assert new.finish()
    assert not new.finish()


@pytest.mark.django_db(transaction=True)
def test_eight_workers_take_eight_different_rows(cast):
    for version in range(1, 9):
        report(cast, version)
    taken = race(8, lambda _n: MonthlyReport.objects.claim().pk)
    assert len(set(taken)) == 8


@pytest.mark.django_db(transaction=True)
def test_a_claim_within_another_transaction_is_refused(cast):
    report(cast)
    with pytest.raises(RuntimeError), transaction.atomic():
        MonthlyReport.objects.claim()
