"""Row 9 of the acceptance table, for escalations: one step kills its process, one hangs; and eight at once."""

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from complaints import actions
from complaints.models import Clock, Complaint, Escalation
from core.models import Notice
from tests.hard.conftest import race

pytestmark = [pytest.mark.hard, pytest.mark.xdist_group("faults"), pytest.mark.django_db(transaction=True)]

HOUR = timedelta(hours=1)
CASES = 20
LIVES = 16  # of a worker: five for each of the two bad ones, the rest in between


def near_due(cast: Any) -> None:
    """Cases of which nine of ten hours are over: the keeper is to be warned of each."""
    start = now() - 9 * HOUR
    for n in range(CASES):
        case = Complaint.objects.create(
            store=cast.store, number=f"P{n}", words="x", received_at=start, received_on=start.date(),
            keeper=cast.care_agent,
        )  # fmt: skip
        times = {"started_at": start, "due_at": start + 10 * HOUR, "first_due_at": start + 10 * HOUR}
        Clock.objects.create(complaint=case, due="received", unit="hours", amount=10, warn_at=start + 8 * HOUR, **times)


def test_eight_workers_at_once_tell_each_step_once(cast: Any) -> None:
    near_due(cast)
    answers = race(8, lambda _n: actions.escalate())
    assert not [one for one in answers if isinstance(one, Exception)]
    assert sum(answers) == CASES
    actions.escalate()
    assert Escalation.objects.filter(done_at__isnull=False, attempts=1).count() == CASES
    assert Notice.objects.filter(code="case_near").count() == CASES


def test_a_step_that_kills_or_hangs_its_worker_is_given_up_and_all_others_are_told_once(
    cast: Any, environment: dict[str, str]
) -> None:
    near_due(cast)
    kills, hangs = Complaint.objects.order_by("pk")[3:5]
    more = {"DJANGO_SETTINGS_MODULE": "dealer.settings", "KILLS": str(kills.pk), "HANGS": str(hangs.pk)}
    lives = 0
    while Escalation.objects.filter(done_at=None, failed_at=None).exists() or not lives:
        lives += 1
        assert lives <= LIVES, "it goes round and round"
        try:
            subprocess.run(
                [sys.executable, "-m", "tests.hard.teller"],
                env=environment | more,
                timeout=8,
                check=False,
                capture_output=True,
            )
        except subprocess.TimeoutExpired:
            pass
        # the claim of a dead worker runs out
        Escalation.objects.filter(done_at=None, failed_at=None).update(claimed_until=now() - HOUR)
    dead = Escalation.objects.dead().order_by("clock__complaint")
    assert [one.clock.complaint_id for one in dead] == [kills.pk, hangs.pk]
    assert {one.attempts for one in dead} == {Escalation.MOST_ATTEMPTS}
    assert Escalation.objects.filter(done_at__isnull=False).count() == CASES - 2
    told = Notice.objects.filter(code="case_near").values_list("params", flat=True)
    assert sorted(one["number"] for one in told) == sorted(
        Complaint.objects.exclude(pk__in=[kills.pk, hangs.pk]).values_list("number", flat=True)
    )
