"""REST door of vehicles, with their history."""

from typing import Any

from rest_framework.response import Response

from core.documents import HouseApi, NameOut, Out, verb
from customers import actions
from customers.api.moved import moved
from customers.filters import VehicleFilter
from customers.forms import AddVehicleForm, EditVehicleForm, MergeVehicleForm, OtherVehicleForm
from customers.models import MileageReading, OwnerSpan, PlateSpan, Vehicle


class VehicleOut(Out):
    """A car as one company knows it."""

    owner = NameOut(allow_null=True)

    class Meta:
        model = Vehicle
        fields = [
            "id",
            "company",
            "owner",
            "vin",
            "vin_remark",
            "plate",
            "plate_kind",
            "brand",
            "model",
            "year",
            "mileage",
            "sold_on",
            "warranty_from",
            "is_incomplete",
            "source",
            "source_id",
            "version",
            "created_at",
        ]


class PlateSpanOut(Out):
    """A plate the car wore, and when."""

    class Meta:
        model = PlateSpan
        fields = ["plate", "plate_kind", "since", "until"]


class OwnerSpanOut(Out):
    """Whose the car was, and when."""

    customer = NameOut()

    class Meta:
        model = OwnerSpan
        fields = ["customer", "since", "until"]


class MileageReadingOut(Out):
    """A mileage that was read off the car."""

    class Meta:
        model = MileageReading
        fields = ["at", "km", "source", "is_doubtful", "remark"]


class VehicleRowOut(VehicleOut):
    """A car with its history."""

    plates = PlateSpanOut(many=True)
    owners = OwnerSpanOut(many=True)
    readings = MileageReadingOut(many=True)

    class Meta(VehicleOut.Meta):
        fields = [*VehicleOut.Meta.fields, "plates", "owners", "readings"]


class VehicleApi(HouseApi):
    """Cars of the reader's companies."""

    reads = "customers.see_vehicles"
    is_personal = True
    queryset = Vehicle.objects.select_related("owner")
    serializer_class = VehicleOut
    row_serializer_class = VehicleRowOut
    filterset_class = VehicleFilter
    orderings = {"-id": ("-id",), "id": ("id",), "plate": ("plate", "id")}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related("plates", "owners__customer", "readings")

    def retrieve(self, request: Any, pk: int) -> Response:
        """One car with its history; a record that was merged into another one answers with that one's address."""
        merged = Vehicle.objects.merged_for(request.actor).filter(pk=pk).values_list("merged_into", flat=True).first()
        return moved(request, merged) if merged else super().retrieve(request, pk)

    @verb("customers.add_vehicle", AddVehicleForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a car to a company's cars."""
        return self.act(actions.add_vehicle)

    @verb("customers.edit_vehicle", EditVehicleForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change what is known of a car: every field is sent, what is left out is emptied."""
        return self.act(actions.edit_vehicle, self.get_object())

    @verb("customers.edit_vehicle", EditVehicleForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Change some of what is known of a car: what is left out stays."""
        vehicle = self.get_object()
        return self.act(actions.edit_vehicle, vehicle, known=EditVehicleForm.known(vehicle))

    @verb("customers.merge", MergeVehicleForm)
    def merge(self, request: Any, pk: int) -> Response:
        """Make another record of the same car part of this one."""
        return self.act(actions.merge_vehicle, self.get_object())

    @verb("customers.merge")
    def undo_merge(self, request: Any, pk: int) -> Response:
        """Take the last merge into this record back, as long as nothing new has happened."""
        return self.act(actions.undo_merge, self.get_object())

    @verb("customers.merge", OtherVehicleForm)
    def keep_apart(self, request: Any, pk: int) -> Response:
        """Note that this record and another one, which look alike, are two cars."""
        return self.act(actions.keep_apart, self.get_object())
