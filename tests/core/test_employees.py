"""The people of a store: an account with a first role, more roles, closed and opened again, a new first password."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from core import actions
from core.models import Employee, Entry, KeyedRequest, Posting, Store
from core.rows import Refused

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def add(cast, by="general_manager", **more):
    given = {"username": "wangfang", "name": "王芳", "role": "cashier", "store": cast.store} | more
    return actions.add_employee(**given, by=cast.by(by))


def test_a_new_colleague_signs_in_with_the_first_password(cast, client):
    made = add(cast)
    assert client.post("/account/login/", {"login": "wangfang", "password": made.text}).status_code == 302
    assert client.get("/settlements/").status_code == 200
    assert client.get("/employees/").status_code == 403
    assert made.text not in str(list(Entry.objects.values()))


def test_only_who_keeps_the_people_of_a_store_may_add_to_it(cast):
    for by, store in (
        ("service_manager", cast.store),
        ("general_manager", cast.sister),
        ("general_manager", cast.foreign),
    ):
        with pytest.raises(PermissionDenied):
            add(cast, by=by, store=store)
    with pytest.raises(Refused) as refused:
        add(cast, username="ADVISOR")
    assert refused.value.field == "username"


def test_nobody_keeps_their_own_account_or_a_strangers(cast):
    boss = cast.general_manager
    with pytest.raises(Refused):
        actions.post_employee(boss, role="cashier", store=cast.store, by=cast.by("general_manager"))
    with pytest.raises(PermissionDenied):
        actions.reset_password(cast.stranger, by=cast.by("general_manager"))


def test_a_closed_account_is_out_with_the_next_request(cast, client):
    client.force_login(cast.cashier, backend=BACKEND)
    assert client.get("/settlements/").status_code == 200
    actions.deactivate_employee(cast.cashier, by=cast.by("general_manager"))
    assert client.get("/settlements/").status_code == 302
    actions.reactivate_employee(cast.cashier, by=cast.by("general_manager"))
    assert Employee.objects.get(pk=cast.cashier.pk).is_active


def test_a_role_given_and_taken_away_works_at_once(cast, client):
    client.force_login(cast.trainer, backend=BACKEND)
    assert client.get("/gate/").status_code == 403
    actions.post_employee(cast.trainer, role="guard", store=cast.store, by=cast.by("general_manager"))
    assert client.get("/gate/").status_code == 200
    posting = Posting.objects.get(employee=cast.trainer, role="guard")
    actions.end_posting(posting, by=cast.by("general_manager"))
    assert client.get("/gate/").status_code == 403
    actions.post_employee(cast.trainer, role="guard", store=cast.store, by=cast.by("general_manager"))
    assert Posting.objects.filter(employee=cast.trainer, role="guard").count() == 1


def test_the_first_password_is_shown_once_and_kept_nowhere(cast, client):
    client.force_login(cast.general_manager, backend=BACKEND)
    form = {"name": "赵敏", "username": "zhaomin", "role": "greeter", "store": cast.store.pk, "form_token": "one"}
    page = client.post("/employees/add/", form).content.decode()
    text = page.split('<code class="fs-3">')[1].split("</code>")[0]
    assert Employee.objects.get(username="zhaomin").check_password(text)
    assert text not in str([bytes(one.body) for one in KeyedRequest.objects.all()])
    again = client.post("/employees/add/", form)
    assert again.status_code == 409 and text not in again.content.decode()


def test_pages_of_the_people(cast, client):
    client.force_login(cast.general_manager, backend=BACKEND)
    assert "CASHIER" in client.get("/employees/").content.decode()
    assert "远航顾问" not in client.get("/employees/").content.decode()
    path = f"/employees/{cast.cashier.pk}/"
    assert client.get(path).status_code == 200
    assert client.post(path + "reset-password/", {"form_token": "two"}).status_code == 200
    assert client.post(path + "post/", {"role": "guard", "store": cast.store.pk}).status_code == 302
    assert client.get(f"/employees/{cast.stranger.pk}/").status_code == 404


def test_a_store_is_opened_on_the_console(db, capsys):
    command = ["open_store", "SZ01", "苏州一店", "--group", "群星", "--company", "宏达", "--labour-rate", "360"]
    call_command(*command)
    store = Store.objects.get(code="SZ01")
    assert store.calling.frames.exists() and store.opening.frames.exists()
    call_command("add_employee", "boss", "林总", "general_manager", "sz01")
    username, text = capsys.readouterr().out.splitlines()[-1].split()
    assert Employee.objects.get(username=username).check_password(text)
    with pytest.raises(CommandError):
        call_command(*command)
    with pytest.raises(CommandError):
        call_command("add_employee", "x", "x", "guard", "nowhere")
