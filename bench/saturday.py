"""A Saturday with 40 cars: advisors, technicians, cashiers and the guard ask the real web server at once, through REST.

make saturday                              40 cars, seed 1
make saturday ARGS="--cars 80 --seed 7"
python -m bench.saturday --cars 8

Own database, own web server on loopback, both gone afterwards. It ends by itself, and with an exit status other than 0
when a car is lost, an answer is a 5xx, or the evening's figures, ledger and cash counts are not what was played.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any


@dataclass
class Outcome:
    """What came of a day."""

    wrong: list[str] = field(default_factory=list)
    stories: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    seconds: float = 0
    requests: list[Any] = field(default_factory=list)
    control: list[str] = field(default_factory=list)  # what the same comparison says when it is a cent and a car off


def play(environment: dict[str, str], folder: Path, *, cars: int, seed: int) -> Outcome:
    """One day in an empty database that this process and the web server share."""
    from bench.saturday_books import Books
    from bench.saturday_cars import STORIES, Car, fleet
    from bench.saturday_desks import Day
    from bench.saturday_house import lay
    from dealer import actions as dealer
    from tests.hard.invariants import broken
    from tests.hard.web import Web

    dice, outcome = random.Random(seed), Outcome()
    own = max(cars - 4, 1)
    house = lay(own, dice)
    told = [Car(house, one, random.Random(f"{seed} {n}")) for n, one in enumerate(house.cars)]
    firm = [Car(house, {"plate": plate, "name": "顺达司机", "is_known": False}, random.Random(f"{seed} {plate}"))
            for plate in house.fleet["plates"]]  # fmt: skip
    stories = [("fleet", fleet(house, firm))]
    for n, car in enumerate(told):
        story = STORIES[n % len(STORIES)]
        car.played.story = story.__name__
        stories.append((car.told["plate"], story(car)))
        outcome.stories[story.__name__] += 1
    for car in firm:
        car.played.story = "on_account"
        outcome.stories["on_account"] += 1
    with Web(environment | {"DJANGO_SETTINGS_MODULE": "bench.saturday_settings"}, folder) as web:
        day = Day(web.port, house)
        began = time.perf_counter()
        day.play(stories)
        outcome.seconds = time.perf_counter() - began
        dealer.refresh_figures()
        played = [car.played for car in [*told, *firm]]
        ends = {plate: end for plate, end in day.ends.items() if plate != "fleet"}
        outcome.wrong += [f"a car was lost: {one}" for one in day.lost]
        outcome.wrong += [f"{one.what} answered {one.status}" for one in day.requests if one.status >= 500]
        if not day.lost:
            with closing(Books(web.port, house, played, ends)) as books:
                outcome.wrong += books.compare()
            with closing(Books(web.port, house, played, dict(ends))) as books:
                outcome.control = _control(books)
        outcome.wrong += broken()
        if outcome.wrong:
            outcome.wrong.append(f"the web server said: {web.said()}")
    outcome.ends, outcome.requests = Counter(ends.values()), day.requests
    return outcome


def _control(books: Any) -> list[str]:
    """The evening's comparison must find a cent that was never paid and a car that never left."""
    first = books.played[0]
    first.owed["customer"] += Decimal("0.01")
    books.ends[first.plate] = "received"
    found: list[str] = books.look()
    first.owed["customer"] -= Decimal("0.01")
    return found


def told(outcome: Outcome) -> str:
    """The day in a few lines: how many requests, how long they took, what went wrong."""
    from bench.saturday_books import spread_of

    by_verb = defaultdict(list)
    for one in outcome.requests:
        by_verb[one.what].append(one.seconds)
    lines = ["| request | times | p50 ms | p95 ms |", "| --- | ---: | ---: | ---: |"]
    for what, seconds in sorted(by_verb.items(), key=lambda one: -len(one[1])):
        lines.append(
            f"| {what} | {len(seconds)} | {spread_of(seconds, 50) * 1e3:.0f} | {spread_of(seconds, 95) * 1e3:.0f} |"
        )
    every = [one.seconds for one in outcome.requests]
    refused = sum(400 <= one.status < 500 for one in outcome.requests)
    failed = sum(one.status >= 500 for one in outcome.requests)
    lines.append(
        f"\n{sum(outcome.stories.values())} cars in {outcome.seconds:.1f} s, {len(every)} requests "
        f"({len(every) / max(outcome.seconds, 0.001):.0f} a second), p50 {spread_of(every, 50) * 1e3:.0f} ms, "
        f"p95 {spread_of(every, 95) * 1e3:.0f} ms, {refused} refused as played, {failed} errors"
    )
    lines.append(f"stories: {dict(outcome.stories.most_common())}")
    lines.append(f"in the evening: {dict(outcome.ends)}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cars", type=int, default=40, choices=range(5, 201), metavar="5-200")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from tests.plumbing import databases

    name = databases.make("saturday")
    try:
        with tempfile.TemporaryDirectory() as folder:
            outcome = play(dict(os.environ), Path(folder), cars=asked.cars, seed=asked.seed)
    finally:
        databases.drop(name)
    print(told(outcome))
    for one in outcome.wrong:
        print(f"WRONG: {one}")
    if not outcome.wrong and not outcome.control:
        outcome.wrong.append("the evening's comparison finds nothing, not even what was made wrong for it")
        print(f"WRONG: {outcome.wrong[0]}")
    sys.exit(1 if outcome.wrong else 0)


if __name__ == "__main__":
    main()
