"""REST over what others keep of cases: regulator, manufacturer, press."""

from typing import Any

from rest_framework.response import Response

from complaints import actions
from complaints.filters import OutsideFilter
from complaints.forms.outside import (
    AnswerOutsideForm,
    AppealForm,
    ApproveStatementForm,
    CloseOutsideForm,
    DraftStatementForm,
    EditOutsideForm,
    NoteOutsideForm,
    PublishStatementForm,
    SettleAppealForm,
)
from complaints.models import Clock, Complaint, OutsideCase
from core.documents import HouseApi, NameOut, Out, verb

VERB = "complaints.keep_outside"
NEWEST: dict[str, tuple[str, ...]] = {"-came_at": ("-came_at", "-id"), "came_at": ("came_at", "id")}


class OutsideClockOut(Out):
    """A deadline that began there."""

    class Meta:
        model = Clock
        fields = ["id", "due", "started_at", "due_at", "is_provisional", "ended_at"]


class OutsideOut(Out):
    """A case as somebody outside keeps it: number, level, deadlines, appeal, statement, its own closing."""

    keeper = NameOut(source="complaint.keeper", allow_null=True)
    clocks = OutsideClockOut(many=True)

    class Meta:
        model = OutsideCase
        fields = [
            "id",
            "complaint",
            "keeper",
            "body",
            "number",
            "level",
            "url",
            "came_at",
            "contact",
            "remark",
            "statement",
            "statement_state",
            "published_at",
            "published_url",
            "appeal",
            "appeal_words",
            "appealed_at",
            "closed_at",
            "result_words",
            "clocks",
            "version",
        ]


class CaseOutsideApi(HouseApi):
    """What is noted on a case of who keeps it outside."""

    reads = VERB
    queryset = Complaint.objects.select_related("store")
    serializer_class = OutsideOut

    @verb(VERB, NoteOutsideForm, creates=True, status=201, out=OutsideOut)
    def note_outside(self, request: Any, pk: int) -> Response:
        """Note that a regulator, the manufacturer or the press keeps a case too; its deadlines begin."""
        return self.answer(self.ask(actions.note_outside, self.get_object()))


class OutsideApi(HouseApi):
    """Cases as others keep them: the log of regulators, the manufacturer, press and platforms."""

    reads = "complaints.see_complaints"
    queryset = OutsideCase.objects.with_names().prefetch_related("clocks")
    serializer_class = OutsideOut
    filterset_class = OutsideFilter
    orderings = NEWEST

    @verb(VERB, EditOutsideForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change what is noted; a day that is given moves its deadline."""
        return self.act(actions.edit_outside, self.get_object())

    @verb(VERB, EditOutsideForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Change some of it; what is not given stays."""
        found = self.get_object()
        return self.act(actions.edit_outside, found, known=EditOutsideForm.known(found))

    @verb(VERB, AnswerOutsideForm)
    def answer_outside(self, request: Any, pk: int) -> Response:
        """Note the first answer there, or that the customer was reached."""
        return self.act(actions.answer_outside, self.get_object())

    @verb(VERB, AppealForm)
    def appeal(self, request: Any, pk: int) -> Response:
        """Appeal to the manufacturer."""
        return self.act(actions.appeal, self.get_object())

    @verb(VERB, SettleAppealForm)
    def settle_appeal(self, request: Any, pk: int) -> Response:
        """Note what the manufacturer decided on the appeal."""
        return self.act(actions.settle_appeal, self.get_object())

    @verb(VERB, DraftStatementForm)
    def draft_statement(self, request: Any, pk: int) -> Response:
        """Write what the house would say in public."""
        return self.act(actions.draft_statement, self.get_object())

    @verb(VERB, ApproveStatementForm)
    def approve_statement(self, request: Any, pk: int) -> Response:
        """Approve the statement, or ask whoever may."""
        return self.act(actions.approve_statement, self.get_object())

    @verb(VERB, PublishStatementForm)
    def publish_statement(self, request: Any, pk: int) -> Response:
        """Note where the approved statement was published."""
        return self.act(actions.publish_statement, self.get_object())

    @verb(VERB, CloseOutsideForm)
    def close_outside(self, request: Any, pk: int) -> Response:
        """Note how it was closed there."""
        return self.act(actions.close_outside, self.get_object())
