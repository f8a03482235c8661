"""What was found out (K-10) and why (K-03): kept unfinished as it grows, finished only with a root cause."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from complaints import actions
from core.models import Attachment
from core.rows import Refused

FOUND = {
    "route": "quality",
    "findings": "制冷剂不足，膨胀阀卡滞",
    "cause": "skill",
    "department": "workshop",
    "whys-0-why": "没有检查膨胀阀",
    "whys-1-why": "没有按诊断流程做",
}


def photo():
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(out, "JPEG")
    return SimpleUploadedFile("valve.jpg", out.getvalue(), "image/jpeg")


@pytest.mark.duty("K-10", "K-03")
def test_findings_grow_and_are_done_only_with_their_root_cause(cast, cases, browser):
    complaint = cases.judged()
    client, address = browser("care_agent"), f"/complaints/{complaint.pk}/investigate/"
    begun = {"route": "quality", "findings": "已约技师回厂检测", "photos": photo()}
    assert client.post(address, begun).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.status, complaint.findings) == ("investigating", "已约技师回厂检测")
    assert Attachment.objects.of(complaint).get().purpose == Attachment.Purpose.WORK
    page = client.get(address).content.decode()
    assert "已约技师回厂检测" in page and page.count('name="whys-') >= 5
    done = FOUND | {"is_done": "on", "responsible": cast.technician.pk}
    for name in ("cause", "whys-0-why", "responsible", "findings", "route"):
        lacking = {key: value for key, value in done.items() if key != name and not (name[:4] == key[:4] == "whys")}
        assert client.post(address, lacking).status_code == 422, name
    assert client.post(address, done).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.status, complaint.cause, complaint.route) == ("proposing", "skill", "quality")
    assert complaint.whys == ["没有检查膨胀阀", "没有按诊断流程做"]
    assert complaint.responsible == cast.technician and complaint.investigated_at
    page = client.get(f"/complaints/{complaint.pk}/").content.decode()
    assert "没有按诊断流程做" in page and "膨胀阀卡滞" in page


def test_it_is_taken_up_again_while_options_are_drawn_up(cast, cases):
    complaint = cases.investigated()
    found = {"route": "process", "findings": "报价未说明", "cause": "information", "whys": ["没有说明"]}
    complaint = actions.investigate(complaint, **found, is_done=True, by=cast.by("care_agent"))
    assert (complaint.status, complaint.cause) == ("proposing", "information")
    complaint = actions.investigate(complaint, **found, is_done=False, by=cast.by("care_agent"))
    assert (complaint.status, complaint.investigated_at) == ("investigating", None)


def test_an_unknown_person_is_refused_and_nothing_is_investigated_before_it_is_judged(cast, cases):
    with pytest.raises(Refused):
        actions.investigate(cases.received(), findings="x", by=cast.by("care_agent"))
    with pytest.raises(Refused) as refused:
        actions.investigate(cases.judged(), responsible=cast.stranger, by=cast.by("care_agent"))
    assert refused.value.field == "responsible"


def test_the_same_through_rest_and_not_by_strangers(cast, cases, program):
    complaint, neighbour = cases.judged(), cases.neighbour()
    address = f"complaints/{complaint.pk}/investigate/"
    body = {"route": "attitude", "findings": "接待语气生硬", "cause": "attitude", "responsible": cast.advisor.pk}
    body |= {"whys": [{"why": "当天接待量大"}], "is_done": True}
    assert program(neighbour)(address, body).status_code == 404
    assert program("technician")(address, body).status_code == 403
    lacking = program("care_agent")(address, body | {"whys": []})
    assert lacking.status_code == 400 and "whys" in lacking.json()["fields"]
    assert program("care_agent")(address, body | {"responsible": cast.stranger.pk}).status_code == 400
    told = program("care_agent")(address, body)
    assert told.status_code == 200
    assert (told.json()["status"], told.json()["whys"]) == ("proposing", ["当天接待量大"])
    assert told.json()["department"] == "workshop"


def test_two_editors_see_each_others_work(cast, cases, browser):
    complaint = cases.judged()
    stale = complaint.version
    actions.investigate(complaint, findings="甲的发现", by=cast.by("care_agent"))
    sent = browser("care_manager").post(
        f"/complaints/{complaint.pk}/investigate/", {"findings": "乙的发现", "version": stale}
    )
    assert sent.status_code == 412 and "甲的发现" in sent.content.decode() and "乙的发现" in sent.content.decode()
