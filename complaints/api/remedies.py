"""REST door of options, the decision, carrying out, the agreement, and who answers for a fault."""

from decimal import Decimal
from typing import Any

from rest_framework import fields, serializers
from rest_framework.response import Response

from complaints import actions
from complaints.forms.accountability import (
    AskAccountabilityForm,
    DecideAccountabilityForm,
    HearForm,
    HoldAccountableForm,
)
from complaints.forms.carrying import (
    AcceptForm,
    DrawAgreementForm,
    GiveMeasureForm,
    SignAgreementForm,
    TellCustomerForm,
)
from complaints.forms.remedies import (
    AskOptionForm,
    CaseReasonForm,
    DecideOptionForm,
    OptionForm,
    SettleOnSpotForm,
    StampForm,
)
from complaints.models import Accountability, Agreement, Compensation, Complaint, Option, may_see_costs
from core.documents import CostField, HouseApi, NameOut, Out, verb


class CaseCostField(CostField):
    """What a case or an option costs the house: left out for everybody who neither proposes nor decides."""

    def get_attribute(self, instance: Any) -> Decimal:
        actor = self.context["request"].actor
        case = instance if isinstance(instance, Complaint) else instance.complaint
        if not may_see_costs(actor, case.store):
            raise fields.SkipField
        return instance.cost


class CompensationOut(Out):
    """One thing that is given with an option."""

    kind = NameOut()

    class Meta:
        model = Compensation
        fields = ["kind", "quantity", "worth"]


class OptionOut(Out):
    """One way to settle a case; its cost only for those who propose or decide."""

    cost = CaseCostField()
    compensations = CompensationOut(many=True)
    seen_by = NameOut(allow_null=True)

    class Meta:
        model = Option
        fields = [
            "id",
            "complaint",
            "position",
            "words",
            "cost",
            "remark",
            "is_best",
            "compensations",
            "seen_by",
            "seen_at",
            "seen_words",
            "is_preferred",
            "is_chosen",
            "removed_at",
            "version",
        ]


class CaseAgreementOut(Out):
    """A settlement agreement."""

    class Meta:
        model = Agreement
        fields = ["id", "complaint", "option", "text", "made_at", "signed_at", "signed_name", "cancelled_at"]


class RemedyOut(Out):
    """How a case is settled: options, decision, acceptance, carrying out."""

    options = OptionOut(many=True)
    agreements = CaseAgreementOut(many=True)
    decided_by = NameOut(allow_null=True)
    cost = CaseCostField()

    class Meta:
        model = Complaint
        fields = [
            "id",
            "number",
            "status",
            "is_on_spot",
            "options",
            "instruction",
            "instruction_due",
            "decided_by",
            "decided_at",
            "told_at",
            "accepted_at",
            "accepted_by",
            "agreements",
            "carried_out_at",
            "cost",
            "version",
        ]


class AccountabilityOut(Out):
    """Who answers for a fault, by which rule, with which measure; no money is taken."""

    employee = NameOut()
    proposed_by = NameOut(allow_null=True)
    decided_by = NameOut(allow_null=True)

    class Meta:
        model = Accountability
        fields = [
            "id",
            "complaint",
            "employee",
            "part",
            "rule",
            "words",
            "measure",
            "points",
            "heard",
            "status",
            "proposed_by",
            "proposed_at",
            "decided_by",
            "decided_at",
            "version",
        ]


class MadeOut(serializers.Serializer):
    """What was made: its id."""

    id = serializers.IntegerField(source="pk")


class RemedyApi(HouseApi):
    """How a case is settled."""

    reads = "complaints.see_complaints"
    queryset = Complaint.objects.select_related("store", "decided_by").prefetch_related(
        "options__compensations__kind", "options__seen_by", "options__complaint__store", "agreements"
    )
    serializer_class = RemedyOut

    def remedies(self, request: Any, pk: int) -> Response:
        """Options, decision, acceptance and carrying out of a case."""
        return self.answer(self.get_object())

    @verb("complaints.propose", OptionForm, creates=True, status=201, out=OptionOut)
    def propose(self, request: Any, pk: int) -> Response:
        """Draw up an option."""
        return self.answer(self.ask(actions.propose, self.get_object()))

    @verb("complaints.propose")
    def hand_in(self, request: Any, pk: int) -> Response:
        """Put the options before the manager."""
        return self.act(actions.hand_in, self.get_object())

    @verb("complaints.decide_option", CaseReasonForm)
    def send_back(self, request: Any, pk: int) -> Response:
        """Choose none of the options: they are drawn up again."""
        return self.act(actions.send_back, self.get_object())

    @verb("complaints.propose", CaseReasonForm)
    def offer_again(self, request: Any, pk: int) -> Response:
        """The customer does not accept what was decided: options are drawn up again."""
        return self.act(actions.offer_again, self.get_object())

    @verb("complaints.settle_on_spot", SettleOnSpotForm)
    def settle_on_spot(self, request: Any, pk: int) -> Response:
        """Settle a complaint on the spot, within one's authority."""
        return self.act(actions.settle_on_spot, self.get_object())

    @verb("complaints.give_measure", GiveMeasureForm, creates=True, status=201, out=MadeOut)
    def give_measure(self, request: Any, pk: int) -> Response:
        """Give somebody of any department something to do; answers with the task."""
        return self.answer(self.ask(actions.give_measure, self.get_object()))

    @verb("complaints.tell_customer", TellCustomerForm)
    def tell_customer(self, request: Any, pk: int) -> Response:
        """Tell the customer what is offered or decided."""
        return self.act(actions.tell_customer, self.get_object())

    @verb("complaints.accept", AcceptForm)
    def accept(self, request: Any, pk: int) -> Response:
        """The customer accepts what was decided and signs."""
        return self.act(actions.accept, self.get_object())

    @verb("complaints.draw_agreement", DrawAgreementForm, creates=True, status=201, out=CaseAgreementOut)
    def draw_agreement(self, request: Any, pk: int) -> Response:
        """Draw up the settlement agreement."""
        return self.answer(self.ask(actions.draw_agreement, self.get_object()))

    @verb("complaints.carry_out")
    def carry_out(self, request: Any, pk: int) -> Response:
        """What was decided is done; the closing call follows."""
        return self.act(actions.carry_out, self.get_object())

    @verb("complaints.hold_accountable", HoldAccountableForm, creates=True, status=201, out=AccountabilityOut)
    def hold_accountable(self, request: Any, pk: int) -> Response:
        """Propose that somebody answers for the fault."""
        return self.answer(self.ask(actions.hold_accountable, self.get_object()))


class OptionApi(HouseApi):
    """Options of cases."""

    reads = "complaints.see_complaints"
    queryset = Option.objects.with_given().select_related("complaint__store")
    serializer_class = OptionOut

    @verb("complaints.propose", OptionForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change an option that is not handed in."""
        return self.act(actions.edit_option, self.get_object())

    @verb("complaints.propose")
    def remove(self, request: Any, pk: int) -> Response:
        """Take an option back."""
        return self.act(actions.remove_option, self.get_object())

    @verb("complaints.propose")
    def prefer(self, request: Any, pk: int) -> Response:
        """Note which option the customer would like best."""
        return self.act(actions.prefer, self.get_object())

    @verb("complaints.stamp", StampForm)
    def stamp(self, request: Any, pk: int) -> Response:
        """The manager has looked at an option."""
        return self.act(actions.stamp, self.get_object())

    @verb("complaints.decide_option", AskOptionForm, out=MadeOut)
    def ask_option(self, request: Any, pk: int) -> Response:
        """Ask for an option beyond one's own authority; answers with the approval."""
        return self.answer(self.ask(actions.ask_option, self.get_object()))

    @verb("complaints.decide_option", DecideOptionForm)
    def decide(self, request: Any, pk: int) -> Response:
        """Choose an option, with a written instruction."""
        return self.act(actions.decide_option, self.get_object())


class SettlementAgreementApi(HouseApi):
    """Settlement agreements (和解协议)."""

    reads = "complaints.see_complaints"
    queryset = Agreement.objects.select_related("complaint__store", "option")
    serializer_class = CaseAgreementOut

    @verb("complaints.accept", SignAgreementForm)
    def sign(self, request: Any, pk: int) -> Response:
        """The customer signs."""
        return self.act(actions.sign_agreement, self.get_object())

    @verb("complaints.draw_agreement", CaseReasonForm)
    def cancel(self, request: Any, pk: int) -> Response:
        """Cancel it, with the reason."""
        return self.act(actions.cancel_agreement, self.get_object())


class AccountabilityApi(HouseApi):
    """Who answers for faults; one's own for everybody."""

    reads = "core.see_tasks"
    queryset = Accountability.objects.with_names()
    serializer_class = AccountabilityOut

    @verb("core.see_tasks", HearForm)
    def hear(self, request: Any, pk: int) -> Response:
        """What the person says to it."""
        return self.act(actions.hear, self.get_object())

    @verb("complaints.hold_accountable", AskAccountabilityForm, out=MadeOut)
    def request_decision(self, request: Any, pk: int) -> Response:
        """Put it before somebody who may decide it; answers with the approval."""
        return self.answer(self.ask(actions.ask_accountability, self.get_object()))

    @verb("core.decide", DecideAccountabilityForm)
    def decide(self, request: Any, pk: int) -> Response:
        """Approve or refuse it."""
        return self.act(actions.decide_accountability, self.get_object())

    @verb("complaints.hold_accountable", CaseReasonForm)
    def withdraw(self, request: Any, pk: int) -> Response:
        """Take it back, with the reason."""
        return self.act(actions.withdraw_accountability, self.get_object())
