"""The dispatcher's work list: what is to be given out, beside who has time today."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.models import Trade
from core.templatetags.ui import icon, minutes, plate
from core.web import HouseRequest, back, current_store, door, page, submit
from service import actions
from service.forms import DispatchForm
from service.models import Hold, Job
from service.models.workload import Bench, Work, Workload
from service.views.wall import Words


class _Rows:
    """Jobs as HTML; three hundred of them are written in one go, so each label is looked up once."""

    def __init__(self, words: Words, chosen: str) -> None:
        self.words, self.chosen = words, chosen
        self.kinds = {one.value: escape(str(one.label)) for one in Job.Kind}
        self.trades = {one.value: escape(str(one.label)) for one in Trade}
        self.holds = {one.value: escape(str(one.label)) for one in Hold.Kind}
        self.waits, self.failed = escape(_("waits")), escape(_("failed the check"))
        self.promised, self.open = escape(_("Promised for")), escape(_("Open the order"))
        self.arrow = icon("chevron-right")
        self.dispatch = reverse("dispatch", args=[0]).replace("0", "{}", 1)
        self.back = reverse("dispatching")

    def job(self, work: Work) -> SafeString:
        """A job to give out: tap it, then the technician."""
        number = escape(plate(work.plate))
        is_held = bool(work.missing)
        if not self.chosen and not is_held:
            self.chosen = str(work.pk)
        state = " disabled" if is_held else " checked" if self.chosen == str(work.pk) else ""
        marks = f' <span class="badge bg-orange-lt">{self.waits}</span>' if work.waits else ""
        marks += f' <span class="badge bg-red-lt">{self.failed}</span>' if work.failed else ""
        missing = "".join(f'<span class="wall-job-missing">{one}</span>' for one in self._missing(work))
        return mark_safe(
            f'<div class="wall-job{" is-held" if is_held else ""}"><input class="btn-check" type="radio" name="job" '
            f'value="{work.pk}" id="j{work.pk}" data-trade="{work.trade}"{state}><label for="j{work.pk}">'
            f'<span class="wall-job-car"><b class="app-num">{number}</b> {escape(work.title)}{marks}</span>'
            f'<span class="wall-job-words">{escape(work.words)}</span><span class="wall-job-facts">'
            f"<span>{self.trades[work.trade]}</span><span>{self.kinds[work.kind]}</span>"
            f'<span class="app-num">{self._left(work)}</span>{self._promise(work)}</span>{missing}</label>'
            f'<a class="wall-job-open" href="/orders/{work.order}/" aria-label="{self.open} {number}">{self.arrow}</a>'
            "</div>"
        )

    def given(self, work: Work) -> SafeString:
        """A job that a technician has: the link gives it to somebody else."""
        return mark_safe(
            f'<li><a href="{self.dispatch.format(work.pk)}?next={self.back}"><span class="app-num">'
            f"{escape(plate(work.plate))}</span> {escape(work.words)}</a>"
            f'<span class="text-secondary app-num">{self._left(work)}</span></li>'
        )

    def _left(self, work: Work) -> str:
        return str(escape(self.words.span(work.left))) if work.left else "–"

    def _promise(self, work: Work) -> str:
        if work.promised_at is None:
            return ""
        breaks = work.promised_at - self.words.moment < work.left
        look = " text-red" if breaks else ""
        return f'<span class="app-num{look}">{self.promised} {escape(self.words.when(work.promised_at))}</span>'

    def _missing(self, work: Work) -> list[str]:
        return [
            f"{self.holds[kind]} {escape(self.words.since(since))}"
            + (f" · {escape(self.words.when(expected))}" if expected else "")
            for kind, since, expected in work.missing
        ]


def _bench(bench: Bench, rows: _Rows, is_closed: bool) -> dict[str, Any]:
    is_away = bench.present <= timedelta() and not is_closed
    return {
        "pk": bench.pk,
        "name": bench.name,
        "trade": bench.trade,
        "free": minutes(bench.free),
        "is_away": is_away,
        "is_closed": is_closed,
        "back_at": rows.words.when(bench.back_at) if is_away else "",
        "given": minutes(bench.given),
        "load": bench.load,
        "tone": "red" if bench.load >= 100 else "orange" if bench.load >= 75 else "green",
        "works": [rows.given(work) for work in bench.works],
    }


def _context(request: HouseRequest) -> dict[str, Any]:
    store, moment = current_store(request), now()
    if store is None or not request.actor.may("service.dispatch", store):
        return {"store": store, "jobs": [], "groups": []}
    load = Workload(store, moment)
    rows = _Rows(Words(moment), request.GET.get("job", ""))
    groups = []
    for trade, label in [("", _("Every trade")), *((one.value, one.label) for one in Trade)]:
        own = [bench for bench in load.benches if bench.trade == trade]
        if own:
            free = minutes(sum((bench.free for bench in own), timedelta()))
            groups.append(
                {"label": label, "free": free, "benches": [_bench(bench, rows, load.is_closed) for bench in own]}
            )
    return {
        "store": store,
        "jobs": [rows.job(work) for work in load.jobs],
        "groups": groups,
        "is_closed": load.is_closed,
        "sold": minutes(sum((work.left for work in load.jobs), timedelta())),
        "free": minutes(sum((bench.free for bench in load.benches), timedelta())),
    }


def _chosen(request: HouseRequest) -> Job | None:
    """The job that is given out; None where none was chosen."""
    told = request.POST.get("job", "")
    pk = int(told) if told.isdecimal() and len(told) < 18 else 0
    return get_object_or_404(Job.objects.visible_to(request.actor).with_names(), pk=pk) if told else None


@door("service.dispatch")
def dispatching(request: HouseRequest) -> HttpResponse:
    """Jobs to dispatch, waiting customers first, beside technicians with their free hours today: two taps."""
    form = None
    if request.method == "POST":
        form = DispatchForm(request.POST, by=request.actor)
        job = _chosen(request)
        if job is None:
            form.add_error(None, _("Choose a job."))
        elif submit(request, form, actions.dispatch, job):
            said = _("%(job)s is given to %(name)s.") % {"job": job.words, "name": form.cleaned_data["technician"]}
            return back(request, said, reverse("dispatching"))
    context = _context(request)
    return page(request, "service/dispatching.html", context | {"form": form})
