"""A closed case is archived: locked by the database, and one document of all its forms (K-16)."""

import pytest
from django.db import DatabaseError, transaction

from complaints import actions
from complaints.models import Channel, Clock, Compensation, Complaint, Option, OutsideCase, Word
from complaints.prints import archive
from core.actions import attach, remove_attachment
from core.models import Attachment
from core.rows import refused_by_database
from core.uploads import clean_upload
from tests.complaints.test_note_outside import picture


def closed(cases, cast, **given):
    """A case with options, an outside case and a photo, ended by the customer."""
    case = cases.decided(**given)
    actions.note_outside(case, body="oem", number="400-1", by=cast.by("care_manager"))
    attach(case, purpose="damage", files=[clean_upload(picture())], remark="现场", by=cast.by("care_agent"))
    actions.end_case(case, result="withdrawn", words="顾客撤诉", by=cast.by("care_manager"))
    return Complaint.objects.get(pk=case.pk)


def refused(step):
    """The sentence by which the database says no."""
    with pytest.raises(DatabaseError) as problem, transaction.atomic():
        step()
    known = refused_by_database(problem.value)
    assert known is not None
    return known[1]


@pytest.mark.duty("K-16")
def test_the_database_refuses_to_change_a_closed_case_and_its_parts(cases, cast):
    case = closed(cases, cast)
    assert case.is_locked
    option = Option.objects.filter(complaint=case).first()
    word = Word.objects.create(complaint=case, at=case.closed_at, is_customer=True, text="还有一点")  # never lost
    own = Clock.objects.filter(complaint=case, outside=None).first()
    steps = [
        lambda: Complaint.objects.filter(pk=case.pk).update(words="别的"),
        lambda: Complaint.objects.filter(pk=case.pk).update(is_locked=False),
        lambda: Complaint.objects.filter(pk=case.pk).update(result="court"),
        lambda: Complaint.objects.filter(pk=case.pk)._raw_delete("default"),
        lambda: Option.objects.filter(pk=option.pk).update(cost=1),
        lambda: Option.objects.filter(pk=option.pk)._raw_delete("default"),
        lambda: Option.objects.create(complaint=case, words="新方案"),
        lambda: Compensation.objects.create(option=option, kind_id=1, quantity=1, worth=1),
        lambda: Channel.objects.filter(complaint=case).delete(),
        lambda: Channel.objects.create(complaint=case, way="phone", at=case.closed_at),
        lambda: Word.objects.create(complaint=case, at=case.closed_at, text="内部备注"),
        lambda: Word.objects.filter(pk=word.pk).update(text="别的"),
        lambda: Clock.objects.filter(pk=own.pk).update(due_at=case.closed_at),
        lambda: Attachment.objects.of(case).update(removed_at=case.closed_at),
        lambda: Attachment.objects.of(case).delete(),
        lambda: case.problems.add(1),
    ]
    for number, step in enumerate(steps):
        assert "archived" in refused(step), number
    assert Complaint.objects.get(pk=case.pk).words == case.words


@pytest.mark.duty("K-16")
def test_what_goes_on_after_the_end(cases, cast):
    case, by = closed(cases, cast), cast.by("care_manager")
    outside = OutsideCase.objects.get(complaint=case)
    actions.close_outside(outside, result_words="厂家结案", by=by)  # theirs ends later
    assert "archived" in refused(lambda: OutsideCase.objects.filter(pk=outside.pk).update(result_words="别的"))
    note = actions.add_correction(
        store=case.store, complaint=case, words="培训", owner=cast.technician, due_on=case.closed_on, by=by
    )
    bulletin = actions.publish_bulletin(
        company=case.store.company, complaint=case, title="空调", source="own", brand="大众", words="膨胀阀", by=by
    )
    assert note.complaint == case and list(case.bulletins.all()) == [bulletin]
    again = actions.reopen(case, reason="顾客又来", by=by)
    assert not again.is_locked and again.is_open
    actions.add_word(again, text="继续处理", by=cast.by("care_agent"))
    for one in Attachment.objects.of(again):
        remove_attachment(one, by=by)


def test_a_check_after_closing_opens_a_case_again(cases, cast):
    case = cases.judged(holds=False)
    actions.answer(case, text="您好，检测正常", channel="phone", by=cast.by("care_agent"))
    case = actions.note_reaction(case, reaction="accepted", by=cast.by("care_agent"))
    assert case.is_locked and case.result == "not_established"
    case = actions.check_closed(case, reaction="no_answer", by=cast.by("care_agent"))
    assert case.is_locked and case.check_reaction == "no_answer"
    case = actions.check_closed(case, reaction="not_accepted", words="还是不凉", by=cast.by("care_agent"))
    assert not case.is_locked and case.is_open


@pytest.mark.duty("K-16")
def test_one_document_of_the_whole_case(cases, cast, browser, program):
    case = closed(cases, cast)
    for name, sees in (("care_manager", True), ("care_agent", True), ("monitor", False)):
        told = archive(case, cast.by(name))
        text = str(told)
        assert ("内部成本" in str(told["options"])) is sees, name
        assert "免费重修空调系统" in text and "没有检查膨胀阀" in text and "400-1" in text and "顾客撤诉" in text
    assert told["files"][0][5] == "一致" and len(told["pictures"]) == 1 and len(told["files"][0][4]) == 64
    page = browser("care_agent").get(case.get_absolute_url()).content.decode()
    assert f"/complaints/{case.pk}/print-archive/" in page
    answer = browser("care_agent").get(f"/complaints/{case.pk}/print-archive/")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    sent = program("care_manager")(f"complaints/{case.pk}/archive/", method="get")
    assert sent.status_code == 200 and sent.content.startswith(b"%PDF") and sent["Content-Type"] == "application/pdf"
    cases.neighbour()
    assert browser("neighbour").get(f"/complaints/{case.pk}/print-archive/").status_code == 404
    assert program("neighbour")(f"complaints/{case.pk}/archive/", method="get").status_code == 404
    assert browser("technician").get(f"/complaints/{case.pk}/print-archive/").status_code == 403


def test_accountability_stands_only_in_the_copy_of_those_who_may_see_it(cases, cast):
    case = cases.decided()
    actions.hold_accountable(
        case, employee=cast.technician, part="direct", rule="作业规范第3条", words="漏检", measure="training", points=2,
        by=cast.by("care_manager"),
    )  # fmt: skip
    assert "作业规范第3条" in str(archive(case, cast.by("care_manager")))
    assert "作业规范第3条" not in str(archive(case, cast.by("care_agent")))
