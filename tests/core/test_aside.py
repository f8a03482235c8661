"""Photos of a form that was refused are kept until it is sent again: for their sender, and only for a day."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from core import actions
from core.aside import SECONDS, set_aside, take_up
from core.models import Attachment
from core.uploads import clean_upload
from tests.core import evil

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LATER = {"jobs-0-words": "异响", "jobs-0-kind": "repair"}


def photo(name="车门.jpg"):
    return SimpleUploadedFile(name, evil.saved(evil.photo(), "JPEG"))


def promised(hours=9):
    return (now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def notes(answer):
    return re.findall(r'name="photos_aside" value="([^"]+)" checked', answer.content.decode())


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def refused(cast, chain, client):
    """Two photos, sent with a form that lacks what the customer asks for."""
    visit = chain.arrived()
    client.force_login(cast.advisor, backend=BACKEND)
    sent = {"promised_at": promised(), "photos": [photo(), photo("车头.jpg")], "form_token": "a"}
    answer = client.post(f"/visits/{visit.pk}/receive/", sent)
    assert answer.status_code == 422
    return visit, answer


def test_the_photos_stay_on_the_page_and_go_with_the_next_try(refused, client):
    visit, answer = refused
    kept = notes(answer)
    assert (
        len(kept) == 2
        and "车门.jpg" in answer.content.decode()
        and "data:image/jpeg;base64," in answer.content.decode()
    )
    assert not Attachment.objects.exists()
    again = {"promised_at": promised(-1), "photos_aside": kept, "photos": photo("后杠.jpg"), "form_token": "a"}
    second = client.post(f"/visits/{visit.pk}/receive/", LATER | again)
    assert second.status_code == 422 and notes(second)[:2] == kept and len(notes(second)) == 3
    good = {"promised_at": promised(), "photos_aside": notes(second)[1:], "form_token": "a"}
    assert client.post(f"/visits/{visit.pk}/receive/", LATER | good).status_code == 302
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["后杠.jpg", "车头.jpg"], "one was left out"
    found = Attachment.objects.first()
    assert default_storage.exists(found.path) and default_storage.exists(Attachment.small_of(found.path))


def test_nobody_else_takes_them_up(refused, cast, client):
    visit, answer = refused
    client.force_login(cast.service_manager, backend=BACKEND)
    sent = {"promised_at": promised(), "photos_aside": notes(answer), "form_token": "b"}
    other = client.post(f"/visits/{visit.pk}/receive/", LATER | sent)
    assert other.status_code == 422 and "photos_aside" not in other.content.decode()
    sent["photos_aside"] = ["made-up", notes(answer)[0] + "x"]
    assert client.post(f"/visits/{visit.pk}/receive/", LATER | sent).status_code == 422
    assert not Attachment.objects.exists()


def test_a_broken_photo_does_not_cost_the_good_ones(cast, chain, client):
    visit = chain.arrived()
    client.force_login(cast.advisor, backend=BACKEND)
    broken = SimpleUploadedFile("x.jpg", b"\xff\xd8\xff nothing")
    sent = {"promised_at": promised(), "photos": [photo(), broken], "form_token": "a"}
    answer = client.post(f"/visits/{visit.pk}/receive/", LATER | sent)
    assert answer.status_code == 422 and len(notes(answer)) == 1


def test_the_clock_sweeps_what_was_never_sent_again(refused, cast):
    _visit, answer = refused
    assert take_up(notes(answer)[0], cast.advisor.pk) is not None
    assert actions.sweep_files(now() + timedelta(days=2)) == 4, "two photos, each with its small picture"
    assert take_up(notes(answer)[0], cast.advisor.pk) is None


def test_a_note_is_good_for_a_day(db, monkeypatch):
    kept = set_aside(clean_upload(photo()), 1)
    assert take_up(kept.note, 1) is not None and take_up(kept.note, 2) is None
    monkeypatch.setattr("core.aside.SECONDS", -1)
    assert SECONDS == 86400 and take_up(kept.note, 1) is None
