"""What comes in when a case is taken in, put right, kept by somebody and linked with others."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.actions.cases import WORKING, people_with
from complaints.actions.linking import REPEAT, SAME
from complaints.forms.saying import OutgoingForm
from complaints.models import Attempt, Channel, Complaint, Problem
from core.forms import HouseForm, PhotosField, Pills
from core.models import Employee, Store
from customers.forms import CustomerField, Find, PhoneField, VehicleField
from customers.forms.finding import FoundField
from customers.models import Call, Customer, Vehicle
from service.models import Order

Way = Channel.Way
# how a case comes in: at a desk, another time, and how somebody tries to reach the customer
AT_THE_DESK = [one for one in Way.choices if one[0] not in (Way.WEB, Way.LOAD)]
ANY_WAY = [one for one in Way.choices if one[0] != Way.LOAD]
TO_REACH = [one for one in Way.choices if one[0] in (Way.PHONE, Way.COUNTER, Way.MESSAGE)]
MOST_PROBLEMS = 3  # inputs in a page; programs may name more


class ProblemsInput(forms.Widget):
    """A few problems, each typed as code or name with the list of all codes at hand."""

    template_name = "complaints/widgets/problems.html"
    wide = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """The ids of JSON, or what was typed."""
        value = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return [one for one in value if one not in ("", None)]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """As many inputs as there may be problems, filled with those that are known."""
        context = super().get_context(name, None, attrs)
        given = list(value or [])
        known = Problem.objects.in_bulk([one for one in given if isinstance(one, int)])
        typed = [str(known.get(one, one)) if isinstance(one, int) else str(one) for one in given]
        spare = [""] * max(MOST_PROBLEMS - len(typed), 0)
        return context | {"typed": [*typed, *spare], "problems": Problem.objects.filter(is_active=True)}


class ProblemsField(forms.ModelMultipleChoiceField):
    """Problems of the list of codes, the main one first: by id in JSON, by code or name in a page."""

    widget = ProblemsInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Problem.objects.filter(is_active=True), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Ids and what was typed, as the page shows them."""
        return [getattr(one, "pk", one) for one in value] if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """Each problem once, in the order given."""
        found: list[Problem] = []
        for one in value or []:
            problem = self._one(one)
            if problem is None:
                raise forms.ValidationError(
                    gettext("“%(word)s” is not in the list of problems.") % {"word": str(one)[:60]}
                )
            if problem not in found:
                found.append(problem)
        return found

    def _one(self, given: Any) -> Problem | None:
        rows: Any = self.queryset
        if isinstance(given, int):
            return rows.filter(pk=given).first() if 0 < given < 2**63 else None
        text = str(given).strip()
        by_code = rows.filter(code__iexact=text.split(" ")[0][:80]).first()
        if by_code:
            return by_code
        named = list(rows.filter(name_zh=text)[:2]) or list(rows.filter(name_en__iexact=text)[:2])
        return named[0] if len(named) == 1 else None


class FindCase(Find):
    """Finds one of thousands of cases."""

    template_name = "complaints/widgets/find_case.html"
    address = "find_case"
    words = _("Number, name, phone, plate or a word")
    rows: Any = Complaint.objects.none()


class CaseField(FoundField):
    """One case, by id in JSON, by what is known of it in a page."""

    widget = FindCase
    ORDER = ("-received_at", "-id")
    NONE = _("No case fits.")


class CaseForm(HouseForm):
    """What is written down of a case: who, which car, what."""

    columns = 2
    nature = forms.ChoiceField(
        label=_("Nature"), choices=Complaint.Nature, widget=Pills, initial=Complaint.Nature.COMPLAINT
    )
    name = forms.CharField(label=_("Complainant"), max_length=80, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    words = forms.CharField(
        label=_("In the customer's words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    demand = forms.CharField(
        label=_("What the customer demands"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    problems = ProblemsField(label=_("Problems"), required=False)
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=Complaint.Severity,
        widget=Pills,
        initial=Complaint.Severity.ORDINARY,
        required=False,
        help_text=_("The general manager is told of a major case at once."),
    )
    happened_on = forms.DateField(label=_("Happened on"), required=False)
    brand = forms.CharField(label=_("Brand"), max_length=40, required=False)
    series = forms.CharField(label=_("Series"), max_length=60, required=False)
    model_name = forms.CharField(label=_("Model"), max_length=80, required=False)

    def clean_severity(self) -> str:
        """Ordinary where nothing was said."""
        return self.cleaned_data["severity"] or Complaint.Severity.ORDINARY.value


class RegisterForm(CaseForm):
    """《顾客投诉登记表》: a case as somebody at a desk takes it in."""

    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    way = forms.ChoiceField(label=_("How it came in"), choices=AT_THE_DESK, widget=Pills, initial=Way.PHONE)
    plate = forms.CharField(label=_("Plate or VIN"), max_length=24, required=False)
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)
    photos = PhotosField(label=_("Photos and papers"), papers=True, required=False)
    customer = forms.ModelChoiceField(label=_("Customer"), queryset=Customer.objects.none(), required=False)
    vehicle = forms.ModelChoiceField(label=_("Car"), queryset=Vehicle.objects.none(), required=False)
    order = forms.ModelChoiceField(label=_("Repair order"), queryset=Order.objects.none(), required=False)
    call = forms.ModelChoiceField(label=_("Follow-up call"), queryset=Call.objects.none(), required=False)
    field_order = ("store", "nature", "way", "phone", "plate", "name", "words", "demand", "problems", "severity")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.by is None:
            return
        fields: Any = self.fields
        fields["store"].queryset = Store.objects.for_verb(self.by, "complaints.register").select_related("company")
        for name, model in (("customer", Customer), ("vehicle", Vehicle), ("order", Order), ("call", Call)):
            fields[name].queryset = model.objects.visible_to(self.by)
        if self.by.door == "browser":
            fields["way"].choices = [one for one in AT_THE_DESK if one[0] != Way.REST]


class EditComplaintForm(CaseForm):
    """A case put right."""

    customer = CustomerField(label=_("Customer"), required=False)
    vehicle = VehicleField(label=_("Car"), required=False)
    order = forms.ModelChoiceField(label=_("Repair order"), queryset=Order.objects.none(), required=False)
    field_order = ("nature", "customer", "vehicle", "order", "name", "phone", "words", "demand", "problems", "severity")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.by is not None:
            fields: Any = self.fields
            fields["customer"].among(Customer.objects.visible_to(self.by))
            fields["vehicle"].among(Vehicle.objects.visible_to(self.by))
            fields["order"].queryset = Order.objects.visible_to(self.by)

    def only_of(self, complaint: Complaint) -> None:
        """Offer the orders of the case's car and customer, the newest first."""
        field: Any = self.fields["order"]
        mine = field.queryset.filter(visit__vehicle=complaint.vehicle_id or 0)
        mine |= field.queryset.filter(visit__customer=complaint.customer_id or 0)
        mine |= field.queryset.filter(pk=complaint.order_id or 0)
        field.queryset = mine.order_by("-opened_at", "-id")

    @classmethod
    def known(cls, complaint: Complaint) -> dict[str, Any]:
        """A case as it is written down, as the form's initial values."""
        rows = {"customer", "vehicle", "order"}
        found = {name: getattr(complaint, name) for name in cls.base_fields if name not in {"problems", *rows}}
        problems = list(complaint.problems.order_by("code").values_list("pk", flat=True))
        problems.sort(key=lambda pk: pk != complaint.problem_id)
        return found | {name: getattr(complaint, f"{name}_id") for name in rows} | {"problems": problems}


class TakeForm(HouseForm):
    """Nothing to fill in: pressing the button takes the case."""


class AssignForm(HouseForm):
    """Who keeps the case from now on."""

    keeper = forms.ModelChoiceField(label=_("Case keeper"), queryset=Employee.objects.none(), empty_label=None)
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keeper: Any = self.fields["keeper"]
        stores = Store.objects.for_verb(self.by, "complaints.assign") if self.by else Store.objects.none()
        ids = {pk for store in stores for pk in people_with(store, WORKING).values_list("pk", flat=True)}
        keeper.queryset = Employee.objects.filter(pk__in=ids).order_by("name", "pk")

    def only_of(self, complaint: Complaint) -> None:
        """Offer those who work on cases in the store of this one."""
        keeper: Any = self.fields["keeper"]
        keeper.queryset = people_with(complaint.store, WORKING).exclude(pk=complaint.keeper_id)
        self.fields["reason"].required = bool(complaint.keeper_id)


class AddWordForm(OutgoingForm):
    """Something said after the beginning of a case; what the customer is shown is looked at."""

    OUTGOING = ("text",)
    text = forms.CharField(label=_("What is to be noted"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    is_shown = forms.BooleanField(label=_("Show it to the customer on their page"), required=False, initial=False)
    photos = PhotosField(label=_("Photos and papers"), papers=True, required=False)

    def outgoing(self, found: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Only what the customer is shown; a note of the house says what it likes."""
        return super().outgoing(found) if found.get("is_shown") else iter(())


class AddChannelForm(HouseForm):
    """Another way by which the same case came in."""

    way = forms.ChoiceField(label=_("How it came in"), choices=ANY_WAY, widget=Pills)
    remark = forms.CharField(label=_("Remark"), max_length=400, required=False)
    photos = PhotosField(label=_("Photos and papers"), papers=True, required=False)


class NoteAttemptForm(HouseForm):
    """One try to reach the customer."""

    way = forms.ChoiceField(label=_("How"), choices=TO_REACH, widget=Pills, initial=Way.PHONE)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Attempt.Outcome, widget=Pills)
    remark = forms.CharField(label=_("Remark"), max_length=400, required=False)


class LinkCaseForm(HouseForm):
    """Another case that belongs to this one."""

    other = CaseField(label=_("The other case"))
    relation = forms.ChoiceField(
        label=_("How they belong together"),
        choices=[(SAME, _("The same case: that one goes on, this one ends")), (REPEAT, _("A repeat of that case"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.by is not None:
            other: Any = self.fields["other"]
            other.among(Complaint.objects.visible_to(self.by).ours().select_related("store"))


class UnlinkCaseForm(HouseForm):
    """Two cases go their own ways again."""

    reason = forms.CharField(label=_("Why"), max_length=200, required=False)
