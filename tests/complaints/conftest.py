"""A case brought to any of its stages."""

import base64
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.timezone import now
from PIL import Image, ImageDraw

from complaints.models import Complaint
from core.uploads import clean_signature
from tests.service.conftest import browser, program, signed

__all__ = ["browser", "program", "signed"]


class Cases:
    """Brings cases to a stage, each step by whoever does it in real life."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast

    def neighbour(self) -> str:
        """The care manager of a foreign company: knows the verbs and sees none of these cases."""
        from tests.conftest import make_person

        self.cast.people["neighbour"] = make_person("neighbour", "远航客服经理", "care_manager", self.cast.foreign)
        return "neighbour"

    def received(self, **given: Any) -> Complaint:
        """A complaint that has just been taken in by phone."""
        from complaints import actions

        values: dict[str, Any] = {"store": self.cast.store, "nature": "complaint", "way": "phone"}
        values |= {"name": "赵敏", "phone": "13900001111", "words": "空调修了两次还是不凉", "demand": "修好并说明原因"}
        return actions.register(**(values | given), by=self.cast.by("care_agent"))

    def judged(self, complaint: Complaint | None = None, *, holds: bool = True, **given: Any) -> Complaint:
        """A complaint that was judged: it holds and is investigated, or it is answered."""
        from complaints import actions

        said = {"grounds_ok": holds, "grounds_reason": "维修记录属实" if holds else "检测正常，属使用习惯"}
        said |= {"demand_ok": True, "demand_reason": "要求合理", "department": "workshop" if holds else ""}
        return actions.judge(complaint or self.received(**given), **said, by=self.cast.by("care_agent"))

    def investigated(self, complaint: Complaint | None = None, **given: Any) -> Complaint:
        """A complaint of which is known what went wrong and why; options are drawn up."""
        from complaints import actions

        found = {"route": "quality", "findings": "膨胀阀未更换，制冷剂不足", "responsible": self.cast.technician}
        found |= {"cause": "skill", "whys": ["没有检查膨胀阀", "没有按诊断流程做", "没有培训"]}
        case = complaint or self.judged(**given)
        return actions.investigate(case, **found, is_done=True, by=self.cast.by("care_agent"))

    def proposed(self, complaint: Complaint | None = None, *, options: Any = None, **given: Any) -> Complaint:
        """Two options drawn up, or as many as are given, and handed in."""
        from complaints import actions

        case, by = complaint or self.investigated(**given), self.cast.by("care_agent")
        for one in options or ({"words": "免费重修空调系统", "cost": Decimal(600)}, {"words": "更换压缩机总成"}):
            actions.propose(case, **one, by=by)
        return actions.hand_in(case, by=by)

    def decided(self, complaint: Complaint | None = None, **given: Any) -> Complaint:
        """The manager has looked at every option and chosen the first."""
        from complaints import actions

        case, by = complaint or self.proposed(**given), self.cast.by("care_manager")
        for one in case.options.standing():
            actions.stamp(one, by=by)
        told = {"instruction": "两天内完成返修，客服跟进", "due": now() + timedelta(days=2)}
        actions.decide_option(case.options.standing().first(), **told, by=by)
        return Complaint.objects.get(pk=case.pk)

    def accepted(self, complaint: Complaint | None = None, **given: Any) -> Complaint:
        """The customer was told, and has signed."""
        from complaints import actions

        case, by = complaint or self.decided(**given), self.cast.by("care_agent")
        actions.tell_customer(case, channel="phone", by=by)
        return actions.accept(case, name=case.who, signature=clean_signature(drawn()), by=by)

    def carried_out(self, complaint: Complaint | None = None, **given: Any) -> Complaint:
        """What was decided is done; the closing call is owed."""
        from complaints import actions

        return actions.carry_out(complaint or self.accepted(**given), by=self.cast.by("care_agent"))


def drawn() -> str:
    """A signature as the pad sends it."""
    image = Image.new("RGB", (400, 160), "white")
    ImageDraw.Draw(image).line([(20, 120), (90, 30), (160, 130), (240, 40), (360, 100)], fill="black", width=5)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


@pytest.fixture
def cases(cast: Any) -> Cases:
    return Cases(cast)
