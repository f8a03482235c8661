"""REST door of cases: taken in, put right, kept, added to and linked."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from complaints import actions
from complaints.filters import ComplaintFilter
from complaints.forms import (
    AddChannelForm,
    AddWordForm,
    AssignForm,
    EditComplaintForm,
    LinkCaseForm,
    NoteAttemptForm,
    RegisterForm,
    TakeForm,
    UnlinkCaseForm,
)
from complaints.models import Attempt, Channel, Complaint, Word
from core.documents import HouseApi, NameOut, Out, verb


class ChannelOut(Out):
    """One way by which a case came in."""

    class Meta:
        model = Channel
        fields = ["id", "way", "at", "by_name", "remark"]


class WordOut(Out):
    """Something said in a case after its beginning."""

    class Meta:
        model = Word
        fields = ["id", "at", "by_name", "is_customer", "is_shown", "text"]


class AttemptOut(Out):
    """One try to reach the complainant."""

    by = NameOut(allow_null=True)

    class Meta:
        model = Attempt
        fields = ["id", "at", "by", "way", "outcome", "remark"]


class ComplaintOut(Out):
    """A complaint, an enquiry or a suggestion."""

    customer = NameOut(allow_null=True)
    vehicle = NameOut(allow_null=True)
    keeper = NameOut(allow_null=True)
    problem = NameOut(allow_null=True)

    class Meta:
        model = Complaint
        fields = [
            "id", "store", "number", "nature", "status", "severity", "customer", "name", "phone", "vehicle",
            "stated_plate", "brand",
            "series", "model_name", "order", "call", "words", "demand", "problem", "happened_on", "received_at",
            "received_on", "keeper", "handovers", "same_as", "repeat_of", "department", "agreed_until", "result",
            "closed_at", "reopened", "origin", "source_id",
        ]  # fmt: skip


class AlikeOut(Out):
    """A case of the same person, phone or car within 90 days."""

    class Meta:
        model = Complaint
        fields = ["id", "number", "status", "received_at", "words"]


class ComplaintRowOut(ComplaintOut):
    """A case with its judgement and findings, and with what was said since."""

    problems = NameOut(many=True)
    channels = ChannelOut(many=True)
    said = WordOut(many=True)
    attempts = AttemptOut(many=True)
    alike = serializers.SerializerMethodField()

    class Meta(ComplaintOut.Meta):
        fields = [
            *ComplaintOut.Meta.fields,
            "grounds_ok", "grounds_reason", "demand_ok", "demand_reason", "judged_at", "agreed_words", "reply",
            "replied_at", "reaction", "reaction_words", "route", "findings", "cause", "whys", "investigated_at",
            "is_on_spot", "instruction", "instruction_due", "told_at", "accepted_at", "accepted_by", "carried_out_at",
            "closing_call", "result_words", "closed_on", "check_due_on", "checked_at", "check_reaction", "check_words",
            "is_locked", "problems", "channels", "said", "attempts", "alike",
        ]  # fmt: skip

    def get_alike(self, complaint: Complaint) -> AlikeOut(many=True):  # type: ignore[valid-type]
        """Those that this reader may see: perhaps the same case, perhaps a repeat."""
        rows = Complaint.objects.visible_to(self.context["request"].actor).alike(complaint)
        return AlikeOut(rows.order_by("-received_at", "-id")[:10], many=True).data


class ComplaintApi(HouseApi):
    """Complaints, enquiries and suggestions."""

    reads = "complaints.see_complaints"
    is_personal = True
    queryset = Complaint.objects.with_names()
    serializer_class = ComplaintOut
    row_serializer_class = ComplaintRowOut
    filterset_class = ComplaintFilter
    orderings = {"-received_at": ("-received_at", "-id"), "received_at": ("received_at", "id")}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        return rows.select_related("store__company").prefetch_related("problems", "channels", "said", "attempts__by")

    @verb("complaints.register", RegisterForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Take a case in; the answer names cases that may be the same, or that this one repeats."""
        return self.act(actions.register)

    @verb("complaints.edit_complaint", EditComplaintForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Put right what was written down of a case."""
        return self.act(actions.edit_complaint, self.get_object())

    @verb("complaints.edit_complaint", EditComplaintForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Put right a part of what was written down of a case."""
        found = self.get_object()
        return self.act(actions.edit_complaint, found, known=EditComplaintForm.known(found))

    @verb("complaints.take", TakeForm)
    def take(self, request: Any, pk: int) -> Response:
        """Keep a case from now on."""
        return self.act(actions.take, self.get_object())

    @verb("complaints.assign", AssignForm)
    def assign(self, request: Any, pk: int) -> Response:
        """Give a case to somebody who works on cases; handing over says why."""
        return self.act(actions.assign, self.get_object())

    @verb("complaints.add_word", AddWordForm, creates=True)
    def add_word(self, request: Any, pk: int) -> Response:
        """Add a note to a case, with photos; one that is shown stands on the customer's page too."""
        return self.act(actions.add_word, self.get_object())

    @verb("complaints.add_channel", AddChannelForm, creates=True)
    def add_channel(self, request: Any, pk: int) -> Response:
        """Note that the same case came in by another way too."""
        return self.act(actions.add_channel, self.get_object())

    @verb("complaints.note_attempt", NoteAttemptForm, creates=True)
    def note_attempt(self, request: Any, pk: int) -> Response:
        """Note a try to reach the complainant."""
        return self.act(actions.note_attempt, self.get_object())

    @verb("complaints.link_case", LinkCaseForm)
    def link_case(self, request: Any, pk: int) -> Response:
        """Link two cases: this one is the same as the other, which goes on alone, or it is a repeat of it."""
        return self.act(actions.link_case, self.get_object())

    @verb("complaints.link_case", UnlinkCaseForm)
    def unlink_case(self, request: Any, pk: int) -> Response:
        """Separate two cases that do not belong together after all."""
        return self.act(actions.unlink_case, self.get_object())
