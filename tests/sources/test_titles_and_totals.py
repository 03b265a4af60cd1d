"""What stands above and below a table in a file: a line that tells the separator, titles, totals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ltvtui.errors import LtvError
from ltvtui.sources.files.tables import sheets_of

HEADER = ("order", "customer", "date", "amount")
ROWS = [
    ("1", "ann", "2024-01-05", "10.50"),
    ("2", "bob", "2024-01-06", "20.25"),
    ("3", "ann", "2024-02-07", "30.00"),
    ("4", "cid", "2024-02-08", "40.00"),
    ("5", "dan", "2024-02-09", "50.00"),
]
SUM = "150.75"  # 10.50 + 20.25 + 30 + 40 + 50


def lines(separator: str = ",", end: str = "\n", rows: list[tuple[str, ...]] = ROWS) -> str:
    return "".join(separator.join(row) + end for row in (HEADER, *rows))


def read(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "shop.csv", **how: Any) -> Any:
    """The rows of the only table that are not blank, and what was said of it."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return _of(path, **how)


def _of(path: Path, **how: Any) -> Any:
    (sheet,) = sheets_of(path, **how)
    rows = [row for batch in sheet.batches() for row in batch.rows() if any(cell not in (None, "") for cell in row)]
    return sheet.columns, rows, sheet.notices


def dataset(folder: Path, *rows: tuple[Any, ...]) -> Path:
    path = folder / "shop.xlsx"
    with xlsxwriter.Workbook(str(path)) as written:
        sheet = written.add_worksheet("orders")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, place, cell)
    return path


# --- the line that tells the separator -----------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("told", "separator"),
    [("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t"), (r"sep=\t", "\t"), ("sep=|", "|"), ('"sep=;"', ";")],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separator_is_told_by_the_first_line(
    tmp_path: Path, encoding: str, told: str, separator: str, end: str
) -> None:
    columns, rows, notices = read(tmp_path, told + end + lines(separator, end), encoding=encoding)
    assert columns == HEADER
    assert rows == ROWS
    assert notices == ()  # nothing was left out


def test_the_told_separator_goes_before_one_that_is_found(tmp_path: Path) -> None:
    columns, rows, _ = read(tmp_path, "sep=^\na,b^c\n1,2^3\n")
    assert columns == ("a,b", "c")
    assert rows == [("1,2", "3")]


# --- titles ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "separator", "said"),
    [
        ("Orders report 2024\n\n", ",", "lines 1 to 2 are titles"),
        ("Orders report 2024\n", ";", "line 1 is a title"),
        ("Orders report 2024,,,\n,,,\n", ",", "lines 1 to 2 are titles"),  # as spreadsheets write it
        ('"Report, of all"\nfrom,2024-01-01\n', ",", "lines 1 to 2 are titles"),
        ("2024\n", "\t", "line 1 is a title"),
        ("sep=;\nOrders\n", ";", "lines 1 to 2 are titles"),
    ],
)
def test_titles_are_left_out_and_told(tmp_path: Path, above: str, separator: str, said: str) -> None:
    for text in (above + lines(separator), (above + lines(separator)).replace("\n", "\r")):
        columns, rows, notices = read(tmp_path, text)
        assert columns == HEADER
        assert rows == ROWS
        assert notices == (f"In shop.csv {said} above the header: left out. If this is wrong: --skip-rows 0.",)


@pytest.mark.parametrize(
    "text",
    [
        "customer\nSmith, John\nBrown, Ann\n",  # a comma in a name, and no figures: the second line is no header
        "note\na,b\n",
        "name,city\nann,Berlin, DE\nbob,Rome, IT\n",
    ],
)
def test_a_ragged_file_has_no_titles(tmp_path: Path, text: str) -> None:
    with pytest.raises(LtvError, match=r"line 2 has \d fields, the header \d") as caught:
        read(tmp_path, text)
    assert "--skip-rows N" in caught.value.mend


def test_a_header_with_blank_names_is_no_title(tmp_path: Path) -> None:
    columns, rows, notices = read(tmp_path, "id,,amount\n1,x,5\n2,y,6\n")
    assert columns == ("id", "column 2", "amount")
    assert len(rows) == 2
    assert notices == ()


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_lines_above_the_header_may_be_told(tmp_path: Path, end: str) -> None:
    text = f"from 2024, to 2025, all{end}a,b,c{end}" + lines(",", end)
    columns, rows, notices = read(tmp_path, text, skip=2)
    assert (columns, rows, notices) == (HEADER, ROWS, ())
    with pytest.raises(LtvError, match="has no header below 99 lines") as caught:
        read(tmp_path, text, skip=99)
    assert caught.value.exit_code == 2
    columns, _, _ = read(tmp_path, "Report\na,b\n1,2\n".replace("Report", "Report,x"), skip=0)
    assert columns == ("Report", "x")


def test_lines_are_told_where_the_separator_is_told(tmp_path: Path) -> None:
    for skip in (0, 1):  # the line that tells the separator is never the header
        assert read(tmp_path, "sep=;\n" + lines(";"), skip=skip)[:2] == (HEADER, ROWS)
    assert read(tmp_path, "sep=;\nx;y\n" + lines(";"), skip=2)[:2] == (HEADER, ROWS)


def test_titles_of_a_sheet(tmp_path: Path) -> None:
    figures = [(int(a), b, c, float(d)) for a, b, c, d in ROWS]
    columns, rows, notices = _of(dataset(tmp_path, ("Orders report",), ("from", "2024-01-01"), (), HEADER, *figures))
    assert columns == HEADER
    assert rows == figures
    assert notices == (
        "In shop.xlsx sheet orders, rows 1 to 3 are titles above the header: left out. If "
        "this is wrong: --skip-rows 0.",
    )


def test_rows_above_the_header_of_a_sheet_may_be_told(tmp_path: Path) -> None:
    path = dataset(tmp_path, (), ("a", "b", "c"), HEADER, (1, "ann", "2024-01-05", 5.5))
    assert _of(path, skip=2)[:2] == (HEADER, [(1, "ann", "2024-01-05", 5.5)])
    with pytest.raises(LtvError, match="no header in the sheet orders below 9 rows"):
        _of(path, skip=9)


# --- totals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "below",
    [
        f"Total,,,{SUM}\n",
        f"Итого,,,{SUM}",
        f"Grand total,,,{SUM}\n\n",
        f",Total (5 rows):,,{SUM}\n",
        f"Summe,,,{SUM},\n",  # a separator too many
        f"Total,{SUM}\n",
        f"Total: {SUM}\n",
        f"TOTAL,5,,{SUM} EUR\n",
        f"Total,,2024-12-31,{SUM}\n",
        f",,,{SUM}\n",  # no word, but the sum
        "Total,,,9999\n",  # of something else, but no row of the table is so bare
        f'"Total","","","{SUM}"\n',
    ],
)
def test_totals_are_left_out_and_told(tmp_path: Path, below: str) -> None:
    for end in ("\n", "\r"):
        _, rows, notices = read(tmp_path, (lines() + below).replace("\n", end))
        assert rows == ROWS
        assert notices == ("In shop.csv line 7 has totals: it is left out.",)


def test_several_rows_of_totals(tmp_path: Path) -> None:
    _, rows, notices = read(tmp_path, lines() + f"\nSubtotal,,,{SUM}\nTax,,,0\nTotal,,,{SUM}\n")
    assert rows == ROWS
    assert [notice.split()[3] for notice in notices] == ["8", "9", "10"]


def test_totals_below_fields_over_several_lines(tmp_path: Path) -> None:
    rows = [(a, f'"{b}\n{b}"', c, d) for a, b, c, d in ROWS]
    _, read_rows, notices = read(tmp_path, lines(rows=rows) + f"Total,,,{SUM}\n")
    assert [row[0] for row in read_rows] == ["1", "2", "3", "4", "5"]
    assert notices == ("In shop.csv line 12 has totals: it is left out.",)


def test_totals_with_decimal_commas(tmp_path: Path) -> None:
    rows = [(a, b, c, d.replace(".", ",")) for a, b, c, d in ROWS]
    _, found, notices = read(tmp_path, lines(";", rows=rows) + "Total;Total;2024-12-31;150,75\n", encoding="utf-16")
    assert found == rows
    assert len(notices) == 1


@pytest.mark.parametrize("last", [("6", "Total", "2024-03-01", "45.00"), ("6", "Totally", "2024-03-01", SUM)])
def test_an_order_is_no_row_of_totals(tmp_path: Path, last: tuple[str, ...]) -> None:
    _, rows, notices = read(tmp_path, lines(rows=[*ROWS, last]))
    assert rows == [*ROWS, last]
    assert notices == ()


def test_what_could_be_either_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(LtvError, match="line 7 may be a row of totals") as caught:
        read(tmp_path, lines() + "Total,Total,2024-12-31,151.00\n")
    assert "Delete that row" in caught.value.mend


def test_a_footnote_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(LtvError, match="line 7 has 1 fields, the header 4"):
        read(tmp_path, lines() + "End of report\n")


def test_totals_of_a_sheet_leave_numbers_numbers(tmp_path: Path) -> None:
    figures = [(int(a), b, c, float(d)) for a, b, c, d in ROWS]
    _, rows, notices = _of(dataset(tmp_path, HEADER, *figures, (), ("Total", None, None, 150.75)))
    assert rows == figures
    assert notices == ("In shop.xlsx the last row of the sheet orders has totals: it is left out.",)


def test_cells_merged_over_rows_are_told_of(tmp_path: Path) -> None:
    """One over two rows below the header, one within a row, and a title over two rows above it."""
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as dataset:
        sheet = dataset.add_worksheet("Orders")
        sheet.merge_range("A1:C2", "Sales of 2024")
        for row, cells in enumerate(
            [("id", "customer", "day", "amount"), (1, "", "2024-01-02", 3), (2, "", "2024-01-03", 4)]
        ):
            for column, cell in enumerate(cells):
                sheet.write(3 + row, column, cell)
        sheet.merge_range("B5:B6", "anna")
        sheet.write(6, 0, 3)
        sheet.merge_range("B7:C7", "bert")
        sheet.write(6, 3, 4)
    (found,) = sheets_of(path)
    (told,) = [notice for notice in found.notices if "merged" in notice]
    assert told.startswith("In orders.xlsx the sheet Orders has a merged cell that reaches over several rows")
