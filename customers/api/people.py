"""REST door of customers: who they are, what they agree to, two records that are one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from core.documents import HouseApi, NameOut, Out, verb
from customers import actions
from customers.api.moved import moved
from customers.filters import CustomerFilter
from customers.forms import AddCustomerForm, EditCustomerForm, MergeCustomerForm, NoteConsentForm, OtherCustomerForm
from customers.models import Customer
from customers.models.consents import words_of_customer


class CustomerOut(Out):
    """A person or firm that one company serves."""

    keeper = NameOut(allow_null=True)

    class Meta:
        model = Customer
        fields = [
            "id",
            "company",
            "kind",
            "name",
            "phone",
            "email",
            "level",
            "is_member",
            "language",
            "call_from",
            "call_until",
            "quiet_from",
            "quiet_until",
            "do_not_call",
            "keeper",
            "city",
            "tax_number",
            "remark",
            "is_incomplete",
            "source",
            "source_id",
            "version",
            "created_at",
        ]


class ConsentOut(serializers.Serializer):
    """What counts for one purpose and channel; without a time nobody has said anything."""

    purpose = serializers.ChoiceField(choices=["service", "marketing", "sharing"])
    channel = serializers.ChoiceField(choices=["phone", "sms", "wechat", ""])
    is_given = serializers.BooleanField()
    said_at = serializers.DateTimeField(source="said.at", default=None, allow_null=True)


class CustomerRowOut(CustomerOut):
    """A customer with what they agree to."""

    consents = serializers.SerializerMethodField()

    class Meta(CustomerOut.Meta):
        fields = [*CustomerOut.Meta.fields, "consents"]

    @extend_schema_field(ConsentOut(many=True))
    def get_consents(self, customer: Customer) -> Any:
        """What counts for every purpose and channel."""
        return ConsentOut(words_of_customer(customer), many=True).data


class CustomerApi(HouseApi):
    """Customers of the reader's companies."""

    reads = "customers.see_customers"
    is_personal = True
    queryset = Customer.objects.select_related("keeper")
    serializer_class = CustomerOut
    row_serializer_class = CustomerRowOut
    filterset_class = CustomerFilter
    orderings = {"-id": ("-id",), "id": ("id",), "name": ("name", "id")}

    def retrieve(self, request: Any, pk: int) -> Response:
        """One customer; a record that was merged into another one answers with the address of that one."""
        merged = Customer.objects.merged_for(request.actor).filter(pk=pk).values_list("merged_into", flat=True).first()
        return moved(request, merged) if merged else super().retrieve(request, pk)

    @verb("customers.add_customer", AddCustomerForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a person or firm to a company's customers."""
        return self.act(actions.add_customer)

    @verb("customers.edit_customer", EditCustomerForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change what is known of a customer: every field is sent, what is left out is emptied."""
        return self.act(actions.edit_customer, self.get_object())

    @verb("customers.edit_customer", EditCustomerForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Change some of what is known of a customer: what is left out stays."""
        customer = self.get_object()
        return self.act(actions.edit_customer, customer, known=EditCustomerForm.known(customer))

    @verb("customers.note_consent", NoteConsentForm)
    def note_consent(self, request: Any, pk: int) -> Response:
        """Note what a customer agrees to, by purpose and channel; what is left out stays as it is."""
        return self.act(actions.note_consent, self.get_object())

    @verb("customers.merge", MergeCustomerForm)
    def merge(self, request: Any, pk: int) -> Response:
        """Make another record of the same customer part of this one."""
        return self.act(actions.merge_customer, self.get_object())

    @verb("customers.merge")
    def undo_merge(self, request: Any, pk: int) -> Response:
        """Take the last merge into this record back, as long as nothing new has happened."""
        return self.act(actions.undo_merge, self.get_object())

    @verb("customers.merge", OtherCustomerForm)
    def keep_apart(self, request: Any, pk: int) -> Response:
        """Note that this record and another one, which look alike, are two people."""
        return self.act(actions.keep_apart, self.get_object())
