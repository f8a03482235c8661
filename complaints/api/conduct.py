"""REST over conduct: promises with whether they were kept, the rules of conduct in a case."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from complaints import actions
from complaints.filters import PromiseFilter
from complaints.forms.conduct import CasePromiseForm, CheckConductForm, KeepPromiseForm
from complaints.models import Complaint, ConductCheck, Promise
from core.documents import HouseApi, NameOut, Out, verb


class PromiseOut(Out):
    """What was promised in a case, by whom, until when, and whether it was kept."""

    by = NameOut()

    class Meta:
        model = Promise
        fields = ["id", "complaint", "words", "by", "made_at", "due_at", "is_kept", "ended_at", "remark", "version"]


class ConductCheckOut(Out):
    """Whether a rule was kept."""

    rule = NameOut()

    class Meta:
        model = ConductCheck
        fields = ["rule", "is_kept", "at"]


class ConductOut(Out):
    """The rules of conduct gone through in a case, and what was promised in it."""

    checks = ConductCheckOut(source="conduct", many=True)
    promises = PromiseOut(many=True)

    class Meta:
        model = Complaint
        fields = ["id", "number", "status", "checks", "promises", "version"]


class CaseConductApi(HouseApi):
    """How one speaks with the customer of a case."""

    reads = "complaints.see_complaints"
    queryset = Complaint.objects.select_related("store").prefetch_related("conduct__rule", "promises__by")
    serializer_class = ConductOut

    @verb("complaints.promise", CasePromiseForm, creates=True, status=201)
    def promise(self, request: Any, pk: int) -> Response:
        """Write down what was promised to the customer, by whom and until when."""
        return self.act(actions.promise, self.get_object())

    @verb("complaints.check_conduct", CheckConductForm)
    def check_conduct(self, request: Any, pk: int) -> Response:
        """Note which rules of conduct were kept."""
        return self.act(actions.check_conduct, self.get_object())


class PromiseApi(HouseApi):
    """The register of promises."""

    reads = "complaints.see_complaints"
    queryset = Promise.objects.with_names()
    serializer_class: type[serializers.BaseSerializer] = PromiseOut
    filterset_class = PromiseFilter
    orderings = {"due_at": ("due_at", "id"), "-due_at": ("-due_at", "-id")}

    @verb("complaints.keep_promise", KeepPromiseForm)
    def keep(self, request: Any, pk: int) -> Response:
        """Say whether a promise was kept; a broken one says why."""
        return self.act(actions.keep_promise, self.get_object())
