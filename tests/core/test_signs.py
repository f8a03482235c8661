"""The signs that pages share: nothing, spans of mileage, phone numbers, charts told as tables."""

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import override

from core.lists import HouseTable
from core.templatetags import ui


def test_a_chart_told_as_a_table_has_the_sign_for_nothing():
    told = ui.chart_rows(
        {"labels": ["11", "12"], "series": [{"name": "a", "data": [None, 3]}, {"name": "b", "data": [0]}]}
    )
    assert [row["values"] for row in told["rows"]] == [["–", 0], [3, "–"]]
    assert ui.chart_rows({"items": [["a", None], ["b", 2]]})["rows"][0]["values"] == ["–"]


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (5_000, None, "from 5,000 km"),
        (None, 7_500, "up to 7,500 km"),
        (0, 7_500, "up to 7,500 km"),
        (5_000, 7_500, "5,000 – 7,500 km"),
        (None, None, "–"),
        (0, None, "–"),
    ],
)
def test_an_open_end_is_said_in_a_word(since, until, said):
    with override("en"):
        assert ui.km_range(since, until) == said


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800006621", "138 •••• 6621"),
        ("+86 138 0000 6621", "138 •••• 6621"),
        ("02155556666", "021 •••• 6666"),
        ("12345", "•••• 45"),
        ("", "–"),
    ],
)
def test_a_phone_is_masked_by_one_rule(phone, shown):
    assert ui.mask_phone(phone) == shown


def test_a_cell_without_anything_is_left_out_on_a_phone(rf):
    assert ui.says_nothing("–") and ui.says_nothing("") and ui.says_nothing(mark_safe('<span class="app-num">–</span>'))
    assert not ui.says_nothing("5 – 7") and not ui.says_nothing(0) and not ui.says_nothing(mark_safe("<svg></svg>"))
    assert HouseTable([]).default == "–"


def test_plates_within_words_are_written_as_on_the_car():
    assert ui.plates("折扣 · 沪G03579 · 萧俊志") == "折扣 · 沪G·03579 · 萧俊志"
    assert ui.plates("HD01-RO-2611-00042") == "HD01-RO-2611-00042"
    assert ui.km(68_300) == "68,300 km" and ui.km(None) == "–"
