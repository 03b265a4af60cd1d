"""The bench from end to end on a small shop, so that it cannot rot. No time is asserted."""

from __future__ import annotations

import copy
import json
import re
import sqlite3
from contextlib import closing
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from bench import fresh
from bench.__main__ import main
from bench.agreement import differences
from bench.asking import ON_SNAPSHOT
from bench.data import TABLE, shop
from bench.screen import Session, session
from bench.tables import app, commands, opening, without
from bench.tables.peers import PEERS
from bench.tables.table import goal, quantile
from shops import ROOT

ORDERS = 20_000
ROWS = {
    "Machine and data": ("processor", "cores", "memory", "Python", "SQLite", "polars", "textual", "duckdb", "pandas"),
    "Start": ("`--help`", "first paint", "first figures"),
    "Commands": (
        "report --by tier",
        "cohorts",
        "export of three columns",
        "… kept after printing",
        "… from the cache",
    ),
    "Keys on small shops": ("1,000 customers", "1,000 customers, hardly a pause"),
    "Opening": ("bare scan (the unit)", "cold open to first figures", "warm open to first figures"),
    "Memory of an opening": ("cold open",),
    "Asking": (*ON_SNAPSHOT, "card of a customer", "Overview under a new tier rule", "Overview as of a new day"),
    "The app": ("first start: first paint", "first start: first figures", "second start: first figures"),
    "Memory of the app": ("first start and all keys",),
    "Keys": (
        *("first start to overview", "row of customers", "page of customers", "switch to Overview"),
        *(
            "sort customers by another column",
            "cut by another dimension",
            "drill into a tier",
            "as-of day a month earlier",
        ),
        *("another churn gap", "another tier rule", "switch to Cohorts", "cohorts by another period"),
        *("switch to Matrix", "another board", "measure of cells", "people of a board's cell"),
    ),
    "Without it": ("screen differences", "asking ahead", "digest of pages"),
    "Peers": tuple(PEERS),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bench keeps what it makes."""
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def results(folder: Path) -> str:
    """What a run over a small shop wrote."""
    out = folder / "RESULTS.md"
    few = ["--orders", str(ORDERS), "--times", "1", "--openings", "1", "--quiet", "0.1"]
    with pytest.MonkeyPatch.context() as patch:
        for tables in (app, commands, without):
            patch.setattr(tables, "session", once)
        main([*few, "--folder", str(folder), "--out", str(out)])
    return out.read_text("utf-8")


@cache
def _session_of(shop: Path) -> Session:
    return session(shop, shop.parent / f"home of {shop.stem}", 1, 0.1)


def once(shop: Path, home: Path, times: int, quiet: float, program: tuple[str, ...] = ("ltvtui",)) -> Session:
    """The same keys on the same shop are pressed once; where a part is taken out the app is opened and left."""
    whole = _session_of(shop)
    if program == ("ltvtui",):
        return whole
    opened = session(shop, home, 0, quiet, program)
    opened.strokes = whole.strokes
    return opened


def rows_of(results: str, title: str) -> dict[str, list[str]]:
    """Cells of a table by their first."""
    part = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", results, re.DOTALL | re.MULTILINE)
    assert part is not None, title
    lines = [line.strip("| ").split(" | ") for line in part[1].splitlines() if line.startswith("|")]
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in lines[2:]}


@pytest.mark.parametrize("title", ROWS)
def test_every_row_is_there(results: str, title: str) -> None:
    assert set(ROWS[title]) <= set(rows_of(results, title))


def test_peers_say_what_ltvtui_says(results: str) -> None:
    equal = {name: cells[-1] for name, cells in rows_of(results, "Peers").items()}
    assert equal == {**dict.fromkeys(PEERS, "yes"), "ltvtui": "–"}


def test_results_do_not_tell_where_they_were_made(results: str, folder: Path) -> None:
    assert str(folder) not in results
    assert str(ROOT) not in results


def test_a_size_has_one_shop(folder: Path, tmp_path: Path) -> None:
    assert shop(folder, ORDERS).read_bytes() == shop(tmp_path, ORDERS).read_bytes()


def test_growth_has_a_row_for_each_size(tmp_path: Path) -> None:
    table = opening.growth((1_000, 2_000), tmp_path, tmp_path)
    assert [row[0] for row in table.rows] == ["1,000 orders", "2,000 orders"]
    assert "| 2,000 orders |" in table.markdown()


@pytest.mark.parametrize(("days", "orders"), [(240, 600), (60, 200), (400, 10)])
def test_peers_say_so_of_a_shop_too_young_to_tell(
    days: int, orders: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Retention goes on behind its supported months; of two months one is over; of a single customer none.
    monkeypatch.setattr("bench.data.DAYS", days)
    assert_peers_agree(shop(tmp_path, orders))


def test_peers_say_so_of_a_shop_to_which_nobody_came_back(tmp_path: Path) -> None:
    path = tmp_path / "once.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(TABLE)
        rows = ((n, n, f"2024-{n:02d}-01 12:00:00", 10.0 * n, "direct", "a") for n in range(1, 13))
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.commit()
    assert_peers_agree(path)


def assert_peers_agree(path: Path) -> None:
    """Each peer makes the report that ltvtui makes."""
    ours, *theirs = (import_module(f"bench.peers.{module}_report").report(str(path)) for module in PEERS.values())
    assert [differences(ours, report) for report in theirs] == [[]] * len(theirs)


def test_what_differs_is_told(folder: Path) -> None:
    ours = fresh.answer("bench.peers.sqlite_report:report", shop(folder, ORDERS))
    theirs = copy.deepcopy(ours)
    assert differences(ours, theirs) == []
    theirs["rows"][0]["revenue"] += 100
    theirs["rows"][1]["ltv"] += 1e-5
    theirs["lapsed"] += 1
    told = json.dumps(differences(ours, theirs))
    assert len(differences(ours, theirs)) == 3
    assert "revenue" in told
    assert "ltv" in told
    assert "lapsed" in told


def test_what_fails_or_takes_too_long_is_told_without_names() -> None:
    assert fresh.run("time:sleep", "long").failure == "TypeError"
    assert fresh.run("subprocess:getoutput", "sleep 9", patience=0.3).failure == "more than 0.3 s"


def test_quantiles_and_goals() -> None:
    assert (quantile(range(1, 21), 0.5), quantile(range(1, 21), 0.95), quantile([3.0], 0.95)) == (10, 19, 3.0)
    assert (goal(2.0, 2.5, "scans"), goal(3.0, 2.5, "scans")) == ("≤ 2.5 scans met", "≤ 2.5 scans **missed**")
    assert (goal(None, 2.5, "scans"), goal(1.0, None, "scans")) == ("≤ 2.5 scans", "")
