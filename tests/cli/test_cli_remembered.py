"""`ltvtui views` and `ltvtui notes`: what was left behind on screen, for people and programs."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from running import run
from shops import corner_shop

from ltvtui.query.query import Filter, Query
from ltvtui.session.open_request import OpenRequest
from ltvtui.storage.settings_file import workspace_path
from ltvtui.storage.workspace import Workspace
from ltvtui.tui.location import Location
from ltvtui.tui.registry import registry_of
from ltvtui.tui.saved_views import write_location
from ltvtui.tui.views.registry import VIEWS
from ltvtui.user_state.notes import NO_NOTE, Note, Subject
from ltvtui.user_state.state import NoteChange, SavedView, ViewChange

AT = "2026-05-01T12:30:59+00:00"
VIPS = Query(as_of=19_905) & Filter("tier", "VIP") & Filter("country", "DK")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop with two saved views, one of them of a version to come, and two notes."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("LTVTUI_DATA_DIR", str(tmp_path / "data"))
    path = corner_shop(tmp_path)
    workspace, key = Workspace(workspace_path()), OpenRequest(path).shop_key
    danes = write_location(Location("explore", VIPS, by=("channel",)), registry_of(VIEWS))
    told = {"Danes": danes, "strange": '{"form": 9}'}
    for name, text in told.items():
        workspace.change(key, ViewChange(name, SavedView(name, text, AT)))
    for about, note in (
        (Subject(VIPS.trail), Note("Frugal Fred", "asks first\nthen buys", "call him", AT)),
        (Subject(customer="ann"), Note("", "=1+1 | \x1b[2J", "", AT.replace("12:", "13:"))),
    ):
        workspace.change(key, NoteChange(about.key, NO_NOTE, note))
    workspace.change("another-0123456789", ViewChange("Danes", SavedView("Danes", told["Danes"], AT)))
    return path


def test_views_as_a_table(shop: Path) -> None:
    head, _, first, second = run("views", shop).stdout.splitlines()
    key = OpenRequest(shop).shop_key
    assert head.split() == ["name", "shop", "trail", "shows", "as", "of", "saved"]
    cells = [cell for cell in re.split(" {2,}", first) if cell]
    assert cells == ["Danes", key, "VIP ▸ country: DK", "explore by channel", "2024-07-01", "2026-05-01 12:30 UTC"]
    assert "saved in an unknown format" in second
    assert "latest day" not in second


def test_views_of_every_shop_as_json(shop: Path) -> None:
    key = OpenRequest(shop).shop_key
    found = json.loads(run("views", "--format", "json").stdout)["views"]
    assert [(view["shop"], view["name"]) for view in found] == [
        ("another-0123456789", "Danes"),
        (key, "Danes"),
        (key, "strange"),
    ]
    assert found[1] == {
        "name": "Danes",
        "shop": key,
        "trail": "VIP ▸ country: DK",
        "shows": "explore by channel",
        "as_of": "2024-07-01",
        "saved": AT,
    }


def test_a_view_is_removed_from_its_shop_alone(shop: Path) -> None:
    done = run("views", shop, "--delete", "danes")
    assert done.exit_code == 0
    assert done.stderr == "deleted: Danes\n"
    assert "Danes" not in done.stdout
    assert [of for of, view in Workspace(workspace_path()).views() if view.name == "Danes"] == ["another-0123456789"]


def test_what_cannot_be_removed_is_said(shop: Path) -> None:
    done = run("views", shop, "--delete", "Swedes")
    assert (done.exit_code, done.stderr) == (
        2,
        "ltvtui: This shop has no saved view 'Swedes'.\nChoose from: Danes, strange.\n",
    )
    assert run("views", "--delete", "Danes").exit_code == 2
    assert len(Workspace(workspace_path()).views()) == 3


def test_an_unknown_view_is_not_opened(shop: Path) -> None:
    done = run("open", shop, "--view", "Swedes")
    assert done.exit_code == 2
    assert "Choose from: Danes, strange." in done.stderr
    assert run("open", shop, "--view", "Danes").exit_code == 1  # no terminal


def test_notes_as_json_and_csv(shop: Path) -> None:
    fred, ann = json.loads(run("notes", shop, "--format", "json").stdout)["notes"]
    assert fred == {
        "shop": OpenRequest(shop).shop_key,
        "about": "country: DK ▸ VIP",
        "name": "Frugal Fred",
        "text": "asks first\nthen buys",
        "planned": "call him",
        "changed": AT,
    }
    assert (ann["about"], ann["text"]) == ("customer ann", "=1+1 | \x1b[2J")
    rows = list(csv.DictReader(io.StringIO(run("notes", shop, "--format", "csv").stdout)))
    assert [row["text"] for row in rows] == ["asks first then buys", "'=1+1 | [2J"]


def test_notes_are_data_in_tables(shop: Path) -> None:
    for format in ("table", "markdown"):
        told = run("notes", shop, "--format", format).stdout
        assert "Frugal Fred" in told
        assert "asks first then buys" in told
        assert "\x1b" not in told
    assert "=1+1 \\| [2J" in told


def test_where_nothing_was_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTVTUI_DATA_DIR", str(tmp_path / "nothing"))
    assert run("views").stdout == "no view is saved\n"
    assert run("notes").stdout == "no note is saved\n"
    assert json.loads(run("notes", "--format", "json").stdout) == {"notes": []}
    assert not (tmp_path / "nothing").exists()


def test_a_workspace_that_cannot_be_read_is_said(shop: Path) -> None:
    workspace_path().write_bytes(b"not a database, but somebody's" * 99)
    for words in (("views",), ("notes",), ("open", shop, "--view", "Danes")):
        done = run(*words)
        assert done.exit_code == 1
        assert "cannot be used" in done.stderr
