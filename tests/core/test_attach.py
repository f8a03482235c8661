"""Photos and papers: what comes in is looked at; what is kept is seen by those who may see the document."""

import base64
import io
import json
import struct
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import Image

from core import actions
from core.models import AccessEntry, Attachment, Entry
from core.rows import Refused
from core.uploads import LONGEST, SMALL, clean_name, clean_upload
from tests.core import evil

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sent(name="车头.jpg", content=None):
    return SimpleUploadedFile(name, content or evil.saved(evil.photo(), "JPEG"))


def bytes_of(answer):
    """What a served file holds."""
    return b"".join(answer.streaming_content)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Files of these tests lie apart: the sweep must not meet those of others."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def visit(chain):
    return chain.received()


@pytest.fixture
def photo(visit, cast):
    return actions.attach(
        visit, purpose="damage", files=[clean_upload(sent())], remark="左前门", by=cast.by("advisor")
    )[0]


# The corpus


def test_the_corpus_has_more_than_25_evil_files():
    assert len(evil.CORPUS) >= 25


@pytest.mark.parametrize("kind", evil.CORPUS)
def test_an_evil_file_is_refused_or_made_harmless(kind, visit, cast, client):
    name, content, fate = evil.made(kind)
    client.force_login(cast.advisor, backend=BACKEND)
    upload = SimpleUploadedFile("x", content)
    upload._name = name  # Django's own setter would tidy the name before we see it
    answer = client.post(f"/attachments/of/visit/{visit.pk}/add/", {"purpose": "damage", "remark": "", "files": upload})
    kept = Attachment.objects.of(visit)
    if fate == evil.REFUSED:
        assert answer.status_code == 422
        assert not kept.exists()
        return
    assert answer.status_code == 302
    one = kept.get()
    with default_storage.open(one.path) as file:
        held = file.read()
    assert one.content_type == "image/jpeg" and len(held) == one.size
    assert b"<script" not in held and b"PK\x03\x04" not in held and b"SpyCam" not in held and len(held) < 500_000
    picture = Image.open(io.BytesIO(held))
    assert (picture.format, dict(picture.getexif()), picture.info.get("icc_profile")) == ("JPEG", {}, None)
    assert one.path.startswith("attachments/") and one.path.count("/") == 2 and ".." not in one.path
    assert one.name.isprintable() and len(one.name) <= 100 and not set('/\\<>"\0\u202e') & set(one.name)
    shown = client.get(one.get_absolute_url())
    assert shown["Content-Type"] == "image/jpeg" and "evil=1" not in str(shown.headers)
    assert bytes_of(shown) == held


MEASURED = """
import json, resource, sys
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile
from core.uploads import clean_upload

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))

class File:
    def __init__(self, path):
        self.path, self.name, self.size = path, path.name, path.stat().st_size
    def seek(self, _at): pass
    def read(self): return self.path.read_bytes()

told, before = {}, peak()
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        clean_upload(File(path))
    except ValidationError:
        pass
    told[path.name] = peak() - before
print(json.dumps(told))
"""


def test_no_file_takes_more_than_150_megabytes(tmp_path):
    """The whole corpus and the largest honest pictures, one after the other, in a process of their own."""
    folder = tmp_path / "evil"
    folder.mkdir()
    for number, kind in enumerate(evil.CORPUS):
        (folder / f"{number:03}").write_bytes(evil.made(kind)[1])
    largest = {
        "jpeg in strips": evil.saved(Image.new("RGB", (5650, 3180), "red"), "JPEG"),
        "large jpeg in strips": evil.saved(Image.new("RGB", (12_000, 9000), "red"), "JPEG"),
        "jpeg in layers": evil.saved(Image.new("RGB", (3160, 3160), "red"), "JPEG", progressive=True, subsampling=0),
        "png": evil.saved(Image.new("RGBA", (3000, 3000), "red"), "PNG"),
        "webp": evil.saved(Image.new("RGBA", (2440, 2440), "red"), "WEBP", lossless=True, method=0),
    }
    for name, content in largest.items():
        (folder / name).write_bytes(content)
        assert clean_upload(SimpleUploadedFile("a.jpg", content)).content_type == "image/jpeg", name
    done = subprocess.run([sys.executable, "-c", MEASURED, str(folder)], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert len(told) == len(evil.CORPUS) + len(largest)
    assert max(told.values()) <= 150, told


def test_evil_workbooks_are_refused_by_the_importer(tmp_path):
    """The other way in for files: tables that people bring."""
    from core.sheets import read_sheet

    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'
    bomb = evil.archive(xl__workbook_dot_xml=b"<workbook/>", xl__media__a_dot_bin=b"\0" * 1_000_000)
    for name, content in {
        "xxe.xlsx": evil.archive(xl__workbook_dot_xml=b"<workbook/>", xl__worksheets__sheet1_dot_xml=entity),
        "bomb.xlsx": bomb.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 700_000_000)),
        "macro.xlsm": evil.archive(xl__vbaProject_dot_bin=b"\xcc", xl__workbook_dot_xml=b"<workbook/>"),
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Refused):
            list(read_sheet(tmp_path / name))


# What honest people send


def test_a_photo_is_upright_and_no_longer_than_needed():
    clean = clean_upload(sent(content=evil.made("place in a jpeg")[1]))
    assert Image.open(io.BytesIO(clean.content)).size == (240, 320)  # it was held upright
    large = clean_upload(sent(content=evil.saved(evil.photo(4000, 3000), "JPEG")))
    assert max(Image.open(io.BytesIO(large.content)).size) == LONGEST
    assert max(Image.open(io.BytesIO(large.small)).size) == SMALL


def test_a_see_through_png_stands_on_white():
    clean = clean_upload(sent("a.png", evil.saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG")))
    assert Image.open(io.BytesIO(clean.content)).getpixel((5, 5)) == (255, 255, 255)


def test_a_paper_is_kept_byte_by_byte():
    content = evil.pdf(b"<< /Type /Page >>", evil.packed(b"1 0 << /Title (JS) >>"))
    clean = clean_upload(SimpleUploadedFile("保单.PDF", content))
    assert (clean.name, clean.content_type, clean.content, clean.small) == ("保单.pdf", "application/pdf", content, b"")
    with pytest.raises(ValidationError):
        clean_upload(SimpleUploadedFile("保单.pdf", content), papers=False)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../a.png", "a.jpg"),
        ("", "file.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("a.tar.gz", "a.tar.jpg"),
        ("车 头.JPG", "车 头.jpg"),
    ],
)
def test_names(name, shown):
    assert clean_name(name, ".jpg") == shown


# The verb, through its doors


def test_attach_and_take_away(visit, cast, photo):
    assert (photo.kind, photo.object_id, photo.store, photo.company) == (
        "visit",
        visit.pk,
        cast.store,
        cast.store.company,
    )
    assert default_storage.exists(photo.path) and default_storage.exists(Attachment.small_of(photo.path))
    line = Entry.objects.latest("id")
    assert (line.verb, line.kind, line.object_id) == ("attachment.added", "visit", visit.pk)
    with pytest.raises(PermissionDenied):
        actions.attach(visit, purpose="damage", files=[clean_upload(sent())], remark="", by=cast.by("stranger"))
    actions.remove_attachment(photo, by=cast.by("technician"))
    assert default_storage.exists(photo.path)  # for the record
    assert Entry.objects.latest("id").verb == "attachment.removed"
    with pytest.raises(Refused):
        actions.remove_attachment(photo, by=cast.by("technician"))


def test_a_signature_stays(visit, cast):
    from core.uploads import CleanFile

    [signed] = actions.keep_files(
        visit, [CleanFile("signature.png", "image/png", b"png", b"jpg")], purpose="signature", by=cast.by("advisor")
    )
    with pytest.raises(Refused):
        actions.remove_attachment(signed, by=cast.by("advisor"))


def test_a_document_has_room_for_300_files(visit, cast, photo):
    Attachment.objects.bulk_create(
        Attachment(
            store=cast.store, company=cast.store.company, kind="visit", object_id=visit.pk, name="a", path=f"x/{n}",
            content_type="image/jpeg", size=1, digest="", added_by="", added_at=now(),
        )
        for n in range(299)
    )  # fmt: skip
    with pytest.raises(Refused):
        actions.attach(visit, purpose="damage", files=[clean_upload(sent())], remark="", by=cast.by("advisor"))


def test_the_page_shows_adds_and_takes_away(visit, cast, client):
    client.force_login(cast.technician, backend=BACKEND)
    gallery = f"/attachments/of/visit/{visit.pk}/"
    assert client.get(gallery).status_code == 200
    answer = client.post(
        f"{gallery}add/",
        {"purpose": "work", "remark": "制动盘", "files": [sent(), sent("保单.pdf", evil.pdf())], "form_token": "one"},
    )
    assert answer.status_code == 302 and answer["Location"] == gallery
    again = client.post(
        f"{gallery}add/",
        {"purpose": "work", "remark": "制动盘", "files": [sent(), sent("保单.pdf", evil.pdf())], "form_token": "one"},
    )
    assert again.status_code == 302 and Attachment.objects.count() == 2  # a double click
    other = client.post(f"{gallery}add/", {"purpose": "work", "remark": "制动盘", "files": sent(), "form_token": "one"})
    assert other.status_code == 422  # the same key for other files
    page = client.get(gallery).content.decode()
    assert "车头.jpg" in page and "保单.pdf" in page and "?size=small" in page
    piece = client.get(gallery, headers={"HX-Request": "true"}).content.decode()
    assert "车头.jpg" in piece and "<html" not in piece
    one = Attachment.objects.get(content_type="image/jpeg")
    assert client.post(f"/attachments/{one.pk}/remove/", {"form_token": "two"}).status_code == 302
    assert "车头.jpg" not in client.get(gallery).content.decode()
    assert client.get(one.get_absolute_url()).status_code == 404
    client.force_login(cast.general_manager, backend=BACKEND)  # who reads the logbook still sees it
    assert "车头.jpg" in client.get(gallery).content.decode()
    assert bytes_of(client.get(one.get_absolute_url()))


def test_a_refused_form_says_why_for_each_file(visit, cast, client):
    client.force_login(cast.advisor, backend=BACKEND)
    files = [sent(), sent("a.exe", b"MZ"), sent("b.svg", b"<svg/>")]
    answer = client.post(f"/attachments/of/visit/{visit.pk}/add/", {"purpose": "damage", "files": files})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "a.exe" in text and "b.svg" in text and "JPEG, PNG" in text
    thirteen = client.post(
        f"/attachments/of/visit/{visit.pk}/add/", {"purpose": "damage", "files": [sent() for _n in range(13)]}
    )
    assert thirteen.status_code == 422
    assert not Attachment.objects.exists()


def test_a_file_goes_out_as_what_it_is_and_is_noted(visit, cast, client, photo):
    [paper] = actions.attach(
        visit, purpose="paper", files=[clean_upload(sent("保单.pdf", evil.pdf()))], remark="", by=cast.by("advisor")
    )
    client.force_login(cast.advisor, backend=BACKEND)
    for one, disposition in ((photo, "inline"), (paper, "attachment")):
        answer = client.get(f"/attachments/{one.pk}/")
        assert answer.status_code == 200 and bytes_of(answer)
        assert answer["Content-Type"] == one.content_type
        assert answer["Content-Disposition"].startswith(disposition)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"
    assert list(AccessEntry.objects.values_list("kind", "object_id", "by_id")) == [
        ("attachment", photo.pk, cast.advisor.pk),
        ("attachment", paper.pk, cast.advisor.pk),
    ]
    small = client.get(f"/attachments/{photo.pk}/?size=small")
    assert max(Image.open(io.BytesIO(bytes_of(small))).size) == 320
    default_storage.delete(photo.path)
    assert client.get(f"/attachments/{photo.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["stranger", "guard"])
def test_a_foreign_file_looks_like_none(visit, cast, client, photo, who):
    """Another company, and a role that does not see the document: 404, or 403 where the role has no files at all."""
    client.force_login(cast.people[who], backend=BACKEND)
    paths = ["/attachments/{}/", "/attachments/{}/?size=small", "/attachments/of/visit/{}/", "/api/v1/attachments/{}/"]
    for path in paths:
        theirs = client.get(path.format(photo.pk if "of" not in path else visit.pk))
        missing = client.get(path.format(10**9))
        assert theirs.status_code == missing.status_code == (404 if who == "stranger" else 403), path
    for path in (f"/attachments/{photo.pk}/remove/", f"/attachments/of/visit/{visit.pk}/add/"):
        assert client.post(path, {"purpose": "damage", "files": sent()}).status_code in {403, 404}
    assert Attachment.objects.kept().count() == 1


def test_an_unknown_kind_is_no_page(cast, client):
    client.force_login(cast.advisor, backend=BACKEND)
    assert client.get("/attachments/of/employee/1/").status_code == 404


def test_a_customers_paper_is_seen_in_the_company_only(car, cast, client):
    [paper] = actions.attach(
        car.owner, purpose="paper", files=[clean_upload(sent("证件.pdf", evil.pdf()))], remark="", by=cast.by("advisor")
    )
    assert (paper.store, paper.company) == (None, cast.store.company)
    rows = Attachment.objects
    assert rows.visible_to(cast.by("care_agent")).get() == paper
    assert not rows.visible_to(cast.by("stranger")).exists()
    assert not rows.visible_to(cast.by("technician")).exists()  # a technician sees no customers


# REST


def in_json(name="a.jpg", content=None):
    return {"name": name, "content": base64.b64encode(content or evil.saved(evil.photo(), "JPEG")).decode()}


def api(client, path, body, key="k1"):
    return client.post(path, body, content_type="application/json", headers={"Idempotency-Key": key})


def test_rest_adds_lists_reads_and_takes_away(visit, cast, client):
    client.force_login(cast.advisor, backend=BACKEND)
    body = {"kind": "visit", "object_id": visit.pk, "purpose": "damage", "files": [in_json(), in_json("b.png")]}
    made = api(client, "/api/v1/attachments/", body)
    assert made.status_code == 201, made.content
    assert api(client, "/api/v1/attachments/", body).json() == made.json()
    first, second = made.json()["results"]
    listed = client.get(f"/api/v1/attachments/?kind=visit&object_id={visit.pk}").json()["results"]
    assert [one["id"] for one in listed] == [second["id"], first["id"]]
    assert client.get(f"/api/v1/attachments/{first['id']}/").json()["name"] == "a.jpg"
    content = client.get(f"/api/v1/attachments/{first['id']}/content/")
    assert content["Content-Type"] == "image/jpeg" and content["X-Content-Type-Options"] == "nosniff"
    assert bytes_of(content)[:3] == b"\xff\xd8\xff"
    gone = api(client, f"/api/v1/attachments/{first['id']}/remove/", {}, key="k2")
    assert gone.status_code == 200 and gone.json()["removed_at"]
    assert client.get(f"/api/v1/attachments/{first['id']}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"files": []}, "files"),
        ({"files": "a"}, "files"),
        ({"files": [{"name": "a.jpg"}]}, "files"),
        ({"files": [{"name": "a.jpg", "content": "§§"}]}, "files"),
        ({"files": [{"name": 1, "content": ""}]}, "files"),
        ({"object_id": 10**9}, "object_id"),
        ({"kind": "employee"}, "object_id"),
        ({"purpose": "signature"}, "purpose"),
    ],
)
def test_rest_refuses_with_the_field(visit, cast, client, change, field):
    client.force_login(cast.advisor, backend=BACKEND)
    body = {"kind": "visit", "object_id": visit.pk, "purpose": "damage", "files": [in_json()]} | change
    answer = api(client, "/api/v1/attachments/", body)
    assert answer.status_code == 400 and field in answer.json()["fields"], answer.content
    client.force_login(cast.stranger, backend=BACKEND)
    foreign = api(
        client,
        "/api/v1/attachments/",
        body | {"files": [in_json()], "kind": "visit", "object_id": visit.pk, "purpose": "damage"},
    )
    assert foreign.status_code == 400 and "object_id" in foreign.json()["fields"]


def test_only_steps_with_files_take_long_json(visit, cast, client):
    client.force_login(cast.advisor, backend=BACKEND)
    assert api(client, f"/api/v1/visits/{visit.pk}/promise/", {"reason": "x" * 6_000_000}).status_code == 413
    body = {"kind": "visit", "object_id": visit.pk, "purpose": "damage", "files": [in_json(content=b"x" * 6_000_000)]}
    assert api(client, "/api/v1/attachments/", body).status_code == 400  # read, and no picture
    assert api(client, "/api/v1/attachments/", {"files": "x" * 16_000_000}).status_code == 413


def test_nobody_uploads_before_signing_in(client):
    answer = client.post("/account/login/", {"login": "a", "file": sent(content=b"x" * 2_000_000)})
    assert answer.status_code in {400, 413}


# The sweep


def test_files_without_a_row_are_swept_after_a_day(photo):
    from django.core.files.base import ContentFile

    folder = photo.path.rpartition("/")[0]
    orphan = default_storage.save(f"{folder}/0123.jpg", ContentFile(b"x"))
    assert actions.sweep_files(now()) == 0 and default_storage.exists(orphan)
    assert actions.sweep_files(now() + timedelta(days=2)) >= 1
    assert not default_storage.exists(orphan)
    assert default_storage.exists(photo.path) and default_storage.exists(Attachment.small_of(photo.path))


def test_a_signature_is_called_by_what_it_is(visit, cast, client):
    from core.uploads import CleanFile

    file = CleanFile("signature.png", "image/png", b"x", b"x")
    kept = actions.keep_files(visit, [file], purpose="signature", by=cast.by("advisor"))[0]
    assert kept.name == "signature.png" and str(kept) == "Signature of the customer"
    client.force_login(cast.advisor, backend=BACKEND)
    page = client.get(f"/attachments/of/visit/{visit.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "Signature of the customer" in page and "signature.png" not in page
