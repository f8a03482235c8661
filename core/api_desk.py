"""REST door of the desk: approvals, authorities, deputies, tasks, notices, absences."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core import actions
from core.documents import HouseApi, NameOut, Out, may_see_cost, verb
from core.filters import AbsenceFilter, ApprovalFilter, TaskFilter
from core.forms import (
    AddAbsenceForm,
    AddTaskForm,
    AuthorityForm,
    DecideForm,
    DelegateForm,
    DropTaskForm,
    EditTaskForm,
    FinishTaskForm,
    HandOnTaskForm,
)
from core.models import Absence, Approval, Authority, Delegation, Notice, Task
from core.models.approvals import outdated
from core.notices import COSTS, notice_said, task_said

# What goes out


class FactOut(serializers.Serializer):
    """Something that the one who decides should know; its code says what the value is."""

    code = serializers.CharField()
    value = serializers.CharField(allow_null=True)


class ApprovalOut(Out):
    """Something that somebody may not decide alone; it holds for one verb on one version of one document."""

    asked_by = NameOut()
    decided_by = NameOut(allow_null=True)
    in_name_of = NameOut(allow_null=True)
    facts = serializers.SerializerMethodField()

    class Meta:
        model = Approval
        fields = [
            "id",
            "store",
            "matter",
            "verb",
            "kind",
            "object_id",
            "object_version",
            "title",
            "address",
            "amount",
            "worth",
            "facts",
            "reason",
            "asked_by",
            "asked_at",
            "status",
            "decided_by",
            "in_name_of",
            "decided_at",
            "decision_reason",
            "used_at",
        ]

    def get_facts(self, row: Approval) -> FactOut(many=True):  # type: ignore[valid-type]
        """What costs the store something is told to those who may see its costs."""
        all_of_them = may_see_cost(self.context["request"].actor, row.store)
        found = [{"code": code, "value": value} for code, value in row.facts if all_of_them or code not in COSTS]
        return FactOut(found, many=True).data


class ApprovalRowOut(ApprovalOut):
    """An approval, whether it is the reader's to decide, and whether its document has changed since."""

    may_decide = serializers.SerializerMethodField()
    is_outdated = serializers.SerializerMethodField()

    class Meta(ApprovalOut.Meta):
        fields = [*ApprovalOut.Meta.fields, "may_decide", "is_outdated"]

    def get_may_decide(self, row: Approval) -> bool:
        """Within the reader's own authority, or as a deputy."""
        rows = Approval.objects.filter(pk=row.pk)
        return rows.to_decide_by(self.context["request"].actor.pk).exists()

    def get_is_outdated(self, row: Approval) -> bool:
        """It holds no longer and must be asked for again."""
        return bool(outdated([row]))


class AuthorityOut(Out):
    """How much a role decides alone in a company; `limit` null is without limit, 0 is nothing."""

    class Meta:
        model = Authority
        fields = ["id", "company", "role", "matter", "limit", "version"]


class DelegationOut(Out):
    """A deputy: who decides in whose name, from when until when, how far."""

    principal = NameOut()
    deputy = NameOut()

    class Meta:
        model = Delegation
        fields = [
            "id",
            "store",
            "principal",
            "deputy",
            "matter",
            "limit",
            "starts_on",
            "ends_on",
            "reason",
            "ended_at",
        ]


class TaskOut(Out):
    """Something that one person has to do by a time."""

    said = serializers.SerializerMethodField()
    assignee = NameOut()
    asked_by = NameOut(allow_null=True)

    class Meta:
        model = Task
        fields = [
            "id",
            "store",
            "said",
            "title",
            "code",
            "remark",
            "assignee",
            "asked_by",
            "due_at",
            "is_late",
            "status",
            "done_at",
            "outcome",
            "kind",
            "object_id",
            "address",
            "version",
        ]

    def get_said(self, row: Task) -> str:
        """What is to be done, in the reader's language."""
        return task_said(row)


class NoticeOut(Out):
    """A word to the reader."""

    said = serializers.SerializerMethodField()
    params = serializers.DictField()

    class Meta:
        model = Notice
        fields = ["id", "code", "params", "said", "address", "at", "read_at"]

    def get_said(self, row: Notice) -> str:
        """The notice, in the reader's language."""
        return notice_said(row)[2]


class ReadOut(serializers.Serializer):
    """How many notices were unread until now."""

    read = serializers.IntegerField()


class AbsenceOut(Out):
    """Hours or days in which somebody is not there."""

    employee = NameOut()

    class Meta:
        model = Absence
        fields = ["id", "store", "employee", "starts_at", "ends_at", "reason", "cancelled_at"]


# The doors


class ApprovalApi(HouseApi):
    """What the reader asked for, and what is asked in the stores where the reader decides."""

    reads = "core.see_approvals"
    queryset = Approval.objects.with_names()
    serializer_class = ApprovalOut
    row_serializer_class = ApprovalRowOut
    filterset_class = ApprovalFilter
    orderings = {"-asked_at": ("-asked_at", "-id"), "asked_at": ("asked_at", "id")}

    @verb("core.see_approvals", DecideForm)
    def decide(self, request: Any, pk: int) -> Response:
        """Grant or refuse, within one's authority or as a deputy."""
        return self.act(actions.decide, self.get_object())

    @verb("core.see_approvals")
    def withdraw(self, request: Any, pk: int) -> Response:
        """Take back what one asked for oneself."""
        return self.act(actions.withdraw_approval, self.get_object())


class AuthorityApi(HouseApi):
    """Who decides how much alone, in the reader's companies."""

    reads = "core.see_authorities"
    queryset = Authority.objects.all()
    serializer_class = AuthorityOut
    orderings = {"id": ("id",)}

    @verb("core.keep_authorities", AuthorityForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change how much a role decides alone, within what one may decide oneself."""
        return self.act(actions.set_authority, self.get_object())


class DelegationApi(HouseApi):
    """Deputies."""

    reads = "core.see_approvals"
    queryset = Delegation.objects.with_names()
    serializer_class = DelegationOut
    orderings = {"-id": ("-id",), "id": ("id",)}

    @verb("core.delegate", DelegateForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Name a deputy for oneself; the general manager may name one for a colleague."""
        return self.act(actions.delegate)

    @verb("core.delegate")
    def end(self, request: Any, pk: int) -> Response:
        """End a deputyship early."""
        return self.act(actions.end_delegation, self.get_object())


class TaskApi(HouseApi):
    """The reader's own tasks, those given by the reader, and everybody's in the stores that the reader leads."""

    reads = "core.see_tasks"
    queryset = Task.objects.with_names()
    serializer_class = TaskOut
    filterset_class = TaskFilter
    orderings = {"due_at": ("due_at", "id"), "-due_at": ("-due_at", "-id"), "-id": ("-id",)}

    @verb("core.add_task", AddTaskForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Give a colleague something to do."""
        return self.act(actions.add_task)

    @verb("core.add_task", EditTaskForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change what is to be done: every field is sent, what is left out is emptied."""
        return self.act(actions.edit_task, self.get_object())

    @verb("core.add_task", EditTaskForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Change some of what is to be done: what is left out stays."""
        task = self.get_object()
        return self.act(actions.edit_task, task, known=EditTaskForm.known(task))

    @verb("core.finish_task", FinishTaskForm)
    def finish(self, request: Any, pk: int) -> Response:
        """Say that it is done, and what came of it."""
        return self.act(actions.finish_task, self.get_object())

    @verb("core.finish_task", HandOnTaskForm)
    def hand_on(self, request: Any, pk: int) -> Response:
        """Give it to somebody else; who handed it on may not see it any more."""
        task = self.get_object()
        self.ask(actions.hand_on_task, task)
        return self.answer(Task.objects.with_names().get(pk=task.pk))

    @verb("core.finish_task")
    def reopen(self, request: Any, pk: int) -> Response:
        """Open it again."""
        return self.act(actions.reopen_task, self.get_object())

    @verb("core.finish_task", DropTaskForm)
    def drop(self, request: Any, pk: int) -> Response:
        """Give it up, with the reason."""
        return self.act(actions.drop_task, self.get_object())


class NoticeApi(HouseApi):
    """The reader's own notices."""

    reads = "core.see_notices"
    queryset = Notice.objects.all()
    serializer_class = NoticeOut
    orderings = {"-id": ("-id",), "id": ("id",)}

    @verb("core.see_notices")
    def read(self, request: Any, pk: int) -> Response:
        """Note that one has looked at a notice."""
        notice = self.get_object()
        actions.read_notices([notice], by=request.actor)
        return self.answer(self.get_queryset().get(pk=notice.pk))

    @verb("core.see_notices", out=ReadOut)
    def read_all(self, request: Any) -> Response:
        """Note that one has seen all of them."""
        return Response({"read": actions.read_every_notice(by=request.actor)})


class AbsenceApi(HouseApi):
    """Who is not there, in the reader's stores."""

    reads = "core.see_roster"
    queryset = Absence.objects.select_related("employee", "store")
    serializer_class = AbsenceOut
    filterset_class = AbsenceFilter
    orderings = {"-starts_at": ("-starts_at", "-id"), "starts_at": ("starts_at", "id")}

    @verb("core.keep_roster", AddAbsenceForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Note that somebody is not there."""
        return self.act(actions.add_absence)

    @verb("core.keep_roster")
    def cancel(self, request: Any, pk: int) -> Response:
        """Take an absence back."""
        return self.act(actions.cancel_absence, self.get_object())
