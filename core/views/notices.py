"""Pages of notices: what one should know, and the way to what it is about."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core import actions
from core.lists import list_page
from core.models import Notice
from core.tables import NoticeTable
from core.web import HouseRequest, back, door


@door("core.see_notices", methods=("GET",))
def notices(request: HouseRequest) -> HttpResponse:
    """One's notices, the newest first."""
    rows = Notice.objects.visible_to(request.actor)
    tabs = {"unread": (_("Unread"), rows.unread()), "all": (_("All"), rows)}
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else "unread"
    return list_page(
        request,
        rows=tabs[tab][1],
        table_class=NoticeTable,
        orderings={"-id": ("-id",), "id": ("id",)},
        heading=_("Notices"),
        name="notices",
        template="core/notices.html",
        tabs=[{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()],
        empty={"icon": "bell", "title": _("No new notice") if tab == "unread" else _("No notice yet")},
    )


@door("core.see_notices", methods=("GET",))
def open_notice(request: HouseRequest, pk: int) -> HttpResponse:
    """Look at what a notice is about; it counts as read from then on."""
    notice = get_object_or_404(Notice.objects.visible_to(request.actor), pk=pk)
    actions.read_notices([notice], by=request.actor)
    return redirect(notice.address or reverse("notices") + "?tab=all")


@door("core.see_notices", methods=("POST",))
def read_every_notice(request: HouseRequest) -> HttpResponse:
    """All of them are read."""
    actions.read_every_notice(by=request.actor)
    return back(request, _("All notices are read."), reverse("notices"))
