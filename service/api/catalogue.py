"""REST door of the catalogue, the menus and the payers."""

from decimal import Decimal
from typing import Any

from rest_framework import fields, serializers
from rest_framework.response import Response

from core.documents import CostField, HouseApi, Out, verb
from service import actions, imports
from service.filters import ItemFilter, MenuFilter, PartyFilter
from service.forms import (
    AddItemForm,
    AddPartyForm,
    ComposeMenuForm,
    EditItemForm,
    EditMenuForm,
    EditPartyForm,
    LoadCatalogueApiForm,
)
from service.models import CatalogueItem, Menu, MenuItem, Party

BY_CODE = {"code": ("code", "id"), "-code": ("-code", "-id"), "-id": ("-id",)}


class ItemCost(CostField):
    """What an item costs the company, for those who keep its catalogue."""

    def get_attribute(self, instance: CatalogueItem) -> Decimal:
        by = self.context["request"].actor
        if not by.scope("service.keep_catalogue").holds_company(instance.company_id):
            raise fields.SkipField
        return instance.cost


class ItemOut(Out):
    """A labour operation, a part or another item of the catalogue."""

    cost = ItemCost()

    class Meta:
        model = CatalogueItem
        fields = [
            "id",
            "company",
            "kind",
            "code",
            "name",
            "unit",
            "quantity",
            "price",
            "cost",
            "supply",
            "trade",
            "brand",
            "fits",
            "is_active",
            "version",
        ]


class MenuItemOut(Out):
    """One item of a menu."""

    code = serializers.CharField(source="item.code")
    name = serializers.CharField(source="item.name")

    class Meta:
        model = MenuItem
        fields = ["item", "code", "name", "quantity"]


class MenuOut(Out):
    """A menu with its items; without a price of its own it costs what they come to."""

    hours = serializers.DecimalField(max_digits=9, decimal_places=2)
    items = MenuItemOut(many=True)

    class Meta:
        model = Menu
        fields = [
            "id",
            "company",
            "code",
            "name",
            "job_kind",
            "scope",
            "price",
            "brand",
            "fits",
            "since_km",
            "until_km",
            "is_quick",
            "is_active",
            "hours",
            "items",
            "version",
        ]


class PartyOut(Out):
    """Somebody other than the customer who pays."""

    class Meta:
        model = Party
        fields = ["id", "company", "kind", "name", "terms_days", "is_active", "version"]


class RejectedRowOut(serializers.Serializer):
    """A row of a file that is not taken over, and why."""

    line = serializers.IntegerField()
    field = serializers.CharField()
    detail = serializers.CharField()


class LoadedRowOut(serializers.Serializer):
    """A row of a file: new, changed or the same, with what changes from what to what."""

    line = serializers.IntegerField()
    state = serializers.CharField()
    title = serializers.CharField()
    changes = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class LoadedOut(serializers.Serializer):
    """What became of a file."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = RejectedRowOut(many=True)
    rows = LoadedRowOut(many=True)
    sentences = serializers.ListField(child=serializers.CharField())


class ItemApi(HouseApi):
    """The catalogue: labour operations, parts and other items."""

    reads = "service.see_catalogue"
    queryset = CatalogueItem.objects.all()
    serializer_class = ItemOut
    filterset_class = ItemFilter
    orderings = BY_CODE

    @verb("service.keep_catalogue", AddItemForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Put an item into the catalogue."""
        return self.act(actions.add_item)

    @verb("service.keep_catalogue", EditItemForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change an item; lines that exist keep their prices."""
        return self.act(actions.edit_item, self.get_object())

    @verb("service.keep_catalogue", EditItemForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Change some of an item; fields that are left out stay as they are."""
        item = self.get_object()
        return self.act(actions.edit_item, item, known=EditItemForm.known(item))

    @verb("service.keep_catalogue", LoadCatalogueApiForm, creates=True, out=LoadedOut)
    def load(self, request: Any) -> Response:
        """Load a price list or menus from a file, or only say what it would change."""
        load, _rejected = self.ask(imports.load_sheet)
        return self.answer(imports.outcome(load))


class MenuApi(HouseApi):
    """The menus."""

    reads = "service.see_catalogue"
    queryset = Menu.objects.with_items()
    serializer_class = MenuOut
    filterset_class = MenuFilter
    orderings = BY_CODE

    @verb("service.keep_catalogue", ComposeMenuForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Compose a menu of items of the catalogue."""
        return self.act(actions.compose_menu)

    @verb("service.keep_catalogue", EditMenuForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change a menu; orders that took it keep what they have."""
        return self.act(actions.edit_menu, self.get_object())


class PartyApi(HouseApi):
    """Payers other than the customer: manufacturers, insurers, the store itself."""

    reads = "service.see_orders"
    queryset = Party.objects.all()
    serializer_class = PartyOut
    filterset_class = PartyFilter
    orderings = {"name": ("name", "id"), "-id": ("-id",)}

    @verb("service.keep_parties", AddPartyForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a payer."""
        return self.act(actions.add_party)

    @verb("service.keep_parties", EditPartyForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change a payer, or offer it no longer."""
        return self.act(actions.edit_party, self.get_object())
