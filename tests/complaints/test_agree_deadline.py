"""The customer gives the house time (K-09): until when, how it was agreed, and a clock that runs for it."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime, now

from complaints import actions
from complaints.models import Due
from core.rows import Refused


@pytest.mark.duty("K-09")
def test_a_time_is_agreed_and_its_clock_runs(cast, cases, browser):
    complaint = cases.judged()
    until = (now() + timedelta(days=2)).replace(second=0, microsecond=0)
    client = browser("care_agent")
    assert "agree-deadline" in client.get(f"/complaints/{complaint.pk}/").content.decode()
    sent = {"until": localtime(until).strftime("%Y-%m-%dT%H:%M"), "words": "电话征得赵女士同意"}
    assert client.post(f"/complaints/{complaint.pk}/agree-deadline/", sent).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.agreed_until, complaint.agreed_words) == (until, "电话征得赵女士同意")
    assert complaint.clocks.get(due=Due.AGREED).due_at == until
    assert "电话征得赵女士同意" in client.get(f"/complaints/{complaint.pk}/").content.decode()
    later = until + timedelta(days=1)
    actions.agree_deadline(complaint, until=later, words="再宽限一天", by=cast.by("care_agent"))
    clock = complaint.clocks.get(due=Due.AGREED)
    assert (clock.due_at, clock.first_due_at) == (later, until)


def test_only_of_what_holds_and_not_in_the_past(cast, cases, program):
    complaint, neighbour = cases.received(), cases.neighbour()
    body = {"until": (now() + timedelta(days=1)).isoformat(timespec="seconds"), "words": "电话"}
    address = f"complaints/{complaint.pk}/agree-deadline/"
    assert program("care_agent")(address, body).status_code == 409
    cases.judged(complaint)
    past = body | {"until": (now() - timedelta(hours=1)).isoformat(timespec="seconds")}
    told = program("care_agent")(address, past)
    assert told.status_code == 400 and "until" in told.json()["fields"]
    assert program("care_agent")(address, body).status_code == 200
    assert program(neighbour)(address, body).status_code == 404
    assert program("technician")(address, body).status_code == 403
    with pytest.raises(Refused):
        actions.agree_deadline(complaint, until=now(), words="x", by=cast.by("care_agent"))
