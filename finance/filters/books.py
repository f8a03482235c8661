"""Filters of the lists of ledger entries, invoices and counts of the cash desk."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, DayFilter, HouseFilter, PersonFilter, RowFilter, StoreFilter, YesFilter
from core.roles import Role
from finance.models import Account, Invoice


class LedgerFilter(HouseFilter):
    """Ledger entries by account, day, store, and the number of a document or a settlement."""

    account = ChoiceFilter(label=_("Ledger account"), choices=Account.choices)
    day_from = DayFilter(label=_("From"), field_name="business_date", lookup_expr="gte")
    day_to = DayFilter(label=_("To"), field_name="business_date", lookup_expr="lte")
    store = StoreFilter()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(document=text.upper()) | Q(settlement_number=text.upper()))


class InvoiceFilter(HouseFilter):
    """Invoices by number, title, settlement, state."""

    status = ChoiceFilter(label=_("State"), choices=Invoice.Status.choices)
    kind = ChoiceFilter(label=_("Kind"), choices=Invoice.Kind.choices)
    asked_from = DayFilter(label=_("Asked for from"), field_name="asked_at", lookup_expr="date__gte")
    asked_to = DayFilter(label=_("Asked for to"), field_name="asked_at", lookup_expr="date__lte")
    store = StoreFilter()
    settlement = RowFilter(field_name="settlement")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(
            Q(number__endswith=text)
            | Q(red_number__endswith=text)
            | Q(title__icontains=text)
            | Q(tax_number=text.upper())
            | Q(settlement__number=text.upper())
        )


class CashCountFilter(HouseFilter):
    """Counts of the cash desk by cashier and day."""

    cashier = PersonFilter(Role.CASHIER, Role.FINANCE_MANAGER, label=_("Cashier"))
    confirmed = YesFilter(label=_("Confirmed"), method="by_confirmation")
    day_from = DayFilter(label=_("From"), field_name="business_date", lookup_expr="gte")
    day_to = DayFilter(label=_("To"), field_name="business_date", lookup_expr="lte")
    store = StoreFilter()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(cashier__name__icontains=text) | Q(remark__icontains=text))

    def by_confirmation(self, rows: QuerySet, _name: str, confirmed: bool) -> QuerySet:
        """Those a second person has confirmed, or those that wait for it."""
        return rows.filter(confirmed_at__isnull=not confirmed)
