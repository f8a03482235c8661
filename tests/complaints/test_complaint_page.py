"""The page of a case: what holds nothing takes no room, every part is one touch away, nothing can be lost by it."""

import re

from complaints import actions
from complaints.models import Complaint
from complaints.views.showing import steps_of


def anchors(page: str) -> list[str]:
    """Where the bar leads to."""
    bar = re.search(r'<nav class="case-jumps.*?</nav>', page, re.S)
    assert bar
    return re.findall(r'href="#([\w-]+)"', bar.group())


def test_an_empty_part_is_a_verb_and_becomes_a_part_with_its_first_line(cast, cases, browser):
    complaint = cases.received()
    client, here = browser("care_manager"), f"/complaints/{complaint.pk}/"
    page = client.get(here).content.decode()
    verbs = ("note-attempt", "promise", "note-outside", "link-case", "end-case", "ask-end", "settle-on-spot")
    assert [verb for verb in verbs if page.count(f'href="{here}{verb}/"') != 1] == []
    for part in ("attempts", "links", "outside", "promises", "closing", "remedies", "carrying", "accountability"):
        assert f'id="{part}"' not in page, part
    actions.note_attempt(complaint, way="phone", outcome="no_answer", by=cast.by("care_agent"))
    page = client.get(here).content.decode()
    assert 'id="attempts"' in page and page.count(f'href="{here}note-attempt/"') == 1 and "attempts" in anchors(page)


def test_the_bar_leads_only_to_what_is_there(cases, browser):
    for complaint in (cases.received(), cases.judged(), cases.judged(holds=False)):
        page = browser("care_manager").get(f"/complaints/{complaint.pk}/").content.decode()
        led = anchors(page)
        assert {"words", "judging", "about", "history"} <= set(led)
        assert [place for place in led if page.count(f'id="{place}"') != 1] == []


def test_whoever_only_looks_is_offered_nothing(cases, browser):
    complaint = cases.received()
    page = browser("monitor").get(f"/complaints/{complaint.pk}/").content.decode()
    assert 'id="more"' not in page and "end-case" not in page and "history" in anchors(page)


def test_an_answer_that_was_not_accepted_goes_the_long_way(cast, cases):
    complaint = cases.judged(holds=False)
    assert len(steps_of(complaint)) == 3
    actions.answer(complaint, text="已核实", channel="phone", by=cast.by("care_agent"))
    complaint.refresh_from_db()
    actions.note_reaction(complaint, reaction="not_accepted", words="不认可", by=cast.by("care_agent"))
    complaint.refresh_from_db()
    steps = steps_of(complaint)
    assert complaint.status == Complaint.Status.INVESTIGATING
    assert [one["state"] for one in steps] == ["done", "now", "todo", "todo", "todo", "todo", "todo"]
