"""The printed delivery list (交车清单) says what the page of the car says."""

import io

import pytest
from pypdf import PdfReader

from service import actions
from service.models import Job, Line, Visit
from service.prints import delivery_list
from tests.conftest import HANDED


def squeezed(words):
    return "".join(str(words).split())


def text_of(data):
    return "".join(squeezed(one.extract_text()) for one in PdfReader(io.BytesIO(data)).pages)


@pytest.mark.duty("S-04")
def test_it_shows_the_work_the_steps_and_what_was_put_off(cast, chain, browser):
    visit = chain.paid()
    Job.objects.update(certificate="HG-2611-0007", cause="磨损到极限", remedy="更换前片")
    Line.objects.filter(kind="part").update(consent="deferred")
    client = browser("advisor")
    address = f"/visits/{visit.pk}/print/"
    assert address in client.get(f"/visits/{visit.pk}/").content.decode()
    open_steps = delivery_list(Visit.objects.get())["steps"]
    assert [is_done for is_done, _label in open_steps] == [False] * len(actions.delivery_steps(visit))
    Line.objects.update(consent="authorised")
    actions.hand_over(Visit.objects.get(), **HANDED, by=cast.by("advisor"))
    Line.objects.filter(kind="part").update(consent="deferred")
    told = delivery_list(Visit.objects.get())
    assert all(is_done for is_done, _label in told["steps"]) and told["state"] == "已交车"
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    job, line = Job.objects.get(), Line.objects.get(kind="part")
    for word in ("交车清单", "沪A·8K721", job.words, job.cause, job.remedy, "HG-2611-0007", cast.technician.name,
                 line.name, "¥ 798.00", *(label for _done, label in told["steps"])):  # fmt: skip
        assert squeezed(word) in text, word


def test_a_stranger_gets_no_paper(chain, browser):
    visit = chain.paid()
    assert browser("stranger").get(f"/visits/{visit.pk}/print/").status_code == 404
    assert browser("guard").get(f"/visits/{visit.pk}/print/").status_code == 403
