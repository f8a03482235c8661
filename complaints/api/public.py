"""REST over the address by which a customer follows a case."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from complaints.actions.public import is_followed
from complaints.models import Complaint
from core.actor import allow
from core.documents import HouseApi, Out
from core.rows import Refused

VERB = "complaints.tell_customer"


class CaseLinkOut(Out):
    """The address that is given to the customer, and whether they may be called about it."""

    address = serializers.CharField(read_only=True)

    class Meta:
        model = Complaint
        fields = ["id", "number", "address", "may_call"]


class CaseLinkApi(HouseApi):
    """The customer's own page of a case."""

    reads = VERB
    queryset = Complaint.objects.select_related("store")
    serializer_class = CaseLinkOut

    def link(self, request: Any, pk: int) -> Response:
        """The address by which the customer follows a case, chooses and accepts; for those who tell customers."""
        found = self.get_object()
        allow(request.actor, VERB, found.store)
        if not is_followed(found):
            raise Refused(_("The customer's page of this case is closed."))
        return self.answer(found)
