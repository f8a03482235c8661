"""The month's sheet of a store (顾客投诉分类统计表): frozen by the supervisor's signature (K-14)."""

from datetime import date

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.figures import sheet_of
from complaints.models import MonthSheet
from core.actor import Actor, allow
from core.figures import month_end
from core.logbook import record
from core.models import Store
from core.rows import Refused, atomic, lock

VERB = "complaints.sign_month"


def is_over(store: Store, month: date) -> bool:
    """Whether a month has ended in a store's own time."""
    return month_end(month) < store.business_date(now())


@atomic
def sign_month(*, store: Store, month: date, measures: str, by: Actor) -> MonthSheet:
    """Sign a month's sheet with what is changed after it: its figures stay as they are now, once and for all."""
    allow(by, VERB, store)
    month = month.replace(day=1)
    lock(store)  # two supervisors sign one after the other
    if not is_over(store, month):
        raise Refused(_("This month is not over yet; its sheet is signed afterwards."), field="month")
    if month < store.live_from.replace(day=1):
        raise Refused(_("The store did not work with this system in that month."), field="month")
    if MonthSheet.objects.filter(store=store, month=month).exists():
        raise Refused(_("The sheet of this month is signed already."), field="month")
    figures = sheet_of(store, month, month_end(month))
    signed_by = by.pk if by.kind in {"employee", "integration"} else None
    given = {"figures": figures, "measures": measures.strip(), "signed_by_id": signed_by, "signed_at": now()}
    sheet = MonthSheet.objects.create(store=store, month=month, **given)
    record("month_sheet.signed", sheet, by=by, month=f"{month:%Y-%m}", total=figures["total"], measures=measures)
    return sheet
