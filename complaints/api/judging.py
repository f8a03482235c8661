"""REST over the judgement of cases: judged, a time agreed on, answered, investigated, a job redone."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from complaints import actions
from complaints.forms.judging import (
    AgreeDeadlineForm,
    DropReworkForm,
    InvestigateForm,
    JudgeForm,
    OpenReworkForm,
    ReactionForm,
    ReplyForm,
)
from complaints.models import Complaint
from core.documents import HouseApi, NameOut, Out, verb


class JudgedOut(Out):
    """How a case was judged and answered, what was found out, and which job is redone."""

    judged_by = NameOut(allow_null=True)
    responsible = NameOut(allow_null=True)
    whys = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Complaint
        fields = [
            "id",
            "number",
            "nature",
            "status",
            "severity",
            "grounds_ok",
            "grounds_reason",
            "demand_ok",
            "demand_reason",
            "judged_by",
            "judged_at",
            "department",
            "agreed_until",
            "agreed_words",
            "reply",
            "replied_at",
            "reaction",
            "reaction_words",
            "route",
            "findings",
            "responsible",
            "cause",
            "whys",
            "investigated_at",
            "rework_of",
            "rework",
            "result",
            "closed_at",
            "version",
        ]


class CaseJudgingApi(HouseApi):
    """What a case is judged to be, what its customer is answered, and what was found out."""

    reads = "complaints.see_complaints"
    queryset = Complaint.objects.select_related("store", "judged_by", "responsible")
    serializer_class = JudgedOut
    is_personal = True

    @verb("complaints.judge", JudgeForm)
    def judge(self, request: Any, pk: int) -> Response:
        """Judge a complaint: are its grounds sufficient, is its demand reasonable, and why?"""
        return self.act(actions.judge, self.get_object())

    @verb("complaints.agree_deadline", AgreeDeadlineForm)
    def agree_deadline(self, request: Any, pk: int) -> Response:
        """Note until when the customer gives the house time."""
        return self.act(actions.agree_deadline, self.get_object())

    @verb("complaints.answer", ReplyForm)
    def answer_customer(self, request: Any, pk: int) -> Response:
        """Answer the customer; words that are not said to one are pointed out unless `anyway` is true."""
        return self.act(actions.answer, self.get_object())

    @verb("complaints.answer", ReactionForm)
    def note_reaction(self, request: Any, pk: int) -> Response:
        """Note what the customer says to the answer; accepted, the case is closed."""
        return self.act(actions.note_reaction, self.get_object())

    @verb("complaints.investigate", InvestigateForm)
    def investigate(self, request: Any, pk: int) -> Response:
        """Note what was found out; done, it needs route, findings, root cause and why."""
        return self.act(actions.investigate, self.get_object())

    @verb("complaints.open_rework", OpenReworkForm)
    def open_rework(self, request: Any, pk: int) -> Response:
        """Redo a job free of charge under its guarantee, now or when the car is here."""
        return self.act(actions.open_rework, self.get_object())

    @verb("complaints.open_rework", DropReworkForm)
    def drop_rework(self, request: Any, pk: int) -> Response:
        """Note that an owed rework is not done after all."""
        return self.act(actions.drop_rework, self.get_object())
