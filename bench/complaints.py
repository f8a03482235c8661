"""A hundred thousand complaints on a throw-away database: how long they take to load, and how long the pages think.

python -m bench.complaints            100,000 complaints
python -m bench.complaints 20000

Stops with an error when the load takes five minutes (for 100,000), or when a page takes 100 ms of the server's time.
"""

import csv
import json
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tests.plumbing import databases  # noqa: E402

PARTS = (
    "发动机",
    "变速器",
    "离合器",
    "转向",
    "刹车",
    "轮胎",
    "悬挂",
    "车门",
    "天窗",
    "空调",
    "中控屏",
    "仪表",
    "座椅",
    "大灯",
)
FAULTS = ("异响", "漏油", "抖动", "故障灯亮", "无法启动", "顿挫", "生锈", "失灵", "烧机油", "噪音大", "开裂", "自燃")
CARS = [(f"品牌{n}", f"车系{n}-{k}") for n in range(40) for k in range(8)]
LETTERS = "ABCDEFGHIJKLMNOPQ"
ROUNDS = 15
MOST_SECONDS, MOST_MS = 300, 100


def fill() -> None:
    """One company with one store, and a manager who looks."""
    from core.models import Calendar, Company, Employee, Group, Posting, Store

    calendar = Calendar.objects.create(name="always")
    company = Company.objects.create(group=Group.objects.create(name="g"), name="c")
    Store.objects.create(
        company=company, code="B1", name="b", live_from="2020-01-01", opening=calendar, calling=calendar, labour_rate=1
    )
    boss = Employee.objects.create(username="boss", name="boss")
    Posting.objects.create(employee=boss, role="group_manager")


def write(folder: Path, count: int) -> tuple[Path, Path]:
    """The list of problems and the file of complaints."""
    dice = random.Random(4)
    classes = [
        {
            "name": f"类{letter}",
            "value": letter,
            "zf": "f" if letter > "H" else "z",
            "items": [{"id": n, "title": f"{part}{FAULTS[n % len(FAULTS)]}"} for n, part in enumerate(PARTS, 1)],
        }
        for letter in LETTERS
    ]
    problems, complaints = folder / "problems.json", folder / "complaints.csv"
    problems.write_text(json.dumps(classes), encoding="utf-8")
    with complaints.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["id", "brand", "car_model", "type", "desc", "problem", "datetime", "status"])
        for n in range(count):
            brand, series = dice.choice(CARS)
            said = " ".join(dice.choice(PARTS) + dice.choice(FAULTS) for _ in range(dice.randrange(1, 4)))
            codes = ",".join(dice.choice(LETTERS[:9]) + str(dice.randrange(1, 15)) for _ in range(dice.randrange(1, 4)))
            day = date(2026, 10, 31) - timedelta(days=dice.randrange(1400))
            table.writerow(
                [n, brand, series, f"{2015 + n % 11}款", f"{series}{said} {n}", f"{codes},", day, "信息审核"]
            )
    return problems, complaints


PAGES = (
    ("the list", "/complaints/?tab=all"),
    ("search: two characters", "/complaints/?tab=all&q=天窗"),
    ("search: four characters", "/complaints/?tab=all&q=天窗异响"),
    ("search: one that is rare", "/complaints/?tab=all&q=异响 99991"),
    ("one brand", "/complaints/?tab=all&brand=品牌7"),
    ("trend and Pareto", "/complaints/figures/?from=2022-01-01&to=2026-10-31"),
)


def think(client: Any, address: str) -> float:
    """How long the server thinks about one page: its own processor time, and the time of its statements."""
    waited = 0.0

    def ask(execute: Any, *asked: Any) -> Any:
        nonlocal waited
        began = time.perf_counter()
        try:
            return execute(*asked)
        finally:
            waited += time.perf_counter() - began

    began = time.process_time()
    with connection.execute_wrapper(ask):
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return 1000 * (time.process_time() - began + waited)


def look(said: list[str]) -> None:
    """Each page in turn, many times; the least counts: what the page costs, not what else the machine does. The middle
    one is told beside it."""
    from django.test import Client

    from core.models import Employee

    client = Client(headers={"host": "localhost"})
    client.force_login(Employee.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    took: dict[str, list[float]] = {what: [] for what, _address in PAGES}
    for _round in range(ROUNDS):
        for what, address in PAGES:
            took[what].append(think(client, address))
    for what, times in took.items():
        least, middle = min(times), statistics.median(times[1:])
        print(f"{what:30} {least:>8.1f} ms at least, {middle:.1f} ms in the middle")
        if least > MOST_MS:
            said.append(f"{what}: {least:.0f} ms")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    name = databases.make("bench")
    said: list[str] = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        fill()
        with tempfile.TemporaryDirectory() as folder:
            problems, complaints = write(Path(folder), count)
            call_command("load", "problems", str(problems))
            began = time.perf_counter()
            call_command("load", "complaints", str(complaints), "--store", "B1", "--source", "bench")
            seconds = time.perf_counter() - began
        print(f"{count:,} complaints loaded in {seconds:.1f} s")
        if seconds > MOST_SECONDS * count / 100_000:
            said.append(f"the load took {seconds:.0f} s")
        from core.figures import recompute
        from dealer.figures import compute

        began = time.perf_counter()
        while recompute(400, compute):
            pass
        print(f"figures of their days counted in {time.perf_counter() - began:.1f} s")
        with databases.as_owner(str(connection.settings_dict["NAME"])) as owner:
            owner.execute("VACUUM ANALYZE")
        look(said)
    finally:
        databases.drop(name)
    sys.exit("\n".join(said) or 0)


if __name__ == "__main__":
    main()
