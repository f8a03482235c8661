"""What comes in about the catalogue, the menus, files of both, and payers."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField, PhotosField, Pills
from core.forms.files import PhotosInput
from core.models import Company, Trade, VatRate
from core.shapes import Rows
from core.uploads import MOST_BYTES, clean_name, decoded
from customers.forms import companies_for
from service.models import CatalogueItem, Job, Line, Menu, Party


class _OfCompany(HouseForm):
    """Something that belongs to a company; who may keep it in one company has nothing to choose."""

    VERB = "service.keep_catalogue"
    company = forms.ModelChoiceField(label=_("Company"), queryset=Company.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "company" in self.fields:
            company: Any = self.fields["company"]
            company.queryset = companies_for(self.by, self.VERB).order_by("pk")
            found = list(company.queryset[:2]) if self.by else []
            if len(found) == 1:
                company.initial, company.widget = found[0].pk, forms.HiddenInput()


class EditItemForm(HouseForm):
    """A labour operation with its hours, a part with its price, or another item."""

    columns = 2
    kind = forms.ChoiceField(label=_("Kind"), choices=Line.Kind, initial=Line.Kind.LABOUR, widget=Pills)
    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Item"), max_length=160)
    unit = forms.CharField(label=_("Unit"), max_length=8, required=False)
    quantity = forms.DecimalField(
        label=_("Usual quantity or hours"), max_digits=9, decimal_places=2, min_value=0, initial=1
    )
    price = MoneyField(
        label=_("Unit price, tax included"),
        max_digits=11,
        min_value=0,
        required=False,
        help_text=_("Empty for labour: the store's labour rate."),
    )
    cost = MoneyField(label=_("Cost of one"), max_digits=11, min_value=0, initial=0)
    supply = forms.ChoiceField(
        label=_("VAT class"),
        choices=VatRate.Supply,
        initial=VatRate.Supply.REPAIR,
        help_text=_("A wash is another service: its VAT rate is lower."),
    )
    trade = forms.ChoiceField(label=_("Trade"), choices=Trade, initial=Trade.MECHANIC)
    brand = forms.CharField(label=_("Brand"), max_length=40, required=False, help_text=_("Empty: every brand."))
    fits = forms.CharField(
        label=_("Models"),
        max_length=400,
        required=False,
        help_text=_("Empty: every model. Several with a comma between."),
    )
    is_active = forms.BooleanField(label=_("Offered"), required=False, initial=True)

    @classmethod
    def known(cls, item: CatalogueItem) -> dict[str, Any]:
        """An item's present values, as the form's initial ones."""
        return {name: getattr(item, name) for name in cls.base_fields}


class AddItemForm(_OfCompany, EditItemForm):
    """A new item of a company's catalogue."""

    field_order = ["company", "kind", "code", "name"]


class MenuItemForm(HouseForm):
    """One item of a menu."""

    item = forms.ModelChoiceField(label=_("Item"), queryset=CatalogueItem.objects.none(), widget=forms.HiddenInput)
    quantity = forms.DecimalField(label=_("Quantity or hours"), max_digits=9, decimal_places=2, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.queryset = CatalogueItem.objects.visible_to(self.by) if self.by else CatalogueItem.objects.none()

    @property
    def chosen(self) -> CatalogueItem | None:
        """The item that stands in this row, to be shown by its name."""
        value = str(self["item"].value() or "")
        field: Any = self.fields["item"]
        return field.queryset.filter(pk=value).first() if value.isdecimal() else None


class EditMenuForm(HouseForm):
    """A menu: the job it makes, its items, its price, the cars it is for."""

    columns = 2
    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Service menu"), max_length=120)
    job_kind = forms.ChoiceField(label=_("Kind of job"), choices=Job.Kind, initial=Job.Kind.MAINTENANCE)
    scope = forms.ChoiceField(label=_("Extent of the repair"), choices=Job.Scope, initial=Job.Scope.SMALL)
    price = MoneyField(
        label=_("Price of the whole menu"),
        max_digits=11,
        min_value=0,
        required=False,
        help_text=_("Empty: the sum of its items."),
    )
    brand = forms.CharField(label=_("Brand"), max_length=40, required=False, help_text=_("Empty: every brand."))
    fits = forms.CharField(
        label=_("Models"),
        max_length=400,
        required=False,
        help_text=_("Empty: every model. Several with a comma between."),
    )
    since_km = forms.IntegerField(label=_("Offered from km"), min_value=0, max_value=3_000_000, required=False)
    until_km = forms.IntegerField(label=_("Offered until km"), min_value=0, max_value=3_000_000, required=False)
    is_quick = forms.BooleanField(label=_("For the quick lane"), required=False, initial=False)
    is_active = forms.BooleanField(label=_("Offered"), required=False, initial=True)
    items = Rows(MenuItemForm, label=_("Items"), spare=0)

    @classmethod
    def known(cls, menu: Menu) -> dict[str, Any]:
        """A menu's present values, as the form's initial ones."""
        found = {name: getattr(menu, name) for name in cls.base_fields if name != "items"}
        return found | {"items": [{"item": x.item_id, "quantity": x.quantity} for x in menu.items.all()]}


class ComposeMenuForm(_OfCompany, EditMenuForm):
    """A new menu of a company."""

    field_order = ["company", "code", "name"]


class SheetFile(NamedTuple):
    """A table that somebody brings: its name and its bytes."""

    name: str
    content: bytes


class SheetInput(PhotosInput):
    """One file, an xlsx or csv."""

    template_name = "django/forms/widgets/file.html"
    allow_multiple_selected = False

    class Media:
        extend = False  # nothing of a photo is wanted here

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The file of a page, or what JSON brought."""
        if not hasattr(data, "getlist") and data.get(name) is not None:
            return list(data[name])
        found = files.get(name) if files else None
        return [found] if found else []


class SheetField(PhotosField):
    """An xlsx or csv file; what is in it is read as strictly as every other load."""

    widget = SheetInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=1, **kwargs)
        self.widget.attrs["accept"] = ".xlsx,.csv,.txt"

    def to_python(self, value: Any) -> Any:
        """The bytes as they came; reading them is the load's work."""
        uploads = value or []
        if len(uploads) > 1:
            raise ValidationError(_("Send one file at a time."), code="many")
        if not uploads:
            return None
        (upload,) = uploads
        if isinstance(upload, dict):
            content = decoded(upload["content"], MOST_BYTES)
            upload = SimpleUploadedFile(str(upload["name"]) or "table.csv", content)
        if upload.size > MOST_BYTES:
            raise ValidationError(
                _("This is larger than %(most)s MB."), params={"most": MOST_BYTES // 2**20}, code="large"
            )
        upload.seek(0)
        return SheetFile(clean_name(upload.name, ""), upload.read())


class LoadCatalogueForm(_OfCompany):
    """A price list or a list of menus as a file."""

    what = forms.ChoiceField(
        label=_("What it holds"),
        choices=[("catalogue", _("Labour operations and parts")), ("menus", _("Menus"))],
        initial="catalogue",
        widget=Pills,
    )
    sheet = SheetField(label=_("Excel or CSV file"))
    kind_of_rows = forms.ChoiceField(
        label=_("Rows without a kind are"),
        choices=[("", _("not taken over")), *Line.Kind.choices],
        required=False,
        initial="",
        help_text=_("For a price list that holds labour only, or parts only."),
    )
    field_order = ["company", "what", "sheet", "kind_of_rows"]


class LoadCatalogueApiForm(LoadCatalogueForm):
    """The same for programs, which say at once whether they only want to know what would happen."""

    dry_run = forms.BooleanField(label=_("Only say what would happen"), required=False, initial=True)


class EditPartyForm(HouseForm):
    """A payer other than the customer."""

    name = forms.CharField(label=_("Name"), max_length=80)
    terms_days = forms.IntegerField(label=_("Days to pay"), min_value=0, max_value=365, initial=30)
    is_active = forms.BooleanField(label=_("Offered"), required=False, initial=True)

    @classmethod
    def known(cls, party: Party) -> dict[str, Any]:
        """A payer's present values, as the form's initial ones."""
        return {name: getattr(party, name) for name in cls.base_fields}


class AddPartyForm(_OfCompany, EditPartyForm):
    """A new payer."""

    VERB = "service.keep_parties"
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[c for c in Party.Kind.choices if c[0] != Party.Kind.CUSTOMER], widget=Pills
    )
    field_order = ["company", "kind", "name", "terms_days", "is_active"]
