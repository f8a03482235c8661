"""Pages of attachments: the gallery of a document, one file, taking one away."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core import actions
from core.forms import AttachForm, HouseForm
from core.logbook import note_read
from core.models import Attachment
from core.models.attachments import kinds_with_attachments
from core.web import HouseRequest, back, door, page, served, submit, verb_page


def _document(request: HouseRequest, kind: str, pk: int) -> Any:
    model = kinds_with_attachments().get(kind)
    if model is None:
        raise Http404
    return get_object_or_404(model._default_manager.visible_to(request.actor), pk=pk)


def _gallery(request: HouseRequest, document: Any, form: AttachForm) -> HttpResponse:
    kind = document.kind_name()
    context = {
        "document": document,
        "kind": kind,
        "kind_label": document._meta.verbose_name,
        "files": Attachment.objects.visible_to(request.actor).of(document),
        "may_attach": request.actor.may("core.attach"),
        "form": form,
        "here": reverse("attachments", args=[kind, document.pk]),
    }
    return page(request, "core/attachments.html#gallery" if request.htmx else "core/attachments.html", context)


@door("core.see_attachments", methods=("GET",))
def attachments(request: HouseRequest, kind: str, pk: int) -> HttpResponse:
    """The photos and papers of a document: a page, and a piece of the document's own page."""
    document = _document(request, kind, pk)
    note_read(document, by=request.actor)
    return _gallery(request, document, AttachForm(by=request.actor))


@door("core.attach")
def attach(request: HouseRequest, kind: str, pk: int) -> HttpResponse:
    """Add photos or papers to a document; taken with the telephone or chosen."""
    document = _document(request, kind, pk)
    form = AttachForm(request.POST or None, request.FILES or None, by=request.actor)
    made = submit(request, form, actions.attach, document)
    if made is None:
        return _gallery(request, document, form)
    if request.htmx:
        return _gallery(request, document, AttachForm(by=request.actor))
    return back(request, _("The files are added."), reverse("attachments", args=[kind, pk]))


@door("core.see_attachments", methods=("GET",))
def attachment(request: HouseRequest, pk: int) -> HttpResponseBase:
    """One file, or its small picture, to those who may see the document."""
    found = get_object_or_404(Attachment.objects.visible_to(request.actor), pk=pk)
    is_small = request.GET.get("size") == "small" and found.is_image
    if not is_small:
        note_read(found, by=request.actor)
    return served(found, is_small=is_small)


@door("core.attach")
def remove_attachment(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a file away from its document."""
    found = get_object_or_404(Attachment.objects.visible_to(request.actor), pk=pk)
    return verb_page(
        request,
        HouseForm(request.POST or None, by=request.actor),
        actions.remove_attachment,
        found,
        template="core/confirm.html",
        heading=_("Take away “%(name)s”") % {"name": found},
        text=_("Nobody sees it with the document any more. For the record the file is kept."),
        submit=_("Remove"),
        danger=True,
        done=_("The file is taken away."),
        target=reverse("attachments", args=[found.kind, found.object_id]),
    )
