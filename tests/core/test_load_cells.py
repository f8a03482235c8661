"""How cells are read: what is certain is taken, what is not is rejected."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core import cells
from core.actor import CONSOLE
from core.cells import Bad
from core.imports import Load
from core.sheets import guard, unguard


def load(**more):
    """A load without a file."""
    return Load(path=Path("x"), by=CONSOLE, **more)


@pytest.mark.parametrize(
    "text",
    [
        "2022/1/3",
        "2022-01-03",
        "2022.1.3",
        "2022年1月3日",
        "２０２２年１月３日",
        " 2022 - 1 - 3 ",
        "20220103",
        "44564",
        44564,
        44564.0,
        "44564.0",
        date(2022, 1, 3),
        datetime(2022, 1, 3),
        "3/1/2022",
        "2022-01-03 00:00:00",
        "2022-01-03T00:00",
    ],
)
def test_a_day_in_every_way(text):
    given = load(date_format="dmy")
    assert cells.moment(text, given) == datetime(2022, 1, 3)
    assert cells.day(text, given) == date(2022, 1, 3)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022/1/3 9:05", datetime(2022, 1, 3, 9, 5)),
        ("2022年1月3日 14:05:30", datetime(2022, 1, 3, 14, 5, 30)),
        ("2022年1月3日 14点05分", datetime(2022, 1, 3, 14, 5)),
        ("44564.5", datetime(2022, 1, 3, 12)),
        ("25/12/2025", datetime(2025, 12, 25)),
        ("12/25/2025", datetime(2025, 12, 25)),
        ("02/02/2026", datetime(2026, 2, 2)),
    ],
)
def test_times_and_days_that_can_be_only_one(text, moment):
    assert cells.moment(text, load()) == moment


def test_a_time_with_a_zone_is_that_moment():
    found = cells.moment("2022-01-03T14:05:00+08:00", load())
    assert found.isoformat() == "2022-01-03T06:05:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2026",
        "2022-02-30",
        "2022/13/1",
        "22/1/3",
        "1822-01-01",
        "2222-01-01",
        "明天",
        "5",
        "0",
        "",
        "2022",
        "二〇二二年",
        "2022-01-03 25:00",
        "99999999",
        "1e400",
        "nan",
        "2022-1-3; drop",
        "00/00/0000",
        "32/01/2026",
        True,
    ],
)
def test_no_day_is_guessed(text):
    with pytest.raises(Bad):
        cells.moment(text, load())


def test_two_ways_to_read_a_day_are_decided_by_the_user():
    assert cells.day("01/02/2026", load(date_format="dmy")) == date(2026, 2, 1)
    assert cells.day("01/02/2026", load(date_format="mdy")) == date(2026, 1, 2)
    with pytest.raises(Bad, match="--date-format"):
        cells.day("01/02/2026", load())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.50"),
        ("１，２３４.５", "1234.5"),
        ("1 234 567", "1234567"),
        ("¥1,234.5", "1234.5"),
        ("￥ 12", "12"),
        ("12元", "12"),
        ("1122.7400000000002", "1122.74"),
        (1122.7400000000002, "1122.74"),
        (0.1 + 0.2, "0.3"),
        (0, "0"),
        ("1.2E+3", "1200"),
        (".5", "0.5"),
    ],
)
def test_money(text, number):
    assert cells.amount()(text, load()) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["12,5", "1.234,56", "1,23", "$5", "5 €", "-1", "(5)", "1e99", "NaN", "inf", "12 34", "十", "1_000", True, "--5"],
)
def test_no_money(text):
    with pytest.raises(Bad):
        cells.amount()(text, load())


def test_percent_and_whole_numbers():
    assert cells.percent("5.25%", load()) == cells.percent(5.25, load()) == Decimal("5.25")
    assert cells.whole(0, 9_999_999)("68,214 公里", load()) == 68214
    assert cells.whole(0, 9_999_999)("68214.0", load()) == 68214
    for text in ("101%", "-1"):
        with pytest.raises(Bad):
            cells.percent(text, load())
    for text in ("6.8万", "12.5", "99999999", ""):
        with pytest.raises(Bad):
            cells.whole(0, 9_999_999)(text, load())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (13800001111, "13800001111"),
        (13800001111.0, "13800001111"),
        ("13800001111.0", "13800001111"),
        ("1.3800001111E+10", "13800001111"),
        ("1.3800001111e10", "13800001111"),
        ("１３８００００１１１１", "13800001111"),
        ("WO-0001", "WO-0001"),
        ("00012", "00012"),
        ("1E", "1E"),
    ],
)
def test_numbers_that_are_names(value, text):
    assert cells.key(value, load()) == text


@pytest.mark.parametrize("value", ["1.38E+10", "1E+10", 1.5e17, "x" * 81])
def test_lost_digits_are_not_made_up(value):
    with pytest.raises(Bad):
        cells.key(value, load())


def test_long_texts_are_cut_only_where_a_part_is_of_use():
    given = load()
    assert cells.text(5, cut=True)("123456", given) == "1234…" and given.cut == 1
    assert cells.text(5)("12345", given) == "12345"
    with pytest.raises(Bad):
        cells.text(5)("123456", given)


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "+1+1",
        "-x",
        "@a",
        "\t=1",
        "\r1",
        "\n1",
        "\x001",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        " =1",
        '"=1',
        "'=1",
        "''=1",
        "+8613800001111",
    ],
)
def test_a_guard_is_put_on_and_taken_off(text):
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["-5", "-5.25", "1", "", "o'brien", "'tis", "王"])
def test_what_needs_no_guard_has_none(text):
    assert guard(text) == text == unguard(text)
