"""Files of documents: kept, added, taken away, and swept where nothing speaks of them."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from core.actor import Actor, allow, allow_company
from core.logbook import place_of, record
from core.models import Attachment, Store
from core.rows import Refused, atomic, lock
from core.uploads import CleanFile

FOLDER = "attachments"
MOST = 300  # files of one document; more is a mistake or malice
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


def write_file(file: CleanFile) -> str:
    """The file into the storage, under a name that says nothing; the folder is its day, for the sweep."""
    day = localdate().isoformat()
    stem = f"{FOLDER}/{day}/{uuid.uuid4().hex}"
    path: str = default_storage.save(stem + _ENDINGS[file.content_type], ContentFile(file.content))
    if file.small:
        default_storage.save(Attachment.small_of(path), ContentFile(file.small))
    return path


@atomic
def keep_files(row: Any, files: Iterable[CleanFile], *, purpose: str, by: Actor, remark: str = "") -> list[Attachment]:
    """Keep files with a document; told by the verb that brought them. Each file is written before its row, so that a
    row never points at nothing; a file whose row never came is swept away after a day."""
    store, company_id = place_of(row)
    kept = [
        Attachment(
            store=store,
            company_id=company_id or 0,
            kind=row.kind_name(),
            object_id=row.pk,
            purpose=purpose,
            name=file.name,
            path=write_file(file),
            content_type=file.content_type,
            size=len(file.content),
            digest=hashlib.sha256(file.content).hexdigest(),
            remark=remark,
            added_by=by.name[:80],
            added_at=now(),
        )
        for file in files
    ]
    if not kept:
        return []
    Attachment.objects.bulk_create(kept)
    record("attachment.added", row, by=by, purpose=purpose, names=[one.name for one in kept], remark=remark)
    return kept


def _allow_attach(by: Actor, store: Store | None, company_id: int) -> None:
    if store is None:
        allow_company(by, "core.attach", company_id)
    else:
        allow(by, "core.attach", store)


@atomic
def attach(document: Any, *, purpose: str, files: list[CleanFile], remark: str, by: Actor) -> list[Attachment]:
    """Add photos or papers to a document that one may see."""
    store, company_id = place_of(document)
    _allow_attach(by, store, company_id or 0)
    if Attachment.objects.of(document).count() + len(files) > MOST:
        raise Refused(_("This document has %(most)s files already.") % {"most": MOST}, field="files")
    return keep_files(document, files, purpose=purpose, remark=remark, by=by)


@atomic
def remove_attachment(attachment: Attachment, *, by: Actor) -> Attachment:
    """Take a file away from its document: nobody sees it there any more, and for the record it is kept."""
    _allow_attach(by, attachment.store, attachment.company_id)
    attachment = lock(attachment)
    if attachment.purpose == Attachment.Purpose.SIGNATURE:
        raise Refused(_("A signature stays with the document that was signed."))
    if attachment.removed_at:
        raise Refused(_("This file was already taken away."))
    attachment.removed_at = now()
    attachment.save(update_fields=["removed_at"])
    record("attachment.removed", attachment.document, by=by, name=attachment.name, attachment=attachment.pk)
    return attachment


def sweep_files(moment: datetime) -> int:
    """Delete the files of the day before yesterday that no document speaks of, because what brought them was refused;
    told by the clock, once for each day."""
    folder = f"{FOLDER}/{localdate(moment - timedelta(days=2)).isoformat()}"
    if not default_storage.exists(folder):
        return 0
    names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    known = set(Attachment.objects.filter(path__startswith=f"{folder}/").values_list("path", flat=True))
    known |= {Attachment.small_of(path) for path in known}
    orphans = [name for name in names if name not in known]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)
