"""What every filter of a list shares: strict dates and choices, stores one may see, one free text.

A room's `filters.py` has one class for each list; the page shows it as a form, the REST door reads it from the address.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput
from core.models import Approval, Attachment, Company, Employee, Matter, Posting, Store, Task
from core.roles import VERBS, Role
from core.web import visible_stores

__all__ = [
    "AbsenceFilter",
    "ApprovalFilter",
    "AttachmentFilter",
    "ChoiceFilter",
    "CompanyFilter",
    "DayFilter",
    "EntryFilter",
    "FigureFilter",
    "HouseFilter",
    "PeopleFilter",
    "PersonFilter",
    "RowFilter",
    "StoreFilter",
    "TaskFilter",
    "YesFilter",
]


class ChoiceFilter(filters.ChoiceFilter):
    """One of a model's choices, or all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("All"))
        super().__init__(*args, **kwargs)


class DayFilter(filters.DateFilter):
    """A day from which, or up to which; always 2026-11-23, whatever the language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=DateInput(), input_formats=["%Y-%m-%d"], **kwargs)


class YesFilter(filters.TypedChoiceFilter):
    """Yes, no, or both; anything else is refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            choices=[("", _("All")), ("true", _("Yes")), ("false", _("No"))],
            coerce=lambda value: value == "true",
            empty_value=None,
            **kwargs,
        )


class RowFilter(filters.NumberFilter):
    """The id of another document, for links and programs; the page carries it without showing it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.HiddenInput(), min_value=1, max_value=10**18, decimal_places=0, **kwargs)


def _stores(request: Any) -> QuerySet[Store]:
    return visible_stores(request.actor).order_by("code") if request is not None else Store.objects.none()


class StoreFilter(filters.ModelChoiceFilter):
    """One of the stores that this reader may see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, queryset=_stores, label=_("Store"), empty_label=_("All stores"), **kwargs)


def _companies(request: Any) -> QuerySet[Company]:
    return Company.objects.filter(pk__in=_stores(request).order_by().values("company")).order_by("pk")


class CompanyFilter(filters.ModelChoiceFilter):
    """One of the companies of which this reader may see a store."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, queryset=_companies, label=_("Company"), empty_label=_("All companies"), **kwargs)


def _people(roles: Iterable[str]) -> Callable[[Any], QuerySet[Employee]]:
    def found(request: Any) -> QuerySet[Employee]:
        stores = _stores(request).order_by()
        posted = Q(postings__store__in=stores) | Q(postings__company__in=stores.values("company"))
        return (
            Employee.objects.filter(posted, postings__is_active=True, postings__role__in=list(roles))
            .distinct()
            .order_by("name", "pk")
        )

    return found


class PersonFilter(filters.ModelChoiceFilter):
    """A colleague with one of these roles in a store that this reader may see."""

    def __init__(self, *roles: str, **kwargs: Any) -> None:
        super().__init__(queryset=_people(roles), empty_label=_("All"), **kwargs)


class HouseFilter(filters.FilterSet):
    """A list's filter. `search` says where the free text is looked for."""

    # filters that a link brings along: they show on the page only when the address carries them
    ASKED: ClassVar[tuple[str, ...]] = ()

    q = filters.CharFilter(label=_("Search"), method="by_text", max_length=60)

    @property
    def form(self) -> forms.Form:
        """The filter's form, without the fields that nobody asked for."""
        form = super().form
        for name in self.ASKED:
            if not form.data.get(name):
                form.fields[name].widget = forms.HiddenInput()
        if self.request is not None and "store" in form.fields and not form.data.get("store"):
            if len(_stores(self.request)[:2]) < 2:  # nothing to choose for those who work in one store
                form.fields["store"].widget = forms.HiddenInput()
        return form

    def by_text(self, rows: QuerySet, _name: str, text: str) -> QuerySet:
        """The rows that the free text finds; empty text finds all."""
        text = " ".join(text.split())
        return self.search(rows, text) if text else rows

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Where a list looks for the text."""
        raise NotImplementedError


class PeopleFilter(HouseFilter):
    """Colleagues by name, and by the role they have in a store."""

    role = ChoiceFilter(label=_("Role"), choices=Role.choices, method="by_posting")
    store = StoreFilter(method="by_posting")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(name__icontains=text)

    def by_posting(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those who have this role, those who work in this store; asked together, in one posting."""
        asked = {key: self.form.cleaned_data.get(key) for key in ("role", "store")}
        posted = Posting.objects.filter(is_active=True, **{key: one for key, one in asked.items() if one})
        return rows.filter(pk__in=posted.values("employee"))


class EntryFilter(HouseFilter):
    """Lines of the logbook by verb, document, person and day."""

    kind = filters.CharFilter(label=_("Document"), max_length=40)
    object_id = RowFilter()
    by_id = RowFilter()
    day_from = DayFilter(label=_("From"), field_name="business_date", lookup_expr="gte")
    day_to = DayFilter(label=_("To"), field_name="business_date", lookup_expr="lte")
    store = StoreFilter()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(verb__icontains=text)


class AttachmentFilter(HouseFilter):
    """Files by their document and by what they show."""

    kind = filters.CharFilter(label=_("Kind of document"), max_length=40)
    object_id = RowFilter()
    purpose = ChoiceFilter(label=_("What they show"), choices=Attachment.Purpose.choices)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(name__icontains=text)


class FigureFilter(HouseFilter):
    """Figures by code, store and day."""

    code = filters.CharFilter(label=_("Figure"), max_length=40)
    dimension = filters.CharFilter(label=_("Dimension"), max_length=60)
    day_from = DayFilter(label=_("From"), field_name="day", lookup_expr="gte")
    day_to = DayFilter(label=_("To"), field_name="day", lookup_expr="lte")
    store = StoreFilter()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(code__icontains=text)


class EmployeeFilter(HouseFilter):
    """One's people by name or user name, role and store, and whether the account is open."""

    role = ChoiceFilter(label=_("Role"), choices=Role.choices, method="by_posting")
    is_active = YesFilter(label=_("Account open"))
    store = StoreFilter(method="by_posting")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(name__icontains=text) | Q(username__icontains=text))

    by_posting = PeopleFilter.by_posting


class ApprovalFilter(HouseFilter):
    """Approvals by matter, state and store, and by the words of what was asked."""

    matter = ChoiceFilter(label=_("Matter"), choices=Matter.choices)
    status = ChoiceFilter(label=_("Status"), choices=Approval.Status.choices)
    store = StoreFilter()
    kind = filters.CharFilter(label=_("Document"), max_length=40)
    object_id = RowFilter()
    ASKED = ("kind",)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(title__icontains=text) | Q(reason__icontains=text) | Q(asked_by__name__icontains=text))


class TaskFilter(HouseFilter):
    """Tasks by person, state and store, and by their words."""

    assignee = PersonFilter(*(role for role in Role if "core.finish_task" in VERBS[role]), label=_("Whose it is"))
    status = ChoiceFilter(label=_("Status"), choices=Task.Status.choices)
    store = StoreFilter()
    kind = filters.CharFilter(label=_("Document"), max_length=40)
    object_id = RowFilter()
    ASKED = ("kind",)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(title__icontains=text) | Q(remark__icontains=text) | Q(assignee__name__icontains=text))


class AbsenceFilter(HouseFilter):
    """Absences by person, day and store."""

    employee = PersonFilter(*Role, label=_("Employee"))
    day_from = DayFilter(label=_("From"), field_name="ends_at", lookup_expr="date__gte")
    day_to = DayFilter(label=_("To"), field_name="starts_at", lookup_expr="date__lte")
    store = StoreFilter()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(employee__name__icontains=text) | Q(reason__icontains=text))
