"""What people send in as sheets: real workbooks are read exactly, hostile ones answered with a sentence."""

from __future__ import annotations

import os
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from crm.core import apart, oldbooks
from crm.core.reading import _plain
from crm.core.sheets import Bad, BadKind, Cell, Fault, Unreadable, read
from tests.files import workbooks
from tests.files.workbooks import xlsx

NOON = datetime.combine(date(2025, 3, 11), time(12))


def rows(content: bytes, ending: str = "xlsx", **bounds: int) -> list[list[Cell]]:
    """Those of the one sheet."""
    (sheet,) = read(content, ending, **bounds)
    return sheet.rows


def test_cells_come_as_what_they_are(tmp_path: Path) -> None:
    table = [
        ["序号", "凭证日期", "金额（元）", "备注"],
        [1, date(2025, 3, 10), 1234567.89, " 首付款 "],
        [2, NOON, 0.1, True],
        [None, "合计", ("=SUM(C2:C3)", 1234567.99)],
    ]
    content = xlsx(table)
    assert rows(content) == [
        ["序号", "凭证日期", "金额（元）", "备注"],
        [Decimal(1), date(2025, 3, 10), Decimal("1234567.89"), " 首付款 "],
        [Decimal(2), NOON, Decimal("0.1"), True],
        [None, "合计", Decimal("1234567.99")],
    ]
    path = tmp_path / "凭证.xlsx"
    path.write_bytes(content)
    assert read(path, "xlsx") == read(content, "xlsx")


def test_rows_and_columns_keep_their_places_though_the_first_are_empty() -> None:
    assert rows(xlsx([[], [], [None, None, "x"]])) == [[], [], [None, None, "x"]]


def test_hidden_sheets_are_left_out() -> None:
    content = xlsx([["a"]], name="明细", hidden="底稿")
    assert [sheet.name for sheet in read(content, "xlsx")] == ["明细"]


def test_an_old_workbook_is_read() -> None:
    assert rows(workbooks.xls([["金额", "备注"], [5000000.25, "回单"]]), "xls") == [
        ["金额", "备注"],
        [Decimal("5000000.25"), "回单"],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_in_the_encodings_in_use(encoding: str, mark: str) -> None:
    text = f'金额{mark}备注\r\n"1,200.50"{mark}"两行\n备注"\r\n{mark}\r\n'
    assert rows(text.encode(encoding), "csv") == [
        ["金额", "备注"],
        ["1,200.50", "两行\n备注"],
        [],
    ]


def test_an_excel_error_is_no_empty_cell() -> None:
    table = xlsx([["金额"], [("=1/0", "#DIV/0!")], [("=A99!B1", "#REF!"), 5]])
    assert rows(table) == [
        ["金额"],
        [Bad(BadKind.EXCEL_ERROR, "#DIV/0!")],
        [Bad(BadKind.EXCEL_ERROR, "#REF!"), Decimal(5)],
    ]


def test_an_excel_error_of_an_old_workbook_is_no_empty_cell_either() -> None:
    table = workbooks.xls([["金额", "备注"], [(0x07,), "甲"], [[0x2A], "乙"], [5, [0x17]]])
    assert rows(table, "xls") == [
        ["金额", "备注"],
        [Bad(BadKind.EXCEL_ERROR, "#DIV/0!"), "甲"],
        [Bad(BadKind.EXCEL_ERROR, "#N/A"), "乙"],
        [Decimal(5), Bad(BadKind.EXCEL_ERROR, "#REF!")],
    ]


@given(some.binary(max_size=2000), some.integers(0, 4000))
def test_looking_for_errors_ends_whatever_the_file_holds(junk: bytes, place: int) -> None:
    real = workbooks.xls([["金额"], [(0x07,)]])
    oldbooks.errors(oldbooks.MAGIC + junk.ljust(600, b"\0"))
    oldbooks.errors(real[:512] + real[512 : 512 + place] + junk + real[512 + place + len(junk) :])


def test_an_error_is_found_where_cells_do_not_say_where_they_stand() -> None:
    content = workbooks.raw_xlsx(
        "<row><c><v>1</v></c></row><row><c><v>2</v></c><c t='e'><v>#N/A</v></c></row>"
    )
    assert rows(content)[1] == [Decimal(2), Bad(BadKind.EXCEL_ERROR, "#N/A")]


@pytest.mark.parametrize("code", [150203197001011234, 91150200100000001, 1e15])
def test_a_code_typed_as_a_number_is_known_as_damaged(code: int) -> None:
    ((cell,),) = rows(xlsx([[code]]))
    assert isinstance(cell, Bad)
    assert cell.kind is BadKind.LOST_DIGITS
    assert rows(xlsx([[str(code)]])) == [[str(code)]]


@given(some.integers(-(10**14), 10**14), some.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_a_number_of_fifteen_digits_comes_exactly(whole: int, places: int) -> None:
    number = Decimal(whole).scaleb(-places)
    _kind, text = _plain(float(number))
    assert Decimal(text) == number
    assert "E" not in text


# Hostile ones


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (workbooks.far_cells(), Fault.TOO_MUCH),
        (workbooks.raw_xlsx('<row r="99999"><c r="A99999"><v>1</v></c></row>'), Fault.TOO_MUCH),
        (workbooks.raw_xlsx('<row r="1"><c r="XFD1"><v>1</v></c></row>'), Fault.TOO_MUCH),
        (xlsx([["a"]])[:-200], Fault.BROKEN),
        (b"PK\x03\x04" + os.urandom(500), Fault.BROKEN),
        (b"", Fault.BROKEN),
        (workbooks.with_sheet(b"<worksheet>"), Fault.BROKEN),
        (workbooks.raw_xlsx('<row r="x"><c r="??"><v>1</v></c></row>'), Fault.BROKEN),
        (workbooks.raw_xlsx('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), Fault.BROKEN),
    ],
)
def test_what_cannot_be_read_is_said_so(content: bytes, fault: Fault) -> None:
    with pytest.raises(Unreadable) as no:
        read(content, "xlsx")
    assert no.value.fault is fault
    assert str(no.value.sentence)


@pytest.mark.parametrize("content", [workbooks.zip_bomb(900), workbooks.entity_bomb()])
def test_a_bomb_hurts_its_child_alone(content: bytes) -> None:
    assert len(content) < 2_000_000
    began = monotonic()
    with pytest.raises(Unreadable) as no:
        read(content, "xlsx")
    assert no.value.fault in {Fault.TOO_MUCH, Fault.BROKEN, Fault.TOO_LONG}
    assert monotonic() - began < 60


@pytest.mark.parametrize("content", [workbooks.xls([["a"]])[:700], b"\xd0\xcf\x11\xe0" * 200])
def test_a_damaged_old_workbook_is_said_so(content: bytes) -> None:
    with pytest.raises(Unreadable) as no:
        read(content, "xls")
    assert no.value.fault is Fault.BROKEN


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"a\n" * 70_000, Fault.TOO_MUCH),
        (b",".join([b"a"] * 300), Fault.TOO_MUCH),
        (b"\xff\xfe\x00\xd8" * 100, Fault.ENCODING),
        (b'a,"never ends' + b"\n" * 100, None),
    ],
)
def test_csv_has_bounds(content: bytes, fault: Fault | None) -> None:
    if fault is None:
        assert len(rows(content, "csv")) == 1
        return
    with pytest.raises(Unreadable) as no:
        read(content, "csv")
    assert no.value.fault is fault


def test_bounds_are_the_callers() -> None:
    content = xlsx([["a"], ["b"], ["c"]])
    assert len(rows(content, most_rows=3)) == 3
    with pytest.raises(Unreadable) as no:
        rows(content, most_rows=2)
    assert no.value.fault is Fault.TOO_MUCH


@pytest.mark.parametrize("ending", ["pdf", "xlsm", "", "ods"])
def test_other_files_are_no_sheets(ending: str) -> None:
    with pytest.raises(Unreadable) as no:
        read(b"x", ending)
    assert no.value.fault is Fault.ENDING


def test_who_finds_all_places_taken_is_told_to_come_again(monkeypatch: Any) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.01)
    held = [apart._turns.acquire(timeout=1) for _ in range(apart.AT_ONCE)]
    try:
        with pytest.raises(Unreadable) as no:
            read(b"a", "csv")
    finally:
        for _ in held:
            apart._turns.release()
    assert no.value.fault is Fault.BUSY


def test_the_child_knows_no_secret(tmp_path: Path, monkeypatch: Any) -> None:
    """Its environment is its own: it reads the content and nothing else."""
    (tmp_path / "spy.py").write_text(
        "import os\ndef answer(content, arguments):\n    return repr(sorted(os.environ)).encode()\n"
    )
    monkeypatch.setenv("CRM_SECRET_KEY", "x" * 40)
    monkeypatch.setattr(apart, "HOUSE", f"{apart.HOUSE}:{tmp_path}")
    told = apart.look("spy", b"", {}, seconds=20, megabytes=256, answer_megabytes=1)
    assert "CRM_SECRET_KEY" not in told.decode()
    assert "PYTHONPATH" in told.decode()
