"""The figures: counted again set-based, and they agree with the rows."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from core.figures import recompute, totals, touch, touch_many
from core.models import Figure, TouchedDay
from customers import actions as customers
from customers.models import Call
from dealer import actions
from dealer.figures import compute
from finance import actions as finance
from finance.models import Settlement
from service.models import Visit


def one(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


def test_figures_agree_with_the_rows_by_independent_sql(cast, chain):
    visit = chain.left()
    customers.plan_calls(by=cast.by("care_manager"))
    assert actions.refresh_figures() > 0
    assert not TouchedDay.objects.exists()
    sums = totals(Figure.objects.filter(store=cast.store))
    assert sums.dimensions("visits") == {"repair": Decimal(1)}
    assert (sums.amount("visits"),) == one(
        "SELECT count(*)::numeric FROM service_visit WHERE kind NOT IN ('pdi', 'internal') AND exit <> 'cancelled'"
    )
    labour, part = one(
        "SELECT sum(l.amount) FILTER (WHERE l.kind = 'labour'), sum(l.amount) FILTER (WHERE l.kind = 'part') "
        "FROM finance_settlementline l JOIN finance_settlement s ON s.id = l.settlement_id WHERE s.payer = 'customer'"
    )
    assert sums.dimensions("revenue") == {"customer:labour": labour, "customer:part": part}
    assert sums.pair("order_value") == one("SELECT sum(net), count(DISTINCT visit_id)::numeric FROM finance_settlement")
    assert sums.amount("cost") == one("SELECT sum(cost) FROM finance_settlementline")[0]
    assert sums.pair("on_time") == sums.pair("on_time_first") == (1, 1)
    assert sums.pair("calls_attempted") == (0, 1)
    assert sums.pair("members_called") == (0, 1)
    assert sums.ratio("calls_satisfied") is None
    assert visit.left_on == Figure.objects.get(code="members_called").day


def test_the_number_of_queries_does_not_grow_with_the_days(cast, chain):
    chain.left()
    today = cast.store.business_date(now())

    def queries(days):
        pairs = [(store.pk, today - timedelta(days=n)) for n in range(days) for store in (cast.store, cast.sister)]
        with CaptureQueriesContext(
            connection,
        ) as found:
            compute(pairs)
        return len(found)

    assert queries(2) == queries(40)
    assert queries(40) <= 19


def test_the_whole_recount_of_many_days_is_a_handful_of_queries(cast, chain):
    visit = chain.left()
    with CaptureQueriesContext(connection) as few:
        touch_many([(cast.store.pk, visit.arrived_on - timedelta(days=n)) for n in range(2)])
        recompute(500, compute)
    with CaptureQueriesContext(connection) as many:
        touch_many([(cast.store.pk, visit.arrived_on - timedelta(days=n)) for n in range(40)])
        assert recompute(500, compute) == 40
    assert len(many) == len(few)


def test_cancelled_pdi_and_internal_visits_do_not_count_and_comebacks_stand_apart(cast, chain):
    visit = chain.received(jobs=[{"words": "刹车还是响", "kind": "comeback"}, {"words": "保养", "kind": "maintenance"}])
    actions.refresh_figures()
    figures = Figure.objects.filter(code="visits")
    assert [(one.dimension, one.numerator) for one in figures] == [("comeback", 1)]
    for change in ({"kind": "pdi"}, {"kind": "internal"}, {"kind": "repair", "exit": "cancelled"}):
        Visit.objects.filter(pk=visit.pk).update(**change)
        touch(cast.store.pk, visit.arrived_on)
        actions.refresh_figures()
        assert not figures.all().exists()


def test_a_late_reversal_changes_the_old_day(cast, chain):
    visit = chain.settled()
    old = visit.arrived_on - timedelta(days=20)
    Settlement.objects.filter(visit=visit).update(settled_on=old)
    touch(cast.store.pk, old)
    actions.refresh_figures()
    assert totals(Figure.objects.filter(day=old)).amount("revenue") == Decimal("1368.00")
    finance.reverse_settlement(Settlement.objects.get(), reason="价格有误", by=cast.by("finance_manager"))
    actions.refresh_figures()
    sums = totals(Figure.objects.all())
    assert sums.amount("revenue") == 0
    assert sums.pair("order_value") == (0, 0)


def test_another_kind_of_job_moves_the_visit_to_another_kind(cast, chain):
    from service import actions as service

    visit = chain.received()
    actions.refresh_figures()
    service.add_job(visit.orders.get(), words="保险杠", kind="accident", by=cast.by("advisor"))
    actions.refresh_figures()
    assert totals(Figure.objects.all()).dimensions("visits") == {"accident": Decimal(1)}


@pytest.mark.parametrize(("late", "in_time", "agents"), [(False, (1, 1), (1, 1)), (True, (0, 1), (0, 0))])
def test_a_call_without_a_permitted_hour_counts_as_late_but_not_against_the_agent(cast, chain, late, in_time, agents):
    chain.left()
    customers.plan_calls(by=cast.by("care_manager"))
    Call.objects.update(
        status="reached", answer="satisfied", attempts=1, closed_at=now(), is_planned_late=late, agent=cast.care_agent
    )
    touch(cast.store.pk, Visit.objects.get().left_on)
    actions.refresh_figures()
    sums = totals(Figure.objects.all())
    assert sums.pair("calls_in_time") == in_time
    assert sums.pair("calls_in_time_agents") == agents
    assert sums.pair("calls_satisfied") == sums.pair("members_called") == (1, 1)


def test_a_promise_kept_only_after_it_was_moved_is_on_time_once(cast, chain):
    visit = chain.ready()
    Visit.objects.update(promised_first=visit.ready_at - timedelta(minutes=1))
    touch(cast.store.pk, visit.arrived_on)
    actions.refresh_figures()
    sums = totals(Figure.objects.all())
    assert (sums.pair("on_time"), sums.pair("on_time_first")) == ((1, 1), (0, 1))


def test_a_change_that_commits_while_its_day_is_counted_is_neither_lost_nor_waited_for(transactional_db, cast, chain):
    visit = chain.received()
    changed, go = threading.Event(), threading.Event()

    def desk():
        with transaction.atomic():
            Visit.objects.filter(pk=visit.pk).update(kind="accident")
            touch(cast.store.pk, visit.arrived_on)
            changed.set()
            go.wait(20)
        connection.close()

    one_at_the_desk = threading.Thread(target=desk)
    one_at_the_desk.start()
    assert changed.wait(20)
    actions.refresh_figures()  # does not wait for the desk
    assert totals(Figure.objects.all()).dimensions("visits") == {"repair": Decimal(1)}
    go.set()
    one_at_the_desk.join()
    actions.refresh_figures()
    assert totals(Figure.objects.all()).dimensions("visits") == {"accident": Decimal(1)}
