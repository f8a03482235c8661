"""A signature drawn on screen: a small PNG with something on it, painted anew; an empty pad is none."""

import base64
import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageDraw

from core.forms import HouseForm, PhotosField, SignatureField
from core.shapes import JsonForm, shape_of
from core.uploads import clean_signature
from tests.core import evil

HEAD = "data:image/png;base64,"


def drawn(size=(800, 320), ground=(255, 255, 255, 255)):
    """What the pad sends after somebody signed."""
    pad = Image.new("RGBA", size, ground)
    ImageDraw.Draw(pad).line((20, 200, 180, 60, 300, 220, 520, 90), fill=(16, 24, 40, 255), width=4)
    return pad


def url(image, kind="PNG"):
    return HEAD + base64.b64encode(evil.saved(image, kind)).decode()


class ConsentForm(HouseForm):
    """A form with everything that can be sent."""

    name = SignatureField(label="Signature")
    photos = PhotosField(required=False)


@pytest.mark.parametrize("ground", [(255, 255, 255, 255), (0, 0, 0, 0)])
def test_a_signature_is_painted_anew(ground):
    clean = clean_signature(url(drawn(ground=ground)))
    picture = Image.open(io.BytesIO(clean.content))
    assert (clean.name, clean.content_type, picture.format, picture.size) == (
        "signature.png",
        "image/png",
        "PNG",
        (800, 320),
    )
    grey = picture.convert("L")
    assert grey.getpixel((5, 5)) == 255 and grey.getpixel((100, 130)) < 100  # ink on white, whatever the ground was
    assert clean_signature(url(drawn()).removeprefix(HEAD)).content  # bare base64, as programs send it


@pytest.mark.parametrize(
    "sent",
    [
        url(Image.new("RGBA", (800, 320), (255, 255, 255, 255))),
        url(Image.new("RGBA", (800, 320), (0, 0, 0, 0))),
        url(Image.new("RGB", (2400, 900), "white")),
        url(drawn(size=(2001, 400))),
        url(drawn(), "GIF"),
        "data:image/svg+xml;base64," + base64.b64encode(b"<svg/>").decode(),
        "data:text/html;base64,PHNjcmlwdD4=",
        HEAD + "§§§",
        HEAD + base64.b64encode(evil.png(1900, 900)).decode(),
        HEAD + "A" * 2_000_000,
        HEAD + base64.b64encode(evil.png(30_000, 30_000)).decode(),
    ],
    ids=["white", "see-through", "too large", "too wide", "gif", "svg", "page", "no base64", "broken", "2 MB", "bomb"],
)
def test_anything_else_is_refused_with_a_sentence(sent):
    with pytest.raises(ValidationError) as refused:
        clean_signature(sent)
    assert len(refused.value.messages[0]) > 15


def test_nothing_of_what_was_hidden_in_it_is_kept():
    content = evil.saved(drawn(), "PNG") + evil.archive(evil_dot_js=evil.SCRIPT)
    clean = clean_signature(base64.b64encode(content).decode())
    assert evil.SCRIPT not in clean.content and b"PK\x03\x04" not in clean.content


def test_a_form_asks_for_it_keeps_it_and_loads_its_script_only_where_it_is():
    assert not ConsentForm({"name": ""}).is_valid()
    form = ConsentForm({"name": url(drawn())})
    assert form.is_valid() and form.cleaned_data["name"].content_type == "image/png"
    assert form.cleaned_data["photos"] == []
    page = str(form)
    assert url(drawn()) in page  # a form sent back with errors shows the signature again
    assert "data-sign" in page and "<script" not in page and "style=" not in page
    assert "app/signature.js" in str(form.media) and "app/photos.js" in str(form.media)
    assert str(HouseForm().media) == ""
    assert form.is_multipart()


class OptionalForm(HouseForm):
    """Signed by those who want to."""

    name = SignatureField(required=False)


def test_nobody_has_to_sign_where_it_is_not_asked_for():
    form = OptionalForm({"name": ""})
    assert form.is_valid() and form.cleaned_data["name"] is None
    assert not OptionalForm({"name": url(Image.new("RGB", (800, 320), "white"))}).is_valid()


def test_in_json_it_is_text_and_photos_are_names_with_base64():
    photo = {"name": "a.jpg", "content": base64.b64encode(evil.saved(evil.photo(), "JPEG")).decode()}
    good = JsonForm(ConsentForm, {"name": url(drawn()), "photos": [photo]}, by=None)
    assert good.is_valid() and good.values["photos"][0].name == "a.jpg"
    for wrong in (
        {"name": 1},
        {"name": url(drawn()), "photos": [{"name": "a"}]},
        {"name": url(drawn()), "photos": photo},
    ):
        assert not JsonForm(ConsentForm, wrong, by=None).is_valid()
    assert set(shape_of(ConsentForm)().fields) == {"name", "photos"}
