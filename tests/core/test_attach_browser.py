"""At the screen: photos are chosen, made smaller and sent; a signature is drawn; the security policy is kept."""

import pytest

from core import actions
from core.models import Attachment
from core.uploads import clean_upload
from tests.conftest import PASSWORD
from tests.core import evil
from tests.core.test_attach import sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium, live, cast, settings, tmp_path):
    """The advisor's telephone, and everything it complained about."""
    settings.MEDIA_ROOT = tmp_path
    context = chromium.new_context(locale="en-GB", viewport={"width": 390, "height": 844}, has_touch=True)
    page, problems = context.new_page(), []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.goto(f"{live}/account/login/")
    page.fill("input[name=login]", cast.advisor.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form.app-form button[type=submit]")
    page.wait_for_url(f"{live}/")
    yield page
    context.close()
    assert [one for one in problems if "422" not in one] == []  # a refused form is no problem


def until(page, question):
    """Ask again until the page says yes; its security policy allows no script that waits within it."""
    for _n in range(100):
        if page.evaluate(question):
            return
        page.wait_for_timeout(50)
    raise AssertionError(question)


def sees_pictures(page):
    """Every picture on the page was loaded and shown."""
    until(page, "() => [...document.querySelectorAll('.app-files img')].every(e => e.complete && e.naturalWidth > 0)")
    return page.locator(".app-files img").count()


def test_photos_are_chosen_made_smaller_and_sent(phone, live, chain):
    visit = chain.received()
    actions.attach(visit, purpose="damage", files=[clean_upload(sent())], remark="", by=chain.cast.by("technician"))
    phone.goto(f"{live}/visits/{visit.pk}/")
    phone.locator("[data-attachments]").wait_for()  # the piece came by itself
    assert sees_pictures(phone) == 1
    phone.click("[data-attachments] summary")
    program = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"MZ"}
    phone.set_input_files("[data-photos-files]", program)
    phone.locator("[data-photos-chosen] .btn-close").wait_for()
    phone.click("[data-attachments] button[type=submit]")
    phone.locator("[data-attachments] .app-field-error").wait_for()
    phone.click("[data-photos-chosen] .btn-close")  # what was chosen is still there
    large = evil.saved(evil.photo(4000, 3000), "JPEG", quality=100)
    assert len(large) > 400_000
    files = [
        {"name": "大.jpg", "mimeType": "image/jpeg", "buffer": large},
        {"name": "小.png", "mimeType": "image/png", "buffer": evil.saved(evil.photo(), "PNG")},
    ]
    phone.set_input_files("[data-photos-files]", files)
    phone.locator("[data-photos-chosen] canvas").nth(1).wait_for()
    phone.set_input_files("[data-photos-camera]", files[1])  # a shot of the camera adds up
    phone.locator("[data-photos-chosen] canvas").nth(2).wait_for()
    phone.locator("[data-photos-chosen] .btn-close").nth(2).click()  # and is taken out again
    assert phone.evaluate("document.querySelector('[data-photos-files]').files[0].size") < len(large)
    phone.fill("[data-attachments] input[name=remark]", "左前门")
    phone.click("[data-attachments] button[type=submit]")
    phone.locator(".app-files li").nth(2).wait_for()
    assert sees_pictures(phone) == 3
    assert sorted(Attachment.objects.values_list("name", flat=True)) == sorted(["车头.jpg", "大.jpg", "小.jpg"])


def test_a_signature_is_drawn_with_a_finger(phone, live, chain):
    from service.models import Line

    order = chain.estimated().orders.get()
    phone.goto(f"{live}/orders/{order.pk}/authorise/")
    pad = phone.locator("canvas.app-sign-pad")
    pad.evaluate("pad => pad.scrollIntoView({ block: 'center', behavior: 'instant' })")

    def stroke():
        box = pad.bounding_box()
        phone.mouse.move(box["x"] + 20, box["y"] + 60)
        phone.mouse.down()
        for step in range(20):
            phone.mouse.move(box["x"] + 20 + step * 12, box["y"] + 60 + (step % 5) * 9)
        phone.mouse.up()

    value = "document.querySelector('.app-sign input[type=hidden]').value"
    stroke()
    assert phone.evaluate(value).startswith("data:image/png;base64,")
    phone.click("[data-sign-clear]")
    assert phone.evaluate(value) == ""
    stroke()
    phone.set_viewport_size({"width": 844, "height": 390})  # turned: the strokes stay
    turned = """() => { const c = document.querySelector('canvas.app-sign-pad');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;
        for (let i = 0; i < d.length; i += 4) { if (d[i] < 128) { n += 1; } } return c.width > 400 && n > 100; }"""
    until(phone, turned)
    phone.click("main form.app-form button[type=submit]")
    phone.wait_for_url(f"**/orders/{order.pk}/")
    assert set(Line.objects.filter(job__order=order).values_list("consent", flat=True)) == {"authorised"}
    signed = Attachment.objects.get(purpose="signature")
    assert (signed.kind, signed.object_id, signed.content_type) == ("order", order.pk, "image/png")
