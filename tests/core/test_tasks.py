"""A task: given by a colleague or by the house, done, handed on, dropped, opened again; and whose it is."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from core import actions
from core.models import Entry, Notice, Task
from core.rows import Refused, Stale
from tests.core.conftest import program

S = Task.Status


def give(cast, to="technician", by="advisor", **more):
    given = {"store": cast.store, "title": "给刘先生回电话", "due_at": now() + timedelta(hours=1)} | more
    return actions.add_task(**given, assignee=cast.people[to], by=cast.by(by))


def typed(moment):
    return moment.astimezone().strftime("%Y-%m-%dT%H:%M")


def test_a_task_is_given_in_the_browser_and_the_colleague_is_told(cast, client):
    client.force_login(cast.advisor)
    assert client.get("/tasks/add/").status_code == 200
    form = {"store": cast.store.pk, "assignee": cast.technician.pk, "title": "试车", "form_token": "a"}
    late = form | {"due_at": typed(now() - timedelta(days=1))}
    answer = client.post("/tasks/add/", late)
    assert answer.status_code == 422 and "The due time lies in the past." in answer.content.decode()
    answer = client.post("/tasks/add/", form | {"due_at": typed(now() + timedelta(days=1)), "form_token": "b"})
    task = Task.objects.get()
    assert answer.url == task.get_absolute_url()
    assert (task.assignee, task.asked_by, task.status) == (cast.technician, cast.advisor, S.OPEN)
    assert Notice.objects.get().employee == cast.technician
    assert task.get_absolute_url() in client.get("/tasks/?tab=given").content.decode()
    client.force_login(cast.technician)
    page = client.get("/tasks/").content.decode()
    assert task.get_absolute_url() in page and "试车" in page


def test_only_to_colleagues_of_ones_own_stores(cast, client):
    for assignee, store in ((cast.stranger, cast.store), (cast.guard, cast.store), (cast.technician, cast.sister)):
        with pytest.raises((Refused, PermissionDenied)):
            actions.add_task(
                store=store, assignee=assignee, title="x", due_at=now() + timedelta(hours=1), by=cast.by("advisor")
            )
    client.force_login(cast.advisor)
    form = {"store": cast.store.pk, "assignee": cast.stranger.pk, "title": "x", "due_at": typed(now())}
    answer = client.post("/tasks/add/", form)
    assert answer.status_code == 422 and "assignee" in answer.context["form"].errors
    with pytest.raises(PermissionDenied):
        give(cast, by="monitor")


def test_done_with_its_outcome_and_the_asker_is_told(cast, client):
    task = give(cast)
    client.force_login(cast.technician)
    assert "/finish/" in client.get(task.get_absolute_url()).content.decode()
    answer = client.post(f"/tasks/{task.pk}/finish/", {"outcome": "已回电", "form_token": "a"})
    assert answer.status_code == 302
    task.refresh_from_db()
    assert (task.status, task.outcome) == (S.DONE, "已回电") and task.done_at
    assert Notice.objects.get(code="task_done").employee == cast.advisor
    again = client.post(f"/tasks/{task.pk}/finish/", {"outcome": "", "form_token": "b"})
    assert again.status_code == 422
    assert Entry.objects.filter(verb="task.finished").count() == 1


def test_its_whole_way_through_rest(cast):
    advisor, technician = program(cast.advisor), program(cast.technician)
    due = (now() + timedelta(hours=2)).isoformat()
    body = {"store": cast.store.pk, "assignee": cast.technician.pk, "title": "试车", "due_at": due, "remark": ""}
    answer = advisor.post("/api/v1/tasks/", body, "application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201, answer.content
    address = answer["Location"]
    assert advisor.post("/api/v1/tasks/", body, "application/json", headers={"Idempotency-Key": "k"}).json()["id"]
    assert Task.objects.count() == 1

    def send(who, step, **body):
        return who.post(f"{address}{step}/", body, "application/json")

    tag = advisor.get(address)["ETag"]
    patch = {"content_type": "application/json"}
    assert advisor.patch(address, {"remark": "急"}, **patch).status_code == 428
    assert advisor.patch(address, {"remark": "急"}, headers={"If-Match": tag}, **patch).json()["remark"] == "急"
    assert advisor.patch(address, {"remark": "不急"}, headers={"If-Match": tag}, **patch).status_code == 412
    answer = send(technician, "hand-on", assignee=cast.inspector.pk, remark="我不在")
    assert answer.status_code == 200 and answer.json()["assignee"]["name"] == "INSPECTOR"
    assert technician.get(address).status_code == 404
    inspector = program(cast.inspector)
    assert send(inspector, "drop").status_code == 400
    assert send(inspector, "drop", reason="已解决").json()["status"] == S.DROPPED
    assert send(inspector, "finish").status_code == 409
    assert send(advisor, "reopen").json()["status"] == S.OPEN
    assert send(inspector, "finish", outcome="好").json()["status"] == S.DONE
    stranger = program(cast.stranger)
    assert stranger.get(address).status_code == 404 and send(stranger, "finish").status_code == 404
    assert [one["id"] for one in advisor.get("/api/v1/tasks/?status=done").json()["results"]] == [Task.objects.get().pk]


def test_handed_on_opened_again_and_dropped_in_the_browser(cast, client):
    task = give(cast)
    client.force_login(cast.technician)
    same = client.post(f"/tasks/{task.pk}/hand-on/", {"assignee": cast.technician.pk, "form_token": "a"})
    assert same.status_code == 422
    answer = client.post(f"/tasks/{task.pk}/hand-on/", {"assignee": cast.cashier.pk, "form_token": "b"})
    assert answer.status_code == 302
    assert client.get(task.get_absolute_url()).status_code == 404
    assert Notice.objects.filter(code="task_given", employee=cast.cashier).exists()
    client.force_login(cast.cashier)
    assert client.post(f"/tasks/{task.pk}/reopen/", {"form_token": "c"}).status_code == 409
    assert client.post(f"/tasks/{task.pk}/drop/", {"reason": "", "form_token": "d"}).status_code == 422
    assert client.post(f"/tasks/{task.pk}/drop/", {"reason": "不需要", "form_token": "e"}).status_code == 302
    assert "不需要" in client.get(task.get_absolute_url()).content.decode()
    assert client.post(f"/tasks/{task.pk}/reopen/", {"form_token": "f"}).status_code == 302
    task.refresh_from_db()
    assert task.status == S.OPEN


def test_two_who_change_it_see_both_versions(cast, client):
    task = give(cast)
    client.force_login(cast.advisor)
    address = f"/tasks/{task.pk}/edit/"
    assert 'name="version" value="1"' in client.get(address).content.decode()
    form = {"title": "再试车", "due_at": typed(now() + timedelta(days=2)), "version": "1"}
    assert client.post(address, form | {"form_token": "a"}).status_code == 302
    answer = client.post(address, form | {"title": "三试车", "form_token": "b"})
    assert answer.status_code == 412 and "三试车" in answer.content.decode()
    task.expected_version = 1
    with pytest.raises(Stale):
        actions.edit_task(task, title="x", due_at=task.due_at, by=cast.by("advisor"))


def test_whose_task_it_is_not_moves_nothing(cast, client):
    task = give(cast)
    for who in ("inspector", "cashier", "monitor"):
        with pytest.raises(PermissionDenied):
            actions.finish_task(task, by=cast.by(who))
    client.force_login(cast.inspector)
    assert client.get(task.get_absolute_url()).status_code == 404
    client.force_login(cast.service_manager)
    assert task.get_absolute_url() in client.get("/tasks/?tab=store").content.decode()
    assert actions.finish_task(task, by=cast.by("service_manager")).status == S.DONE


def test_late_ones_are_marked_and_come_first_at_home(cast, client):
    task, later = give(cast), give(cast, title="明天的事", due_at=now() + timedelta(days=3))
    Task.objects.filter(pk=task.pk).update(due_at=now() - timedelta(minutes=1))
    client.force_login(cast.technician)
    assert "Late" in client.get("/tasks/?tab=late").content.decode()
    home = client.get("/").content.decode()
    assert task.get_absolute_url() in home and later.get_absolute_url() not in home
    assert 'class="app-count">1</span>' in home


def test_a_done_task_keeps_its_words(cast):
    task = actions.finish_task(give(cast), by=cast.by("technician"))
    for step in (
        lambda: actions.edit_task(task, title="x", due_at=task.due_at, by=cast.by("advisor")),
        lambda: actions.hand_on_task(task, assignee=cast.cashier, by=cast.by("technician")),
        lambda: actions.drop_task(task, reason="x", by=cast.by("technician")),
    ):
        with pytest.raises(Refused):
            step()


def test_the_house_gives_a_task_once_and_ends_it(cast, chain, client):
    visit = chain.received()
    due = now() + timedelta(hours=1)
    given = {"due_at": due, "row": visit, "by": cast.by("cashier"), "plate": visit.vehicle.plate}
    task = actions.give_task(cast.store, cast.advisor, "call_customer", **given)
    assert actions.give_task(cast.store, cast.advisor.pk, "call_customer", **given) == task
    other = actions.give_task(cast.store, cast.cashier, "call_customer", **given)
    assert other != task and Entry.objects.filter(verb="task.given").count() == 2
    client.force_login(cast.advisor)
    page = client.get("/tasks/").content.decode()
    assert "Call the customer: 沪A·8K721" in page
    page = client.get(task.get_absolute_url()).content.decode()
    assert visit.get_absolute_url() in page and f"/tasks/{task.pk}/edit/" not in page
    with pytest.raises(Refused):
        actions.edit_task(task, title="x", due_at=due, by=cast.by("service_manager"))
    assert actions.end_tasks("call_customer", visit, "reached") == 2
    assert actions.end_tasks("call_customer", visit) == 0
    task.refresh_from_db()
    assert (task.status, task.outcome) == (S.DONE, "reached")
    assert actions.give_task(cast.store, cast.advisor, "call_customer", **given) != task, "asked anew it is a new one"


def test_a_task_about_no_document_is_given_once_for_its_address(cast):
    given = {"due_at": now() + timedelta(hours=1), "by": cast.by("cashier")}
    one = actions.give_task(cast.store, cast.advisor, "call_customer", address="/visits/", **given)
    assert actions.give_task(cast.store, cast.advisor, "call_customer", address="/visits/", **given) == one
    assert actions.give_task(cast.store, cast.advisor, "call_customer", address="/orders/", **given) != one


def test_the_list_asks_as_often_for_twelve_as_for_two(cast, client):
    def queries():
        client.get("/tasks/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/tasks/").status_code == 200
        return len(seen)

    client.force_login(cast.technician)
    for n in range(2):
        give(cast, title=f"{n}")
    few = queries()
    for n in range(10):
        give(cast, title=f"x{n}")
    assert queries() == few
