"""REST over the data that cases are run by: compensations, phrases, answers, rules, time limits, steps, problems."""

from typing import Any, ClassVar

from django.db.models import Q
from rest_framework.response import Response

from complaints import actions
from complaints.forms.case_data import (
    KEEP,
    CompensationKindForm,
    ConductRuleForm,
    EndTargetForm,
    PhraseForm,
    ProblemClassForm,
    ProblemForm,
    ReplyTemplateForm,
    StepForm,
    TargetForm,
)
from complaints.models import (
    CompensationKind,
    ConductRule,
    Phrase,
    Problem,
    ProblemClass,
    ReplyTemplate,
    Step,
    Target,
)
from core.documents import HouseApi, Out, verb


class CompensationKindOut(Out):
    """A kind of compensation."""

    class Meta:
        model = CompensationKind
        fields = ["id", "code", "name_zh", "name_en", "unit", "is_cash", "is_active", "version"]


class PhraseOut(Out):
    """Words that are not said, and what is said instead."""

    class Meta:
        model = Phrase
        fields = ["id", "words", "instead", "is_active", "version"]


class ReplyTemplateOut(Out):
    """An answer at hand."""

    class Meta:
        model = ReplyTemplate
        fields = ["id", "title", "nature", "text", "is_active", "version"]


class ConductRuleOut(Out):
    """A rule of conduct."""

    class Meta:
        model = ConductRule
        fields = ["id", "position", "words_zh", "words_en", "is_active", "version"]


class StepOut(Out):
    """A step of escalation."""

    class Meta:
        model = Step
        fields = ["id", "due", "level", "percent", "role", "is_active", "version"]


class ProblemClassOut(Out):
    """A class of problems."""

    class Meta:
        model = ProblemClass
        fields = ["id", "letter", "kind", "name_zh", "name_en", "version"]


class ProblemOfClassOut(Out):
    """A problem of a class."""

    class Meta:
        model = Problem
        fields = ["id", "problem_class", "code", "name_zh", "name_en", "is_unknown", "is_active", "version"]


class TargetOut(Out):
    """A time limit with the days it holds."""

    class Meta:
        model = Target
        fields = ["id", "company", "due", "severity", "amount", "unit", "since", "until", "source", "version"]


class CaseDataApi(HouseApi):
    """What every kind of case data shares: it belongs to the whole house, and who keeps it sees all of it."""

    reads = "complaints.keep_case_data"
    queryset: Any = None
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"id": ("id",)}

    def get_queryset(self) -> Any:
        """All rows; of time limits, see there."""
        return self.queryset.all()

    def add(self) -> Response:
        """Add a row of this kind."""
        row = self.ask(lambda **given: actions.add_case_data(model=self.queryset.model, **given))
        return self.answer(row)

    def change(self) -> Response:
        """Change a row of this kind."""
        return self.act(actions.edit_case_data, self.get_object())


class CompensationKindApi(CaseDataApi):
    """What may be given to make up for something."""

    queryset = CompensationKind.objects.all()
    serializer_class = CompensationKindOut

    @verb(KEEP, CompensationKindForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a kind of compensation."""
        return self.add()

    @verb(KEEP, CompensationKindForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change a kind, or offer it no longer; its code stays."""
        return self.change()


class PhraseApi(CaseDataApi):
    """Words that are not said to a customer."""

    queryset = Phrase.objects.all()
    serializer_class = PhraseOut

    @verb(KEEP, PhraseForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a phrase."""
        return self.add()

    @verb(KEEP, PhraseForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change a phrase, or warn of it no longer."""
        return self.change()


class ReplyTemplateApi(CaseDataApi):
    """Answers at hand."""

    queryset = ReplyTemplate.objects.all()
    serializer_class = ReplyTemplateOut

    @verb(KEEP, ReplyTemplateForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add an answer; words that are not said to a customer are pointed out unless `anyway` is true."""
        return self.add()

    @verb(KEEP, ReplyTemplateForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change an answer, or offer it no longer."""
        return self.change()


class ConductRuleApi(CaseDataApi):
    """Rules of conduct."""

    queryset = ConductRule.objects.all()
    serializer_class = ConductRuleOut

    @verb(KEEP, ConductRuleForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a rule."""
        return self.add()

    @verb(KEEP, ConductRuleForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change a rule, or let it rest."""
        return self.change()


class StepApi(CaseDataApi):
    """Who is told at which part of the time."""

    queryset = Step.objects.all()
    serializer_class = StepOut

    @verb(KEEP, StepForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a step."""
        return self.add()

    @verb(KEEP, StepForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change a step."""
        return self.change()


class ProblemClassApi(CaseDataApi):
    """Classes of problems."""

    queryset = ProblemClass.objects.all()
    serializer_class = ProblemClassOut

    @verb(KEEP, ProblemClassForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a class."""
        return self.add()

    @verb(KEEP, ProblemClassForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change a class; its letter stays."""
        return self.change()


class ProblemApi(CaseDataApi):
    """Problems, the unknown codes of loaded files among them."""

    queryset = Problem.objects.all()
    serializer_class = ProblemOfClassOut

    @verb(KEEP, ProblemForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a problem."""
        return self.add()

    @verb(KEEP, ProblemForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change a problem; an unknown code becomes known by its class and name."""
        return self.change()


class TargetApi(CaseDataApi):
    """Time limits of the house and of one's own companies."""

    queryset = Target.objects.all()
    serializer_class = TargetOut

    def get_queryset(self) -> Any:
        """Those of the whole house and of one's own companies."""
        scope = self.request.actor.scope(KEEP) if self.request else None
        if scope is None or scope.everywhere:
            return self.queryset.all()
        return self.queryset.filter(Q(company=None) | Q(company__in=scope.any_company))

    @verb(KEEP, TargetForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Lay down a time limit from a day on; the one in force ends the day before."""
        return self.answer(self.ask(actions.add_target))

    @verb(KEEP, EndTargetForm)
    def end(self, request: Any, pk: int) -> Response:
        """Let a rule end on a day."""
        return self.act(actions.end_target, self.get_object())

    @verb(KEEP)
    def take_back(self, request: Any, pk: int) -> Response:
        """Take back a rule that has not begun yet."""
        return self.answer(self.ask(actions.take_back_target, self.get_object()))
