"""`ltvtui portrait`: figures worked by hand, every format, and what a shop holds is never markup."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
import running
from shops import build, corner_shop

from ltvtui.query.query import Filter
from ltvtui.session.open_request import OpenRequest
from ltvtui.storage.settings_file import workspace_path
from ltvtui.storage.workspace import Workspace
from ltvtui.user_state.notes import NO_NOTE, Note, Subject
from ltvtui.user_state.state import NoteChange

AS_OF = ("--as-of", "2024-12-31")


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that nobody else uses."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("LTVTUI_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def corner(tmp_path: Path) -> Path:
    """The shop that is checked by hand (fixtures/corner_shop.sql)."""
    return corner_shop(tmp_path)


run = partial(running.run, "portrait")


def test_json_of_the_best_two(corner: Path) -> None:
    """Both VIP are from DK, as five of the ten customers are."""
    found = json.loads(run(corner, *AS_OF, "--where", "tier = VIP", "--format", "json").stdout)
    keys = ["segment", "base", "index", "criteria", "when", "medians", "typical", "note"]
    assert list(found)[: len(keys)] == keys
    assert (found["segment"]["segment"], found["segment"]["customers"]) == ("VIP", 2)
    assert (found["segment"]["customer_share"], found["base"]["customers"]) == (0.2, 10)
    denmark = next(row for row in found["index"] if row["value"] == "DK")
    assert denmark["customers"] == 2
    assert (denmark["share"], denmark["base_share"], denmark["index"]) == (1.0, 0.5, 200.0)
    # Two of two against three of eight, pooled five of ten.
    assert denmark["z"] == pytest.approx((1 - 3 / 8) / (0.25 * (1 / 2 + 1 / 8)) ** 0.5)
    assert [day["weekday"] for day in found["when"]["weekdays"]][::6] == ["monday", "sunday"]
    assert len(found["when"]["months"]) == 12
    assert sum(day["orders"] for day in found["when"]["weekdays"]) == found["segment"]["orders"]
    assert len(found["typical"]) == 2
    assert set(found["medians"]) == {"orders", "average_check", "lifetime", "silent"}
    assert found["hindsight"] is True


def test_table_has_its_parts_in_order(corner: Path) -> None:
    printed = run(corner, *AS_OF, "--where", "tier = VIP").stdout
    assert printed.startswith("VIP: 2 customers (20 % of all)")
    headings = ("Figures", "Who: demography", "Where: geography", "When: weekday", "When: month", "Typical customers")
    places = [printed.index(f"\n{heading}\n") for heading in headings]
    assert places == sorted(places)
    assert "why: no note on these customers yet" in printed
    missing = "social and economic status and way of life (psychography)"
    assert f"the shop knows nothing of its customers' {missing}\n" in printed
    everybody = run(corner, *AS_OF).stdout
    assert everybody.startswith("All customers: 10 customers; LTV")


def test_the_notes_of_the_analyst_say_why(corner: Path) -> None:
    workspace = Workspace(workspace_path())
    note = Note("Frugal Fred", "Buys <b>twice</b>.\nThen *waits*.", "Call in May", "2026-01-01T00:00:00")
    change = NoteChange(Subject((Filter("tier", "VIP"),)).key, NO_NOTE, note)
    workspace.change(OpenRequest(corner).shop_key, change)
    words = (corner, *AS_OF, "--where", "tier = VIP")
    found = json.loads(run(*words, "--format", "json").stdout)
    steps = [{"what": "Call in May", "owner": None, "until": None, "moves": None}]
    assert found["note"] == {"name": note.name, "text": note.text, "planned": note.actions, "steps": steps}
    assert "Why\n\nBuys <b>twice</b>.\nThen *waits*.\n\nNext steps\n\nCall in May\n" in run(*words).stdout
    markdown = run(*words, "--format", "markdown").stdout
    assert "## Why\n\nBuys &lt;b>twice&lt;/b>.  \nThen \\*waits\\*.  \n" in markdown
    page = run(*words, "--format", "html").stdout
    assert "<title>Frugal Fred</title>" in page
    assert "Buys &lt;b&gt;twice&lt;/b&gt;." in page
    assert json.loads(run(corner, *AS_OF, "--format", "json").stdout)["note"] is None


class Tags(HTMLParser):
    """The tags of a page, and whether each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count a tag."""
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag


def test_what_a_shop_holds_is_never_markup(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, channel TEXT);
    INSERT INTO orders VALUES (1, '<img src=x>', '2024-01-01 10:00', 10, '<script>alert(1)</script>'),
        (2, 'b', '2024-01-02 11:30', 20, '=cmd()'), (3, 'b', '2024-02-02 12:30', 20, '=cmd()');
    """
    shop = build(tmp_path, sql)
    page = run(shop, "--format", "html").stdout
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page  # it needs no other file
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert {"h1", "h2", "table", "th", "td"} <= set(tags.seen)
    rows = list(csv.DictReader(io.StringIO(run(shop, "--format", "csv").stdout)))
    assert "'=cmd()" in {row["value"] for row in rows}
    assert "&lt;script" in run(shop, "--format", "markdown").stdout


def test_hours_where_times_are_known(tmp_path: Path) -> None:
    sql = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL);
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
    INSERT INTO orders SELECT i, 'c' || (i % 40), datetime('2024-01-01', '+' || (i * 7 % 28) || ' days', '+' ||
        (8 + i % 3) || ' hours', '+7 minutes'), 10 FROM n;
    """
    shop = build(tmp_path, sql)
    assert "08–12 h" in run(shop).stdout
    assert '<table class="heat">' in run(shop, "--format", "html").stdout
    hours = json.loads(run(shop, "--format", "json").stdout)["when"]["hours"]
    assert len(hours) == 7 * 24
    assert {row["hour"] for row in hours if row["orders"]} == {8, 9, 10}
    days = build(tmp_path, sql.replace("datetime", "date"), "days.sqlite")
    found = json.loads(run(days, "--format", "json").stdout)
    assert found["when"]["hours"] is None
    assert "orders have no time of day: hours are not shown" in found["notes"]
    assert "08–12 h" not in run(days).stdout


def test_nobody_to_portray(corner: Path) -> None:
    done = run(corner, "--where", "orders > 99")
    assert done.exit_code == 1
    assert done.stderr.startswith("ltvtui: No customers match")
