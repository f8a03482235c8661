"""The dashboard: what it shows, and that the way down from a card shows exactly the rows that were counted."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from core.figures import touch
from customers import actions as customers
from customers.models import Call
from dealer import actions
from dealer.forms import span_before
from service.models import Visit


@pytest.fixture
def month(cast, chain):
    """A visit from the gate in to the gate out, its figures counted."""
    visit = chain.left()
    customers.plan_calls(by=cast.by("care_manager"))
    Call.objects.update(status="reached", answer="satisfied", attempts=1, closed_at=visit.left_at)
    touch(cast.store.pk, visit.left_on)
    actions.refresh_figures()
    return visit


def cards(page):
    """Label -> (value, address of the way down)."""
    found = {}
    pattern = r'<(?:a href="([^"]*)"|div) class="card app-kpi">.*?app-kpi-label">(.*?)</div>.*?app-kpi-value">(.*?)<'
    for url, label, value in re.findall(pattern, page, re.S):
        found[unescape(label)] = (unescape(value), unescape(url))
    return found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_manager_reads_it_in_both_languages(client, cast, month, language):
    client.force_login(cast.general_manager)
    page = client.get(reverse("dashboard"), headers={"accept-language": language})
    assert page.status_code == 200
    assert 'id="chart-data"' in page.content.decode()


@pytest.mark.duty("D-02")
def test_every_way_down_shows_exactly_the_counted_rows(client, cast, month):
    client.force_login(cast.service_manager)
    found = cards(client.get(reverse("dashboard")).content.decode())
    for label, rows in {"Cars in": 1, "Revenue": 1, "On time": 1, "Member coverage": 1, "Customers reached": 1}.items():
        listed = client.get(found[label][1])
        assert listed.status_code == 200, label
        assert len(listed.context["page"].rows) == rows, label
    assert found["Cars in"][0] == "1"
    assert found["Revenue"][0] == "¥ 1,368"
    assert found["Member coverage"][0] == "100.0%"
    # what does not count is not on the list either
    Visit.objects.update(kind="pdi")
    assert not client.get(found["Cars in"][1]).context["page"].rows
    assert not client.get(found["On time"][1]).context["page"].rows


def test_the_ways_down_of_the_charts_carry_their_days(client, cast, month):
    client.force_login(cast.service_manager)
    page = client.get(reverse("dashboard"))
    bars, ring, _lines = page.context["charts"]
    assert sum(sum(one["data"]) for one in bars["series"]) == 1368
    assert [len(client.get(url).context["page"].rows) for url in bars["urls"]].count(1) == 1
    (_label, number, url, _color) = ring["items"][0]
    assert number == len(client.get(url).context["page"].rows) == 1


def test_the_same_span_before():
    assert span_before(date(2026, 11, 1), date(2026, 11, 23)) == (date(2026, 10, 1), date(2026, 10, 23))
    assert span_before(date(2026, 10, 1), date(2026, 10, 31)) == (date(2026, 9, 1), date(2026, 9, 30))
    assert span_before(date(2026, 3, 1), date(2026, 3, 30)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert span_before(date(2026, 11, 16), date(2026, 11, 22)) == (date(2026, 11, 9), date(2026, 11, 15))


def test_without_figures_it_says_so_and_shows_dashes(client, cast):
    client.force_login(cast.general_manager)
    page = client.get(reverse("dashboard"), {"from": "2020-01-01", "to": "2020-01-31"})
    assert cards(page.content.decode())["On time"][0] == "–"
    assert "No figures for these days" in page.content.decode()


@pytest.mark.parametrize("asked", [{"from": "x"}, {"from": "2026-02-01", "to": "2026-01-01"}, {"store": "99999"}])
def test_an_odd_range_is_said_and_not_guessed(client, cast, asked):
    client.force_login(cast.general_manager)
    page = client.get(reverse("dashboard"), asked)
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()


def test_a_foreign_manager_sees_nothing_of_it(client, cast, month):
    from tests.conftest import make_person

    client.force_login(make_person("fremd", "远航总经理", "general_manager", cast.foreign))
    page = client.get(reverse("dashboard"))
    assert cards(page.content.decode())["Cars in"][0] == "0"
    asked = client.get(reverse("dashboard"), {"store": cast.store.pk})
    assert cards(asked.content.decode())["Revenue"][0] == "¥ 0"


def test_without_the_verb_there_is_no_dashboard(client, cast):
    client.force_login(cast.advisor)
    assert client.get(reverse("dashboard")).status_code == 403


def test_a_long_span_costs_as_many_queries_as_a_short_one(client, cast, month):
    client.force_login(cast.service_manager)
    today = localdate()

    def queries(days):
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("dashboard"), {"from": today - timedelta(days=days), "to": today})
        return len(found)

    queries(1)
    assert queries(3) == queries(700)
