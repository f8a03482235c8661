"""REST door of the clocks of a case, and of how it ends."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from complaints import actions
from complaints.forms.clocks import PauseForm, ResumeForm
from complaints.forms.closing import AskEndForm, CallAgainForm, CheckClosedForm, CloseForm, EndCaseForm, ReopenForm
from complaints.models import Clock, Complaint, Escalation, Pause
from core.documents import HouseApi, NameOut, Out, verb


class EscalationOut(Out):
    """A step that was taken: when it was due, who is named, whether that person was told or a higher one."""

    to = NameOut()

    class Meta:
        model = Escalation
        fields = ["level", "to", "reached_at", "at", "is_told"]


class ClockOut(Out):
    """Something due in a case."""

    escalations = EscalationOut(many=True)

    class Meta:
        model = Clock
        fields = [
            "id",
            "due",
            "outside",
            "started_at",
            "due_at",
            "first_due_at",
            "warn_at",
            "unit",
            "amount",
            "is_provisional",
            "paused_at",
            "ended_at",
            "spent_minutes",
            "escalations",
        ]


class PauseOut(Out):
    """A time in which the clocks of a case stood still."""

    class Meta:
        model = Pause
        fields = ["id", "reason", "remark", "started_at", "ended_at"]


class ClosingOut(Out):
    """How a case stands in time, and how it ended."""

    clocks = ClockOut(many=True)
    pauses = PauseOut(many=True)

    class Meta:
        model = Complaint
        fields = [
            "id",
            "number",
            "status",
            "clocks",
            "pauses",
            "call_pending",
            "closing_call",
            "answered_at",
            "result",
            "result_words",
            "closed_at",
            "closed_on",
            "check_due_on",
            "checked_at",
            "check_reaction",
            "check_words",
            "reopened",
            "version",
        ]


class EndAskedOut(serializers.Serializer):
    """The approval that was asked for: its id."""

    id = serializers.IntegerField(source="pk")


class CaseClosingApi(HouseApi):
    """Clocks and the end of a case."""

    reads = "complaints.see_complaints"
    is_personal = True
    queryset = Complaint.objects.select_related("store").prefetch_related("clocks__escalations__to", "pauses")
    serializer_class = ClosingOut

    def closing(self, request: Any, pk: int) -> Response:
        """The clocks, pauses and escalations of a case, its closing call and its end."""
        return self.answer(self.get_object())

    @verb("complaints.pause", PauseForm)
    def pause(self, request: Any, pk: int) -> Response:
        """Let the house's own clocks of a case stand still."""
        return self.act(actions.pause, self.get_object())

    @verb("complaints.pause", ResumeForm)
    def resume(self, request: Any, pk: int) -> Response:
        """Let the clocks of a case go on."""
        return self.act(actions.resume, self.get_object())

    @verb("complaints.close", CloseForm)
    def close(self, request: Any, pk: int) -> Response:
        """Close a settled complaint with the answer of its closing call."""
        return self.act(actions.close, self.get_object())

    @verb("complaints.close", CallAgainForm)
    def call_again(self, request: Any, pk: int) -> Response:
        """Plan one more closing call."""
        return self.act(actions.call_again, self.get_object())

    @verb("complaints.end_case", EndCaseForm)
    def end_case(self, request: Any, pk: int) -> Response:
        """End a case that is not settled: withdrawn, customer not to be reached, no agreement, court."""
        return self.act(actions.end_case, self.get_object())

    @verb("complaints.end_case", AskEndForm, creates=True, status=201, out=EndAskedOut)
    def ask_end(self, request: Any, pk: int) -> Response:
        """Ask for an end without agreement; answers with the approval."""
        return self.answer(self.ask(actions.ask_end, self.get_object()))

    @verb("complaints.reopen", ReopenForm)
    def reopen(self, request: Any, pk: int) -> Response:
        """Go on with a closed case."""
        return self.act(actions.reopen, self.get_object())

    @verb("complaints.check_closed", CheckClosedForm)
    def check_closed(self, request: Any, pk: int) -> Response:
        """Note what the customer says a while after closing."""
        return self.act(actions.check_closed, self.get_object())
