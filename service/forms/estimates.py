"""What comes in about jobs, lines and payers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField
from core.models import Trade, VatRate
from core.shapes import Rows
from service.forms.arrival import JobForm
from service.models import CatalogueItem, Job, Line, Menu, Party, Share, Visit


class AddJobForm(JobForm):
    """Something more that the customer asks for, or extra work that was found; the same fault again names its job."""

    trade = forms.ChoiceField(label=_("Trade"), choices=Trade, initial=Trade.MECHANIC)
    comeback_of = forms.ModelChoiceField(
        label=_("Same fault again"), queryset=Job.objects.none(), required=False, empty_label=_("No, something new")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        comeback: Any = self.fields["comeback_of"]
        running = Job.objects.guaranteed(localdate()).order_by("-id")
        comeback.queryset = running.visible_to(self.by) if self.by else running.none()

    def only_of(self, visit: Visit) -> None:
        """Offer the jobs of this one car; without any the question is not asked."""
        comeback: Any = self.fields["comeback_of"]
        comeback.queryset = comeback.queryset.filter(order__visit__vehicle=visit.vehicle_id)
        if not comeback.queryset.exists():
            del self.fields["comeback_of"]


class AddMenuForm(HouseForm):
    """A menu for an order that is open."""

    menu = forms.ModelChoiceField(label=_("Service menu"), queryset=Menu.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        menu: Any = self.fields["menu"]
        menu.queryset = Menu.objects.active().visible_to(self.by).order_by("code") if self.by else Menu.objects.none()


class TakeUpAgainForm(HouseForm):
    """Work that was declined or put off on earlier visits, to be offered again."""

    lines = forms.ModelMultipleChoiceField(label=_("Work put off earlier"), queryset=Line.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines: Any = self.fields["lines"]
        lines.queryset = Line.objects.visible_to(self.by) if self.by else Line.objects.none()


class LineForm(HouseForm):
    """One labour operation or part of an estimate: of the catalogue, or in one's own words."""

    item = forms.ModelChoiceField(
        label=_("Catalogue"), queryset=CatalogueItem.objects.none(), required=False, widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Line.Kind, initial=Line.Kind.LABOUR)
    name = forms.CharField(label=_("Item"), max_length=160, required=False)
    code = forms.CharField(label=_("Code"), max_length=40, required=False)
    quantity = forms.DecimalField(
        label=_("Quantity or hours"), max_digits=9, decimal_places=2, min_value=0, required=False
    )
    unit = forms.CharField(label=_("Unit"), max_length=8, required=False)
    price = MoneyField(label=_("Unit price, tax included"), max_digits=11, min_value=0, required=False)
    cost = MoneyField(label=_("Cost"), min_value=0, required=False)
    supply = forms.ChoiceField(
        label=_("VAT class"), choices=VatRate.Supply, initial=VatRate.Supply.REPAIR, required=False
    )
    payer = forms.ChoiceField(label=_("Payer"), choices=Party.Kind, initial=Party.Kind.CUSTOMER)
    party = forms.ModelChoiceField(
        label=_("Name of the payer"), queryset=Party.objects.none(), required=False, empty_label="–"
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=Share.Reason, initial=Share.Reason.REPAIR)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.queryset = CatalogueItem.objects.visible_to(self.by) if self.by else CatalogueItem.objects.none()
        _parties(self)

    def clean(self) -> dict[str, Any]:
        """What the catalogue knows of an item is not asked for again; a free line says it all itself."""
        found: dict[str, Any] = super().clean() or {}
        _named(self, found)
        item = found.get("item")
        if item:
            found |= {"kind": item.kind, "code": item.code, "supply": item.supply}
            found |= {name: found.get(name) or getattr(item, name) for name in ("name", "unit")}
            found["quantity"] = item.quantity if found.get("quantity") is None else found["quantity"]
            return found
        needed = ["name", "quantity"] if found.get("kind") == Line.Kind.LABOUR else ["name", "quantity", "price"]
        for name in needed:
            if found.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        found["cost"] = found.get("cost") or Decimal(0)
        return found

    @property
    def is_shared(self) -> bool:
        """Whether somebody else than the customer pays, so that the page shows who."""
        payer = self["payer"].value()
        return payer not in (None, "", Party.Kind.CUSTOMER) or bool({"payer", "party", "reason"} & set(self.errors))


def _parties(form: Any) -> None:
    form.fields["party"].queryset = Party.objects.by_use().visible_to(form.by) if form.by else Party.objects.none()


def _named(form: Any, found: dict[str, Any]) -> None:
    """Somebody else than the customer is named, and of the kind that was chosen."""
    payer, party = found.get("payer"), found.get("party")
    if payer == Party.Kind.CUSTOMER:
        found["party"] = None
    elif payer and party is None:
        form.add_error("party", _("Name who pays when it is not the customer."))
    elif payer and party and party.kind != payer:
        form.add_error("party", _("This payer is of another kind."))


class AddLinesForm(HouseForm):
    """The estimate of a job."""

    lines = Rows(LineForm, label=_("Labour and parts"), spare=2)


class ShareForm(HouseForm):
    """What one payer takes of a line."""

    payer = forms.ChoiceField(label=_("Payer"), choices=Party.Kind, initial=Party.Kind.CUSTOMER)
    party = forms.ModelChoiceField(
        label=_("Name of the payer"), queryset=Party.objects.none(), required=False, empty_label="–"
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=Share.Reason, initial=Share.Reason.REPAIR)
    amount = MoneyField(label=_("Amount"), min_value=0, required=False, help_text=_("The last payer takes the rest."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _parties(self)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        _named(self, found)
        return found


class ShareLineForm(HouseForm):
    """Who pays for a line."""

    shares = Rows(ShareForm, label=_("Payers"))


class ShareOfJobForm(ShareForm):
    """What one payer takes of a whole job: in percent, in yuan, or as the last one the rest."""

    percent = forms.DecimalField(
        label=_("Percent"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )
    field_order = ["payer", "party", "reason", "percent", "amount"]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("percent") is not None and found.get("amount") is not None:
            self.add_error("amount", _("Enter percent or an amount, not both."))
        return found


class ShareJobForm(HouseForm):
    """Who pays for a whole job."""

    shares = Rows(ShareOfJobForm, label=_("Payers"), spare=1)


class AskGoodwillForm(ShareJobForm):
    """A split in which the store gives more than one may give alone, and why it should."""

    reason = forms.CharField(label=_("Why the store should give it"), max_length=400)


class AssessForm(HouseForm):
    """What the insurer will pay for an accident."""

    insurer = forms.ModelChoiceField(label=_("Insurer"), queryset=Party.objects.none(), empty_label=None)
    amount = MoneyField(label=_("Assessed amount"), min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        insurer: Any = self.fields["insurer"]
        found = Party.objects.by_use().filter(kind=Party.Kind.INSURER)
        insurer.queryset = found.visible_to(self.by) if self.by else found.none()
