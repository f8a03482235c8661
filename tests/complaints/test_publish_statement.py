"""What the house says in public: drafted, approved by whoever may, published once and never without approval."""

import pytest
from django.core.exceptions import PermissionDenied

from complaints import actions
from complaints.models import Clock, OutsideCase
from core import actions as core
from core.models import Approval, Authority, Entry, Matter
from core.rows import Refused

URL = "https://weibo.com/hongda/status/1"


@pytest.fixture
def press(cases, cast):
    """A complaint that stands on a platform."""
    given = {"body": "weibo", "url": "https://weibo.com/u/1"}
    return actions.note_outside(cases.received(), **given, by=cast.by("care_manager"))


def draft(press, cast, who="service_manager", text="我们已联系车主并安排复检，结果将在三天内公布。"):
    return actions.draft_statement(press, statement=text, by=cast.by(who))


@pytest.mark.duty("C-44")
def test_nothing_is_published_that_nobody_approved(press, cast):
    for name in ("service_manager", "care_manager"):
        with pytest.raises(Refused):
            actions.publish_statement(press, published_url=URL, by=cast.by(name))
    draft(press, cast)
    with pytest.raises(Refused) as refused:
        actions.publish_statement(press, published_url=URL, by=cast.by("general_manager"))
    assert refused.value.code == "needs_approval"
    press.refresh_from_db()
    assert press.statement_state == "draft" and press.published_at is None


def test_who_may_decide_approves_it_alone(press, cast):
    draft(press, cast, "care_manager")
    by = cast.by("care_manager")
    actions.approve_statement(press, by=by)
    with pytest.raises(Refused):
        actions.approve_statement(press, by=by)
    done = actions.publish_statement(press, published_url=URL, by=by)
    assert (done.statement_state, done.published_url) == ("published", URL) and done.published_at
    assert not Clock.objects.filter(outside=press, ended_at=None).exists()  # press_answer was met
    assert not Approval.objects.exists()
    for step, more in (
        (actions.draft_statement, {"statement": "x"}),
        (actions.publish_statement, {"published_url": URL}),
    ):
        with pytest.raises(Refused):
            step(press, **more, by=by)


def test_who_may_not_asks_and_the_grant_is_used_once(press, cast):
    draft(press, cast)
    by = cast.by("service_manager")
    assert actions.approve_statement(press, reason="网友很多", by=by).statement_state == "asked"
    with pytest.raises(Refused):
        actions.approve_statement(press, by=by)  # twice
    with pytest.raises(Refused):
        actions.publish_statement(press, published_url=URL, by=by)  # not decided yet
    approval = Approval.objects.get()
    assert approval.matter == Matter.STATEMENT
    core.decide(approval, granted=True, reason="", by=cast.by("care_manager"))
    assert actions.publish_statement(press, published_url=URL, by=by).statement_state == "published"
    approval.refresh_from_db()
    assert approval.status == Approval.Status.USED
    assert Entry.objects.filter(verb="outside.published").count() == 1


def test_other_words_need_another_approval(press, cast):
    draft(press, cast)
    by = cast.by("service_manager")
    actions.approve_statement(press, by=by)
    core.decide(Approval.objects.get(), granted=True, reason="", by=cast.by("care_manager"))
    draft(press, cast, text="其实都是顾客的错")
    with pytest.raises(Refused):
        actions.publish_statement(press, published_url=URL, by=by)
    actions.approve_statement(press, by=by)
    refused = Approval.objects.open().get()
    core.decide(refused, granted=False, reason="不要指责顾客", by=cast.by("care_manager"))
    with pytest.raises(Refused):
        actions.publish_statement(press, published_url=URL, by=by)
    draft(press, cast)
    actions.approve_statement(press, by=cast.by("general_manager"))
    assert actions.publish_statement(press, published_url=URL, by=by).statement_state == "published"


def test_a_limit_of_nothing_is_no_authority(press, cast):
    Authority.objects.filter(role="care_manager", matter=Matter.STATEMENT).update(limit=0)
    draft(press, cast, "care_manager")
    assert actions.approve_statement(press, by=cast.by("care_manager")).statement_state == "asked"


def test_a_statement_is_for_what_is_public(cases, cast):
    oem = actions.note_outside(cases.received(), body="oem", number="1", by=cast.by("care_manager"))
    with pytest.raises(Refused):
        draft(oem, cast)
    with pytest.raises(PermissionDenied):
        draft(oem, cast, "care_agent")


def test_browser_and_rest(press, cast, browser, program):
    client, ask = browser("service_manager"), program("care_manager")
    at = f"/outside/{press.pk}"
    words = "<img src=x onerror=alert(1)> 我们正在核实"
    rude = client.post(f"{at}/draft-statement/", {"statement": "这是规定，不可以退"})
    assert rude.status_code == 422 and "这是规定" in rude.content.decode()
    assert client.post(f"{at}/draft-statement/", {"statement": "这是规定", "anyway": "on"}).status_code == 302
    assert client.post(f"{at}/draft-statement/", {"statement": words}).status_code == 302
    assert client.post(f"{at}/approve-statement/", {"reason": "急"}).status_code == 302
    page = client.get(f"{at}/publish-statement/").content.decode()
    assert "<img src=x" not in page and "&lt;img src=x" in page
    assert client.post(f"{at}/publish-statement/", {"published_url": URL}).status_code == 422
    assert ask(f"outside/{press.pk}/publish-statement/", {"published_url": URL}).status_code == 409
    decided = browser("care_manager").post(
        Approval.objects.get().get_absolute_url() + "decide/", {"granted": "yes", "reason": "", "form_token": "1"}
    )
    assert decided.status_code in (302, 404)
    if decided.status_code == 404:
        core.decide(Approval.objects.get(), granted=True, reason="", by=cast.by("care_manager"))
    assert ask(f"outside/{press.pk}/publish-statement/", {"published_url": "nothing"}).status_code == 400
    told = ask(f"outside/{press.pk}/publish-statement/", {"published_url": URL})
    assert told.status_code == 200 and told.json()["statement_state"] == "published"
    assert OutsideCase.objects.get().statement == words
    assert program("stranger")(f"outside/{press.pk}/draft-statement/", {"statement": "x"}).status_code in (403, 404)
