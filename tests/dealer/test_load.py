"""`manage.py load`: the manners that all kinds share."""

import csv
import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.models import Entry
from customers.models import Customer


def load(*words: object) -> list[str]:
    """The lines that a load prints."""
    out = io.StringIO()
    call_command("load", *map(str, words), stdout=out)
    return out.getvalue().strip().splitlines()


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file with this text."""
    path.write_bytes(text.encode(encoding))
    return path


def table(path: Path, *rows: list[Any]) -> Path:
    """An xlsx file with these rows."""
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def into(cast, tmp_path):
    """Loads a text as a file of customers into HD01."""

    def customers(text: str, *options: str, encoding: str = "utf-8", name: str = "客户.csv") -> list[str]:
        path = write(tmp_path / name, text, encoding)
        return load("customers", path, "--store", "HD01", "--source", "old", *options)

    return customers


PLAIN = "客户编号,姓名,手机\nC1,王建国,13800001111\nC2,李 娜,13800002222\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_every_encoding_and_mark_says_the_same(into, encoding, mark):
    assert into(PLAIN.replace(",", mark), encoding=encoding)[-1] == "created 2, updated 0, unchanged 0, rejected 0"
    assert list(Customer.objects.order_by("source_id").values_list("name", "phone")) == [
        ("王建国", "13800001111"),
        ("李 娜", "13800002222"),
    ]


def test_twice_changes_nothing_and_what_changed_is_updated(into, cast):
    into(PLAIN)
    assert into(PLAIN)[-1] == "created 0, updated 0, unchanged 2, rejected 0"
    assert into(PLAIN.replace("13800002222", "13900002222"))[-1] == "created 0, updated 1, unchanged 1, rejected 0"
    changed = Customer.objects.get(source_id="C2")
    assert (changed.phone, changed.version, changed.company) == ("13900002222", 2, cast.store.company)
    lines = Entry.objects.filter(verb="customers.loaded").order_by("id")
    assert [(one.store, one.kind, one.by_kind, one.door) for one in lines] == [
        (cast.store, "store", "clock", "console")
    ] * 3


def test_another_source_and_another_company_are_others(into, cast, tmp_path):
    into(PLAIN)
    path = tmp_path / "客户.csv"
    assert load("customers", path, "--store", "HD02", "--source", "old")[-1].startswith("created 0")  # one company
    assert load("customers", path, "--store", "HD01", "--source", "older")[-1].startswith("created 2")
    assert load("customers", path, "--store", "YH01", "--source", "old")[-1].startswith("created 2")
    assert Customer.objects.count() == 6


def test_a_dry_run_says_the_same_and_keeps_nothing(into):
    text = PLAIN + "C3,张三,12\n"
    dry = into(text, "--dry-run")
    assert dry[-1] == "created 2, updated 0, unchanged 0, rejected 1"
    assert not Customer.objects.exists() and not Entry.objects.exists()
    assert into(text)[-1] == dry[-1]


def test_bad_rows_are_put_aside_with_line_field_and_reason(into, tmp_path):
    text = '客户编号,姓名,手机\n\nC1,"王\n建国",13800001111\nC2,李娜,12\n,张三,13800003333\nC1,王五,13800004444\n,,\n'
    said = into(text)
    assert said[-1] == "created 1, updated 0, unchanged 0, rejected 3"
    assert "Line 5, phone: “12” is not a phone number" in " ".join(said)
    path = tmp_path / "客户.rejected.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["客户编号", "姓名", "手机", "rejected_line", "rejected_field", "rejected_reason"]
    assert [row[:5] for row in rows[1:]] == [
        ["C2", "李娜", "12", "5", "phone"],
        ["", "张三", "13800003333", "6", "id"],
        ["C1", "王五", "13800004444", "7", "id"],
    ]
    assert "Line 3" in rows[3][5]
    # mended, the rejected file is loaded as it is
    path.write_text(path.read_text(encoding="utf-8-sig").replace(",12,", ",13800002222,"), encoding="utf-8")
    said = load("customers", path, "--store", "HD01", "--source", "old", "--rejected", tmp_path / "again.csv")
    assert said[-1] == "created 1, updated 1, unchanged 0, rejected 1"
    assert not any("not loaded" in line for line in said)


def test_a_row_with_a_shifted_cell_is_not_guessed(into):
    assert into("客户编号,姓名,手机\nC1,王,建国,13800001111\n")[-1].endswith("rejected 1")


def test_columns_are_found_under_a_title_and_unknown_ones_said_once(into):
    said = into("宏达汽车客户信息表\n\n客户编号*,车主 姓名,手机(移动),生肖,生肖\nC1,王建国,13800001111,龙,虎\n")
    assert said[-1].startswith("created 1")
    assert said[0] == "These columns are not loaded: 生肖, 生肖."
    assert Customer.objects.get().name == "王建国"


def test_a_missing_column_is_one_sentence_that_helps(into):
    with pytest.raises(CommandError) as told:
        into("编码,姓名\n1,王\n")
    assert "“id”" in str(told.value) and "编码, 姓名" in str(told.value) and "--map 'COLUMN=id'" in str(told.value)
    assert into("编码,姓名\n1,王\n", "--map", "编码=id")[-1].startswith("created 1")


def test_map_and_value_say_what_they_do_not_understand(into):
    for options in (["--map", "没有=id"], ["--map", "姓名=nom"], ["--map", "姓名"], ["--value", "kind"]):
        with pytest.raises(CommandError):
            into(PLAIN, *options)
    with pytest.raises(CommandError, match="no field of customers"):
        into(PLAIN, "--value", "nom:a=b")
    assert not Customer.objects.exists()


def test_values_are_translated_and_a_column_may_serve_twice(into):
    text = "手机,类型\n13800001111,散客\n13800002222,大客户\n13800003333,\n"
    into(
        text,
        *("--map", "手机=id", "--map", "手机=phone", "--value", "kind:散客=person"),
        *("--value", "kind:*=firm", "--value", "kind:=person", "--value", "name:=无名"),
    )
    assert list(Customer.objects.order_by("id").values_list("source_id", "phone", "kind", "name")) == [
        ("13800001111", "13800001111", "person", "无名"),
        ("13800002222", "13800002222", "firm", "无名"),
        ("13800003333", "13800003333", "person", "无名"),
    ]
    said = into(text.replace("散客", "散户"), "--map", "手机=id")
    assert "--value 'kind:散户=…'" in " ".join(said) and said[-1].endswith("rejected 2")


def test_a_guarded_formula_is_itself_again_and_a_rejected_one_is_guarded(into, tmp_path):
    texts = ["=1+2", "+86x", "-x", "@sum", "＝1", "' quoted", ' "=x', "o'brien", "'n'"]
    from core.sheets import guard

    rows = "".join(f'C{i},"{guard(text).replace(chr(34), chr(34) * 2)}",\n' for i, text in enumerate(texts))
    into(f"客户编号,姓名,手机\n{rows}")
    names = list(Customer.objects.order_by("id").values_list("name", flat=True))
    assert names == [" ".join(text.split()) for text in texts]
    into("客户编号,姓名,手机\nC99,=cmd,12\n")
    with (tmp_path / "客户.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1][:3] == ["C99", "'=cmd", "12"]


def test_invisible_marks_and_nul_do_no_harm(into):
    into("客户编号,姓名\nC1\u200e,王\x00建\u200b国\u3000\nNULL,李\n")
    assert Customer.objects.get().name == "王建国"
    assert Customer.objects.get().source_id == "C1"


def test_xlsx_with_numbers_dates_and_ghost_rows(cast, tmp_path):
    path = table(
        tmp_path / "a.xlsx",
        ["客户信息"],
        ["客户编号", "姓名", "手机"],
        [1, "王", 13800001111],
        [2.0, "李", 13800002222.0],
        [None, None, None],
        [3, "赵", "1.38E+10"],
        ["4", "#N/A", "１３８ ００００ ４４４４"],
    )
    said = load("customers", path, "--store", "HD01", "--source", "old")
    assert said[-1] == "created 3, updated 0, unchanged 0, rejected 1"
    assert "Line 6, phone: Excel has lost digits" in " ".join(said)
    assert list(Customer.objects.order_by("id").values_list("source_id", "name", "phone")) == [
        ("1", "王", "13800001111"),
        ("2", "李", "13800002222"),
        ("4", "", "13800004444"),
    ]


def _forged(path: Path, change: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()} | change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_forged_files_are_refused_with_a_sentence(into, cast, tmp_path, monkeypatch):
    good = table(tmp_path / "good.xlsx", ["客户编号"], ["C1"])
    content = good.read_bytes()
    sheet = zipfile.ZipFile(good).read("xl/worksheets/sheet1.xml")
    evil = {
        "entity.xlsx": {
            "xl/worksheets/sheet1.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            + sheet
        },
        "bomb.xlsx": {"xl/media/zero.xml": b"0" * 3_000_000},
        "broken.xlsx": {"xl/worksheets/sheet1.xml": sheet[:200]},
        "far.xlsx": {"xl/worksheets/sheet1.xml": sheet.replace(b'"A2"', b'"SG2"')},
    }
    monkeypatch.setattr("core.sheets.MOST_UNPACKED", 2_000_000)
    for name, change in evil.items():
        path = tmp_path / name
        path.write_bytes(content)
        _forged(path, change)
        with pytest.raises(CommandError, match=f"“{name}”"):
            load("customers", path, "--store", "HD01", "--source", "old")
    for name, raw in {
        "cut.xlsx": content[:500],
        "old.xls": b"\xd0\xcf\x11\xe0" + b"0" * 100,
        "empty.csv": b"",
        "blank.csv": b"\n,,\n",
        "neither.csv": b"\xff\xff\xff,a\n",
        "quote.csv": b'id,name\n1,"' + b"x" * 40_000,
        "wide.csv": b"id" + b",x" * 600,
    }.items():
        path = tmp_path / name
        path.write_bytes(raw)
        with pytest.raises(CommandError):
            load("customers", path, "--store", "HD01", "--source", "old")
    monkeypatch.setattr("core.sheets.MOST_ROWS", 3)
    with pytest.raises(CommandError, match="more than 3 rows"):
        into("客户编号\n" + "".join(f"C{i}\n" for i in range(30)))
    assert not Customer.objects.exists()


def test_what_is_missing_is_said(cast, tmp_path):
    path = write(tmp_path / "a.csv", PLAIN)
    for words, sentence in [
        (["--store", "XX", "--source", "old"], "HD01, HD02, YH01"),
        (["--source", "old"], "--store CODE"),
        (["--store", "HD01"], "--source NAME"),
        (["--store", "HD01", "--source", "x" * 41], "40 characters"),
        (["--store", "HD01", "--source", "old", "--rejected", str(path)], ""),
    ]:
        if sentence:
            with pytest.raises(CommandError, match=sentence):
                load("customers", path, *words)
    with pytest.raises(CommandError, match="cannot be read"):
        load("customers", tmp_path / "none.csv", "--store", "HD01", "--source", "old")
    with pytest.raises(CommandError, match="cannot be read"):
        load("customers", tmp_path, "--store", "HD01", "--source", "old")


def test_when_the_rejected_rows_have_no_place_nothing_is_loaded(into, tmp_path):
    text = PLAIN + "C3,张三,12\n"
    for place in (tmp_path / "none" / "x.csv", tmp_path / "客户.csv"):
        with pytest.raises(CommandError):
            into(text, "--rejected", str(place))
    assert not Customer.objects.exists()
