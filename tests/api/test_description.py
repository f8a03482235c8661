"""The description of the REST door: for those who are signed in, complete, in both languages, under the strict CSP."""

import json

import pytest
from django.test import Client
from django.utils import translation

HOUSE = "allauth.account.auth_backends.AuthenticationBackend"


def test_it_is_for_those_who_are_signed_in(cast, program, client):
    assert client.get("/api/schema/").status_code == 401
    assert client.get("/api/docs/").status_code == 302
    assert program("guard").client.get("/api/schema/").status_code == 200
    client.force_login(cast.guard, backend=HOUSE)
    assert client.get("/api/schema/").status_code == 200
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert "<style" not in page.content.decode()


@pytest.fixture
def schema(cast, program):
    return json.loads(program("advisor").client.get("/api/schema/?format=json").content)


def test_every_path_of_the_door_is_described(schema):
    from dealer import api_urls

    wanted = {
        (f"/api/v1/{one.pattern}".replace("<int:pk>", "{id}"), method)
        for one in api_urls.v1
        for method in one.callback.actions
    }
    assert {(path, method) for path, methods in schema["paths"].items() for method in methods} == wanted


def test_every_verb_says_what_it_takes_and_answers(schema):
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            assert told["security"] == [{"bearer": []}]
            assert told["summary"], path
            good = [one for code, one in told["responses"].items() if code < "300"]
            files = {"content": {"application/octet-stream"}}
            files["archive"] = files["content"] | {"application/pdf"}
            kinds = files.get(path.split("/")[-2], {"application/json"})
            assert len(good) == 1 and good[0]["content"].keys() == kinds, path
            assert all(one["schema"] for one in good[0]["content"].values()), path
            problems = {code for code in told["responses"] if code >= "400"}
            assert {"401", "403", "503"} <= problems, path
            assert ("404" in problems) == ("{id}" in path)
            assert ("428" in problems) == (method in {"put", "patch"})
            headers = {one["name"]: one.get("required") for one in told["parameters"] if one["in"] == "header"}
            assert bool(headers.get("If-Match")) == (method in {"put", "patch"})
            assert ("Idempotency-Key" in headers) == (method != "get")


def test_lists_are_described_with_their_envelope_and_filters(schema):
    told = schema["paths"]["/api/v1/visits/"]["get"]
    names = {one["name"] for one in told["parameters"]}
    assert {"q", "status", "store", "arrived_from", "waits", "sort", "size", "after", "before"} <= names
    kinds = {one["name"]: one["schema"] for one in told["parameters"]}
    assert (kinds["waits"]["type"], kinds["arrived_from"]["format"], kinds["store"]["type"]) == (
        "boolean",
        "date",
        "integer",
    )
    envelope = schema["components"]["schemas"]["PaginatedVisitOutList"]
    assert set(envelope["required"]) == {"results", "next", "previous"}


def test_forms_are_described_as_their_json(schema):
    shapes = schema["components"]["schemas"]
    assert set(shapes["ReceiveRequest"]["required"]) == {"promised_at"}
    assert shapes["CheckRequest"]["properties"]["passed"]["type"] == "boolean"
    assert "cost" not in shapes["LineOut"]["required"]
    assert set(shapes["ProblemOut"]["required"]) == {"code", "detail"}


def test_the_description_is_clean_in_chinese_too(db, tmp_path):
    from django.core.management import call_command

    with translation.override("zh-hans"):
        call_command(
            "spectacular", "--validate", "--fail-on-warn", "--lang", "zh-hans", "--file", str(tmp_path / "zh.yaml")
        )


@pytest.mark.browser
def test_the_page_shows_every_verb_and_keeps_to_the_policy(transactional_db, cast, live, chromium):
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda problem: said.append(str(problem)))
    client = Client()
    client.force_login(cast.advisor, backend=HOUSE)
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live}])
    page.goto(f"{live}/api/docs/")
    page.locator("#operations-tag-visits").click()
    page.locator(".opblock-summary-path", has_text="/receive/").first.wait_for()
    page.locator("#operations-visits-visits_list .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".response .highlight-code, .live-responses-table .microlight").first.wait_for()
    assert "results" in page.locator(".live-responses-table").inner_text()
    assert said == []
    context.close()
