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
