"""What a customer does without an account: tells a store something, and adds to the case by its link (K-01)."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.cases import people_with, take_in
from complaints.actions.stages import about
from complaints.actions.telling import say
from complaints.models import Channel, Complaint
from core.actions import notify
from core.actor import Actor, allow
from core.logbook import record
from core.models import Attachment, Store
from core.roles import Role
from core.rows import Refused, atomic, lock
from core.uploads import CleanFile

TWICE = timedelta(minutes=10)  # the same words of the same person within this time are one case
MOST_WORDS = 60  # additions of one case by its link; more is a mistake or malice
MOST_FILES = 60
OPEN_FOR = timedelta(days=90)  # how long the link shows a case after it was closed


@atomic
def complain(
    store: Store,
    *,
    nature: str,
    words: str,
    name: str,
    phone: str = "",
    plate: str = "",
    demand: str = "",
    photos: Iterable[CleanFile] = (),
    may_call: bool,
    by: Actor,
) -> Complaint:
    """A customer tells a store something on its public page; sent twice it is one case."""
    allow(by, "complaints.complain", store)
    lock(store)  # two of the same come one after the other
    same = Complaint.objects.filter(store=store, name=" ".join(name.split()), words=words.strip())
    found = same.filter(received_at__gt=now() - TWICE, channels__way=Channel.Way.WEB).first()
    if found:
        return found
    given: dict[str, Any] = {
        "nature": nature,
        "words": words,
        "name": name,
        "phone": phone,
        "plate": plate,
        "demand": demand,
    }
    complaint = take_in(store=store, way=Channel.Way.WEB, photos=photos, by=by, **given)
    if complaint.may_call != may_call:
        complaint.may_call = may_call
        complaint.save(update_fields=["may_call"])
    record("complaint.sent_in", complaint, by=by, about=about(complaint), may_call=may_call)
    return complaint


def is_followed(complaint: Complaint) -> bool:
    """Whether the link of a case still shows it: while it is open, and for a time after it was closed."""
    if complaint.origin:
        return False
    return complaint.closed_at is None or complaint.closed_at > now() - OPEN_FOR


def _said_already(complaint: Complaint, text: str, photos: list[CleanFile]) -> bool:
    """Whether a customer said the same a moment ago: the button was pressed again."""
    since = now() - TWICE
    if not complaint.said.filter(is_customer=True, text=text.strip(), at__gt=since).exists():
        return False
    kept = Attachment.objects.of(complaint).filter(added_at__gt=since).values_list("digest", flat=True)
    return {hashlib.sha256(one.content).hexdigest() for one in photos} <= set(kept)


@atomic
def add_by_link(complaint: Complaint, *, text: str, photos: Iterable[CleanFile] = (), by: Actor) -> Complaint:
    """The customer adds words and photos by the link, sent twice once; said after the end they wake somebody too."""
    allow(by, "complaints.follow", complaint.store)
    complaint = lock(complaint)
    if not is_followed(complaint):
        raise Refused(_("This case is closed for good. Please call us."))
    target = lock(complaint.same_as) if complaint.same_as else complaint
    photos = list(photos)
    if _said_already(target, text, photos):
        return complaint
    if target.said.filter(is_customer=True).count() >= MOST_WORDS:
        raise Refused(_("You have added a great deal already. Please call us."))
    if photos and Attachment.objects.of(target).count() + len(photos) > MOST_FILES:
        raise Refused(_("There are as many photos here as can be kept. Please call us."), field="photos")
    say(target, text, is_customer=True, photos=photos, by=by)
    record("complaint.added_by_link", complaint, by=by, about=about(complaint), photos=len(photos))
    if not target.is_open or target.keeper is None or not target.keeper.is_active:
        people = people_with(target.store, [Role.CARE_MANAGER]).values_list("pk", flat=True)
        told = {"number": target.number, "name": by.name, "words": text.strip()[:60]}
        notify(people, "case_customer_said", target.get_absolute_url(), **told)
    return complaint
