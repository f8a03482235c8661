"""Puts the demo together: the stores, their past, their today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from django.db import connection
from django.utils.timezone import now

from complaints import actions as complaints
from core.actor import CONSOLE
from core.logbook import begin_act, record
from core.rows import atomic
from customers import actions as customers
from dealer import actions
from dealer.demo.calendar import lay_calendars, lay_holidays
from dealer.demo.calls import Care, Hours
from dealer.demo.catalogue import lay_catalogue
from dealer.demo.complaints import play_complaints
from dealer.demo.desk import play_desk
from dealer.demo.garage import SHANGHAI, Garage
from dealer.demo.history import Years
from dealer.demo.ledger import write
from dealer.demo.people import PLACES, found_stores, hire
from dealer.demo.prices import Payers
from dealer.demo.today import play_today
from dealer.demo.wishes import lay_history, write_twice


@dataclass
class Loaded:
    """What was put in."""

    rows: int
    visits: int
    cars_today: int
    calls: int


def _months_before(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


@atomic
def open_dealership(*, count: int, months: int, seed: int, say: Callable[[str], Any] = str) -> Loaded:
    """Open the demo dealership in an empty database, whole or not at all."""
    begin_act()
    present = now()
    today = present.astimezone(SHANGHAI).date()
    first = _months_before(today, months)
    with connection.cursor() as cursor:
        # what refers to what is checked table by table and not all at the end
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    rng = {name: Random(f"{seed}:{name}") for name in ("garage", "past", "work", "care", "today", "twice")}  # noqa: S311
    lay_holidays()
    opening, calling = lay_calendars(today)
    stores = found_stores(opening, calling, first)
    crews = hire(stores)
    payers = Payers(stores)
    lay_catalogue(stores)
    garage = Garage({store.code: store for store in stores}, crews).fill(rng["garage"], count, today)
    pasts = Years(rng["past"], garage, payers, first, today).visits()
    say("past invented")
    care = Care(rng["care"], garage, Hours(calling, first, today), present)
    care.decide(pasts)
    rows = garage.write(rng["work"]) + write(pasts, today, rng["work"]) + care.write()
    for store in stores:
        visits = sum(past.store is store for past in pasts)
        record("demo.loaded", store, by=CONSOLE, visits=visits, first=first)
    lay_history()
    write_twice(rng["twice"])
    say("past written")
    cars_today = play_today(rng["today"], garage, payers, PLACES)
    for store in stores:
        play_desk(store, crews[store.code].people)
    say("today played")
    for store in stores:
        play_complaints(store, crews[store.code].people)
    say("complaints played")
    calls = customers.plan_calls(by=CONSOLE)
    customers.assign_calls(by=CONSOLE)
    say("calls planned")
    return Loaded(rows, len(pasts), cars_today, calls)


def count_up(say: Callable[[str], Any] = str) -> int:
    """Count the figures of all days and build the monthly reports; what does not finish now, the clock finishes."""
    complaints.escalate()
    complaints.remind_promises()
    actions.refresh_figures()
    say("figures counted")
    actions.order_reports(by=CONSOLE)
    built = actions.build_reports(by=CONSOLE)
    say("reports built")
    return built
