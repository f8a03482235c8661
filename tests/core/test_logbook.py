"""Who reads which lines of the logbook: those of one's stores, and of one's companies what belongs to no store."""

from core.actor import CONSOLE
from core.logbook import record
from core.models import Entry
from customers import actions
from tests.conftest import make_person


def seen(person):
    from core.web import actor_of

    return set(Entry.objects.visible_to(actor_of(person, "browser")).values_list("verb", "kind"))


def test_lines_of_customers_are_read_in_their_company_and_nowhere_else(cast, car):
    actions.meet_customer(cast.store.company, "王芳", "13800001111", by=CONSOLE)
    record("calls.planned", cast.sister, by=CONSOLE, planned=1)
    company = make_person("boss", "宏达总经理", "general_manager", company=cast.store.company)
    stranger = make_person("theirs", "远航总经理", "general_manager", cast.foreign)
    assert seen(cast.service_manager) == {("customer.added", "customer")}, "not the sister store's"
    assert seen(company) == {("customer.added", "customer"), ("calls.planned", "store")}
    assert seen(stranger) == set()
    assert len(seen(cast.group_manager)) == 2
    assert seen(cast.advisor) == set()


def test_a_line_bears_the_date_of_its_store(cast):
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    cast.store.time_zone = "America/Los_Angeles"
    entry = record("calls.planned", cast.store, by=CONSOLE)
    assert entry.business_date == datetime.now(UTC).astimezone(ZoneInfo("America/Los_Angeles")).date()


def test_the_page_calls_documents_doors_and_people_by_name(cast, chain, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    order = chain.received().orders.get()
    record("calls.planned", cast.store, by=CONSOLE, planned=1)
    record("settlement.settled", cast.store, by=cast.by("advisor", "api"))
    client.force_login(cast.service_manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/logbook/", headers={"accept-language": "en"}).content.decode()
    assert f'href="{order.visit.get_absolute_url()}">沪A·8K721</a>' in page
    assert "Visit</div>" in page and str(cast.advisor) in page
    assert "Browser" in page and "REST interface" in page and "Console" in page
    assert ">console<" not in page and ">browser<" not in page
    assert "Visit 沪A·8K721" in client.get("/logbook/?export=csv", headers={"accept-language": "en"}).content.decode()

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/logbook/").status_code == 200
        return len(seen)

    record("order.edited", order, by=cast.by("advisor"))
    few = queries()
    for _n in range(5):
        record("order.edited", order, by=cast.by("advisor"))
        record("visit.promised", order.visit, by=cast.by("advisor"))
    assert queries() == few


def test_what_a_reader_may_not_open_has_a_number_and_no_link(cast, chain):
    from core.events import tell_lines
    from core.web import actor_of

    visit = chain.received()
    lines = list(Entry.objects.filter(kind="visit"))
    tell_lines(lines, actor_of(cast.stranger, "browser"))
    assert {(one.document, one.url) for one in lines} == {(f"#{visit.pk}", "")}


def test_every_kind_of_document_and_every_door_has_a_word():
    from django.apps import apps

    from core.events import DOORS, KINDS
    from core.rows import HouseModel

    pages = {
        model.kind_name()
        for model in apps.get_models()
        if issubclass(model, HouseModel) and hasattr(model, "get_absolute_url")
    }
    assert pages - KINDS.keys() == {"attachment"}
    assert DOORS.keys() == {"browser", "api", "clock", "console", "link"}
