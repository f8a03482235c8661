"""REST over what was learnt: corrective actions, known issues, the sheets of the months."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from complaints import actions
from complaints.filters import BulletinFilter, CorrectionFilter, MonthSheetFilter
from complaints.forms.learning import (
    AddCorrectionForm,
    CheckCorrectionForm,
    DoCorrectionForm,
    DropCorrectionForm,
    EditBulletinForm,
    EditCorrectionForm,
    EndBulletinForm,
    LinkBulletinForm,
    PublishBulletinForm,
    SignMonthForm,
)
from complaints.models import Bulletin, Complaint, Correction, MonthSheet
from core.documents import HouseApi, NameOut, Out, verb

KEEP_CORRECTION, KEEP_BULLETIN = "complaints.add_correction", "complaints.publish_bulletin"


class CorrectionOut(Out):
    """A corrective action: who changes what by when, and whether it helped."""

    owner = NameOut()
    checked_by = NameOut(allow_null=True)
    is_late = serializers.BooleanField()

    class Meta:
        model = Correction
        fields = [
            "id", "store", "complaint", "words", "department", "owner", "due_on", "is_late", "status", "done_at",
            "done_words", "check_on", "checked_at", "checked_by", "check_words", "added_at", "version",
        ]  # fmt: skip


class CorrectionApi(HouseApi):
    """Corrective actions: those of the stores whose cases one sees, and one's own."""

    reads = "core.see_tasks"
    queryset = Correction.objects.with_names().select_related("checked_by")
    serializer_class = CorrectionOut
    filterset_class = CorrectionFilter
    orderings = {"due_on": ("due_on", "id"), "-due_on": ("-due_on", "-id")}

    @verb(KEEP_CORRECTION, AddCorrectionForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Say what is changed, by whom, until when; out of a case, or free."""
        return self.act(actions.add_correction)

    @verb(KEEP_CORRECTION, EditCorrectionForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change what is to be done while it is open."""
        return self.act(actions.edit_correction, self.get_object())

    @verb(KEEP_CORRECTION, EditCorrectionForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Change some of it; what is not given stays."""
        found = self.get_object()
        return self.act(actions.edit_correction, found, known=EditCorrectionForm.known(found))

    @verb("complaints.do_correction", DoCorrectionForm)
    def do(self, request: Any, pk: int) -> Response:
        """Say what was done; its owner does."""
        return self.act(actions.do_correction, self.get_object())

    @verb("complaints.check_correction", CheckCorrectionForm)
    def check(self, request: Any, pk: int) -> Response:
        """Look whether it helped; never its owner."""
        return self.act(actions.check_correction, self.get_object())

    @verb(KEEP_CORRECTION, DropCorrectionForm)
    def drop(self, request: Any, pk: int) -> Response:
        """Give it up, with the reason."""
        return self.act(actions.drop_correction, self.get_object())


class BulletinOut(Out):
    """A known issue by model and fault."""

    problem = NameOut(allow_null=True)

    class Meta:
        model = Bulletin
        fields = [
            "id", "company", "title", "source", "source_words", "brand", "series", "since_year", "until_year",
            "problem", "words", "advice", "published_at", "ended_on", "version",
        ]  # fmt: skip


class BulletinRowOut(BulletinOut):
    """A known issue with the cases that belong to it, of those one may see."""

    complaints = serializers.SerializerMethodField()

    class Meta(BulletinOut.Meta):
        fields = [*BulletinOut.Meta.fields, "complaints"]

    def get_complaints(self, bulletin: Bulletin) -> list[int]:
        """The ids of the cases."""
        rows = Complaint.objects.visible_to(self.context["request"].actor).filter(bulletins=bulletin)
        return list(rows.order_by("id").values_list("pk", flat=True)[:1000])


class BulletinApi(HouseApi):
    """Known issues, of the house, of peers, of the manufacturer."""

    reads = "complaints.see_bulletins"
    queryset = Bulletin.objects.select_related("problem")
    serializer_class = BulletinOut
    row_serializer_class = BulletinRowOut
    filterset_class = BulletinFilter
    orderings = {"-published_at": ("-published_at", "-id"), "published_at": ("published_at", "id")}

    @verb(KEEP_BULLETIN, PublishBulletinForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Publish a known issue; reception shows it where a car comes in that it is about."""
        return self.act(actions.publish_bulletin)

    @verb(KEEP_BULLETIN, EditBulletinForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Put a known issue right."""
        return self.act(actions.edit_bulletin, self.get_object())

    @verb(KEEP_BULLETIN, EditBulletinForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Change some of it; what is not given stays."""
        found = self.get_object()
        return self.act(actions.edit_bulletin, found, known=EditBulletinForm.known(found))

    @verb(KEEP_BULLETIN, EndBulletinForm)
    def end(self, request: Any, pk: int) -> Response:
        """End it; reception shows it no longer."""
        return self.act(actions.end_bulletin, self.get_object())


class CaseBulletinsOut(serializers.Serializer):
    """A case with the known issues it belongs to and those that fit it."""

    id = serializers.IntegerField()
    bulletins = serializers.SerializerMethodField()
    fitting = serializers.SerializerMethodField()

    def _seen(self) -> Any:
        return Bulletin.objects.visible_to(self.context["request"].actor)

    def get_bulletins(self, complaint: Complaint) -> NameOut(many=True):  # type: ignore[valid-type]
        """Those it belongs to."""
        return NameOut(self._seen().filter(complaints=complaint), many=True).data

    def get_fitting(self, complaint: Complaint) -> NameOut(many=True):  # type: ignore[valid-type]
        """Those in force about such a car and fault."""
        return NameOut(self._seen().of_case(complaint), many=True).data


class CaseBulletinsApi(HouseApi):
    """The known issues of a case."""

    reads = "complaints.see_complaints"
    queryset = Complaint.objects.select_related("store", "vehicle")
    serializer_class = CaseBulletinsOut

    def bulletins(self, request: Any, pk: int) -> Response:
        """The known issues that a case belongs to, and those that fit it."""
        return self.answer(self.get_object())

    @verb("complaints.link_case", LinkBulletinForm)
    def link_bulletin(self, request: Any, pk: int) -> Response:
        """Note that a case belongs to a known issue."""
        return self.act(actions.link_bulletin, self.get_object())

    @verb("complaints.link_case", LinkBulletinForm)
    def unlink_bulletin(self, request: Any, pk: int) -> Response:
        """Take the link away."""
        return self.act(actions.unlink_bulletin, self.get_object())


class MonthSheetOut(Out):
    """The signed sheet of a month: its figures as they were, and what is changed after it."""

    signed_by = NameOut(allow_null=True)
    figures = serializers.DictField()

    class Meta:
        model = MonthSheet
        fields = ["id", "store", "month", "figures", "measures", "signed_by", "signed_at"]


class MonthSheetApi(HouseApi):
    """Signed sheets of the months (顾客投诉分类统计表)."""

    reads = "complaints.see_case_figures"
    queryset = MonthSheet.objects.select_related("signed_by")
    serializer_class = MonthSheetOut
    filterset_class = MonthSheetFilter
    orderings = {"-month": ("-month", "-id"), "month": ("month", "id")}

    @verb("complaints.sign_month", SignMonthForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Sign a month that is over: its figures are counted now and stay as they are."""
        return self.act(actions.sign_month)
