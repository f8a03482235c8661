"""Conduct beside a case: the checklist, promises, words that are not said; the register of promises."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import actions
from complaints.actions.conduct import may_keep
from complaints.filters import PromiseFilter
from complaints.forms.conduct import CasePromiseForm, CheckConductForm, KeepPromiseForm
from complaints.models import Complaint, ConductRule, Phrase, Promise
from complaints.tables import PromiseTable
from core.lists import list_page
from core.web import HouseRequest, door, verb_page

ORDERINGS = {"due_at": ("due_at", "id"), "-due_at": ("-due_at", "-id")}


def _case(request: HouseRequest, pk: int) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.actor).with_names(), pk=pk)


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """The rules with what was noted of them, the promises, and what is not said with what is said instead."""
    actor, moment = request.actor, now()
    is_worked = complaint.is_open and not complaint.origin
    noted = {one.rule_id: one.is_kept for one in complaint.conduct.all()} if not complaint.origin else {}
    rules: list[Any] = list(ConductRule.objects.filter(is_active=True)) if is_worked or noted else []
    for rule in rules:
        rule.is_kept = noted.get(rule.pk)
    promises: list[Any] = list(complaint.promises.select_related("by"))
    for one in promises:
        one.complaint = complaint
        one.is_late = one.ended_at is None and one.due_at < moment
        one.may_keep = one.ended_at is None and may_keep(one, actor)
    return {
        "conduct_rules": rules,
        "conduct_noted": len(noted),
        "conduct_promises": promises,
        "conduct_phrases": list(Phrase.objects.filter(is_active=True)) if is_worked else [],
        "conduct_may_check": is_worked and actor.may("complaints.check_conduct", complaint.store),
        "conduct_may_promise": is_worked and actor.may("complaints.promise", complaint.store),
    }


@door("complaints.promise")
def promise(request: HouseRequest, pk: int) -> HttpResponse:
    """Write down a promise."""
    complaint = _case(request, pk)
    form = CasePromiseForm(request.POST or None, by=request.actor)
    form.only_for(complaint)
    return verb_page(
        request,
        form,
        actions.promise,
        complaint,
        heading=_("Write down a promise"),
        pretitle=str(complaint),
        submit=_("Save"),
        done=_("The promise stands in the register."),
        template="complaints/case_form.html",
        aside="complaints/_beside.html",
        complaint=complaint,
    )


@door("complaints.keep_promise")
def keep_promise(request: HouseRequest, pk: int) -> HttpResponse:
    """Say whether a promise was kept."""
    rows = Promise.objects.visible_to(request.actor).with_names()
    found = get_object_or_404(rows, pk=pk)
    return verb_page(
        request,
        KeepPromiseForm(request.POST or None, by=request.actor),
        actions.keep_promise,
        found,
        heading=_("Was the promise kept?"),
        pretitle=str(found.complaint),
        text=f"{found.by}{_(': ')}{found.words}",
        submit=_("Save"),
        done=_("It is noted."),
    )


@door("complaints.check_conduct")
def check_conduct(request: HouseRequest, pk: int) -> HttpResponse:
    """Go through the rules of conduct after a conversation."""
    complaint = _case(request, pk)
    form = CheckConductForm(request.POST or None, by=request.actor, initial=CheckConductForm.known(complaint))
    rows: Any = form.fields["checks"].widget
    rows.template_name = "complaints/_checks.html"
    return verb_page(
        request,
        form,
        actions.check_conduct,
        complaint,
        heading=_("Rules of conduct"),
        pretitle=str(complaint),
        submit=_("Save"),
        done=_("The checklist is noted."),
        template="complaints/case_form.html",
        aside="complaints/_beside.html",
        complaint=complaint,
    )


@door("complaints.see_complaints", methods=("GET",))
def promises(request: HouseRequest) -> HttpResponse:
    """The register of promises."""
    rows = Promise.objects.visible_to(request.actor).with_names()
    tabs: dict[str, tuple[str, Any]] = {
        "open": (pgettext("promise", "Open"), rows.open()),
        "late": (_("Late"), rows.late()),
        "kept": (_("Kept"), rows.filter(is_kept=True)),
        "broken": (_("Broken"), rows.filter(is_kept=False)),
    }
    tab = request.GET.get("tab", "open")
    return list_page(
        request,
        rows=tabs.get(tab, tabs["open"])[1],
        table_class=PromiseTable,
        filterset_class=PromiseFilter,
        orderings=ORDERINGS if tab in {"open", "late"} else dict(reversed(ORDERINGS.items())),
        heading=_("Promises"),
        name="promises",
        tabs=[{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()],
        empty={
            "icon": "clock",
            "title": _("No promise here"),
            "text": _("What is promised to a customer is written down on the page of the case."),
        },
    )
