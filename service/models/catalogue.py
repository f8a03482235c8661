"""The catalogue (工时与配件目录) and the menus (套餐): what nobody types a second time."""

import re
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Trade, VatRate
from core.rows import HouseModel, Rows
from core.taxes import cents
from service.models.jobs import Job
from service.models.lines import Line
from service.models.synonyms import names_of


class CatalogueRows(Rows):
    """Reads of the catalogue."""

    def active(self) -> Self:
        """What is offered today."""
        return self.filter(is_active=True)

    def found_by(self, text: str) -> Self:
        """Items whose code begins with the text or whose name holds every word of it, by any name the trade has."""
        found = self
        for word in text.split():
            named = Q(code__istartswith=word)
            for name in names_of(word):
                named |= Q(name__icontains=name)
            found = found.filter(named)
        return found


_BETWEEN = re.compile(r"[,，、;；/\n]+")


def suits(thing: Any, brand: str, model: str) -> bool:
    """Whether an item or a menu is for a car: for every car, for its brand, or for the models that are listed.

    A listed name means every model that begins with it; what nobody knows of a car keeps nothing away from it.
    """
    if thing.brand and brand and thing.brand.casefold() != brand.casefold():
        return False
    names = [name.strip().casefold() for name in _BETWEEN.split(thing.fits) if name.strip()]
    return not names or not model or any(model.casefold().startswith(name) for name in names)


class CatalogueItem(HouseModel):
    """A labour operation with its standard hours, a part with its price, or another item, for a whole company."""

    READ = "service.see_catalogue"
    COMPANY = "company"

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="catalogue")
    kind = models.CharField(_("kind"), max_length=6, choices=Line.Kind)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("item"), max_length=160)
    unit = models.CharField(_("unit"), max_length=8, blank=True)
    quantity = models.DecimalField(_("usual quantity or hours"), max_digits=9, decimal_places=2, default=Decimal(1))
    price = models.DecimalField(
        _("unit price, tax included"),
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty for labour: the store's labour rate."),
    )
    cost = models.DecimalField(_("cost of one"), max_digits=11, decimal_places=2, default=Decimal(0))
    supply = models.CharField(
        _("supply"),
        max_length=8,
        choices=VatRate.Supply,
        default=VatRate.Supply.REPAIR,
        help_text=_("A wash is another service: its VAT rate is lower."),
    )
    trade = models.CharField(_("trade"), max_length=10, choices=Trade, default=Trade.MECHANIC)
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    fits = models.CharField(_("models"), max_length=400, blank=True, help_text=_("Empty: every model."))
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = CatalogueRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "code"],
                name="catalogue_code_once",
                violation_error_message=_("The catalogue already has this code."),
            ),
            models.CheckConstraint(
                condition=(Q(price__isnull=True, kind="labour") | Q(price__gte=0)) & Q(cost__gte=0, quantity__gt=0),
                name="catalogue_amounts",
                violation_error_message=_("A part needs a price; prices, costs and quantities are not negative."),
            ),
        ]
        indexes = [models.Index(fields=["company", "code", "id"], name="catalogue_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("edit_item", args=[self.pk])

    def price_at(self, rate: Decimal) -> Decimal:
        """What one of it costs the customer in a store with this labour rate."""
        return rate if self.price is None else self.price


class MenuRows(CatalogueRows):
    """Reads of menus."""

    def with_items(self) -> Self:
        """With their items, for prices and hours."""
        return self.prefetch_related(models.Prefetch("items", MenuItem.objects.select_related("item").order_by("id")))


class Menu(HouseModel):
    """A menu (套餐): the job it makes, its items, and a price for all of it when it has one of its own."""

    READ = "service.see_catalogue"
    COMPANY = "company"

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="menus")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("menu"), max_length=120)
    job_kind = models.CharField(_("kind of job"), max_length=12, choices=Job.Kind, default=Job.Kind.MAINTENANCE)
    scope = models.CharField(_("extent of the repair"), max_length=10, choices=Job.Scope, default=Job.Scope.SMALL)
    price = models.DecimalField(
        _("price of the whole menu"),
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty: the sum of its items."),
    )
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    fits = models.CharField(_("models"), max_length=400, blank=True, help_text=_("Empty: every model."))
    since_km = models.PositiveIntegerField(_("offered from km"), null=True, blank=True)
    until_km = models.PositiveIntegerField(_("offered until km"), null=True, blank=True)
    is_quick = models.BooleanField(_("for the quick lane"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = MenuRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "code"],
                name="menu_code_once",
                violation_error_message=_("There is already a menu with this code."),
            ),
            models.CheckConstraint(condition=Q(price__isnull=True) | Q(price__gte=0), name="menu_price"),
        ]
        indexes = [models.Index(fields=["company", "code", "id"], name="menu_by_code")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("edit_menu", args=[self.pk])

    def is_due_at(self, mileage: int | None) -> bool:
        """Whether it is offered to a car that has run so far; always while nobody has read the mileage."""
        return mileage is None or (self.since_km or 0) <= mileage <= (self.until_km or mileage)

    @property
    def hours(self) -> Decimal:
        """The labour hours of its items."""
        return sum((x.quantity for x in self.items.all() if x.item.kind == Line.Kind.LABOUR), Decimal(0))

    def sum_at(self, rate: Decimal) -> Decimal:
        """What its items come to in a store with this labour rate, each rounded as it would be on its line."""
        return sum((cents(x.quantity * x.item.price_at(rate)) for x in self.items.all()), Decimal(0))

    def price_at(self, rate: Decimal) -> Decimal:
        """What the customer pays for it in a store with this labour rate."""
        return self.sum_at(rate) if self.price is None else self.price


class MenuItem(models.Model):
    """One item of a menu, with the quantity it takes."""

    menu = models.ForeignKey(Menu, models.CASCADE, related_name="items")
    item = models.ForeignKey(CatalogueItem, models.PROTECT, related_name="in_menus")
    quantity = models.DecimalField(_("quantity or hours"), max_digits=9, decimal_places=2)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["menu", "item"], name="menu_item_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="menu_item_quantity"),
        ]


class GuaranteeRule(models.Model):
    """How long a repair is guaranteed from gate-out on, by its extent: dated data (rule 13 of the market rules)."""

    scope = models.CharField(_("extent of the repair"), max_length=10, choices=Job.Scope)
    since = models.DateField(_("since"))
    days = models.PositiveSmallIntegerField(_("days"))
    km = models.PositiveIntegerField(_("kilometres"))

    class Meta:
        ordering = ["scope", "since"]
        constraints = [models.UniqueConstraint(fields=["scope", "since"], name="guarantee_rule_once")]
