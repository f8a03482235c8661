"""REST door of the outbox."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from core.documents import HouseApi, NameOut, Out, verb
from customers import actions
from customers.filters import MessageFilter
from customers.models import Message


class MessageOut(Out):
    """A message to a customer, as code and parameters."""

    customer = NameOut(allow_null=True)
    params = serializers.SerializerMethodField()
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=Message.State.choices)

    @extend_schema_field(serializers.DictField())
    def get_params(self, message: Message) -> dict[str, Any]:
        """What the sentence is made of, without the secret of a link."""
        return {name: value for name, value in message.params.items() if name != "nonce"}

    class Meta:
        model = Message
        fields = [
            "id",
            "store",
            "customer",
            "phone",
            "code",
            "purpose",
            "params",
            "text",
            "channel",
            "state",
            "by_hand",
            "address",
            "created_at",
            "due_at",
            "done_at",
            "failed_at",
            "attempts",
            "last_error",
        ]


class MessageApi(HouseApi):
    """The outbox: what customers were told, and what waits to be told."""

    reads = "customers.see_messages"
    queryset = Message.objects.select_related("customer", "store")
    serializer_class = MessageOut
    filterset_class = MessageFilter
    orderings = {"-id": ("-id",), "id": ("id",)}

    @verb("customers.mark_told")
    def mark_told(self, request: Any, pk: int) -> Response:
        """Note that somebody told the customer by hand what no provider could send."""
        return self.act(actions.mark_told, self.get_object())

    @verb("customers.mark_told")
    def retry(self, request: Any, pk: int) -> Response:
        """Give a message that was given up to its provider once more."""
        return self.act(actions.retry_message, self.get_object())
