"""Pages of the people who work in a store: accounts, roles, first passwords."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core import actions
from core.events import events_of
from core.filters import EmployeeFilter
from core.forms import AddEmployeeForm, PostForm
from core.lists import list_page
from core.models import Employee, Posting, Store
from core.tables import EmployeeTable
from core.web import HouseRequest, back, current_store, door, page, shown_once, submit, verb_page


def _employee(request: HouseRequest, pk: int) -> Employee:
    return get_object_or_404(Employee.kept_by(request.actor), pk=pk)


@door("core.keep_employees", methods=("GET",))
def employees(request: HouseRequest) -> HttpResponse:
    """The people of one's stores, with their roles."""
    return list_page(
        request,
        rows=Employee.kept_by(request.actor).prefetch_related("postings__store"),
        table_class=EmployeeTable,
        filterset_class=EmployeeFilter,
        orderings={"name": ("name", "id"), "-name": ("-name", "-id"), "username": ("username", "id")},
        heading=_("Employees"),
        name="employees",
        new_url=reverse("add_employee"),
        new_label=_("Add an employee"),
        empty={"icon": "users-group", "title": _("Nobody works here yet")},
    )


@door("core.keep_employees")
def add_employee(request: HouseRequest) -> HttpResponse:
    """A new colleague with a first role; the first password is shown once."""
    form = AddEmployeeForm(request.POST or None, by=request.actor, initial={"store": current_store(request)})
    made = submit(request, form, actions.add_employee)
    if made:
        return shown_once(page(request, "core/password.html", {"employee": made.employee, "password": made.text}))
    context = {"heading": _("Add an employee"), "form": form, "submit": _("Add"), "cancel": reverse("employees")}
    return page(request, "core/form_page.html", context)


@door("core.keep_employees", methods=("GET",))
def employee(request: HouseRequest, pk: int) -> HttpResponse:
    """One colleague: roles, account, what happened to it."""
    found = _employee(request, pk)
    stores = Store.objects.for_verb(request.actor, "core.keep_employees").values_list("pk", flat=True)
    context = {
        "employee": found,
        "postings": found.postings.filter(is_active=True).select_related("store", "company").order_by("id"),
        "mine": set(stores[:10_000]),
        "form": PostForm(by=request.actor),
        "own": found.pk == request.actor.pk,
        "events": events_of(found),
    }
    return page(request, "core/employee.html", context)


@door("core.keep_employees")
def post_employee(request: HouseRequest, pk: int) -> HttpResponse:
    """One more role in a store."""
    found = _employee(request, pk)
    form = PostForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.post_employee,
        found,
        heading=_("Give a role"),
        pretitle=str(found),
        target=reverse("employee", args=[pk]),
        done=_("The role is given."),
    )


@door("core.keep_employees", methods=("POST",))
def end_posting(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    people = Employee.kept_by(request.actor)
    posting = get_object_or_404(Posting.objects.filter(employee__in=people, is_active=True), pk=pk)
    actions.end_posting(posting, by=request.actor)
    return back(request, _("The role is taken away."), reverse("employee", args=[posting.employee_id]))


@door("core.keep_employees", methods=("POST",))
def deactivate_employee(request: HouseRequest, pk: int) -> HttpResponse:
    """Close an account."""
    actions.deactivate_employee(_employee(request, pk), by=request.actor)
    return back(request, _("The account is closed."), reverse("employee", args=[pk]))


@door("core.keep_employees", methods=("POST",))
def reactivate_employee(request: HouseRequest, pk: int) -> HttpResponse:
    """Open an account again."""
    actions.reactivate_employee(_employee(request, pk), by=request.actor)
    return back(request, _("The account is open again."), reverse("employee", args=[pk]))


@door("core.keep_employees", methods=("POST",))
def reset_password(request: HouseRequest, pk: int) -> HttpResponse:
    """A new first password, shown once."""
    made = actions.reset_password(_employee(request, pk), by=request.actor)
    return shown_once(page(request, "core/password.html", {"employee": made.employee, "password": made.text}))
