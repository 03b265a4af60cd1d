"""The screen where settings or the workspace cannot be used: it opens, and says what is not remembered."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from driving import Driver, drive
from textual_internals import notices_of

from ltvtui.session.open_request import OpenRequest
from ltvtui.storage.settings_file import workspace_path
from ltvtui.storage.workspace import Workspace, database
from ltvtui.tui.location import Location
from ltvtui.tui.registry import registry_of
from ltvtui.tui.saved_views import write_location
from ltvtui.tui.views.registry import VIEWS
from ltvtui.user_state.state import SavedView, ViewChange


def says(app: Driver, words: str) -> bool:
    """Whether a message on screen says so."""
    return any(words in f"{told.title} {told.message}" for told in notices_of(app.app))


def test_settings_that_are_damaged(corner: Path, settings: Path) -> None:
    settings.mkdir()
    (settings / "config.toml").write_bytes(b"\xff\xfe")

    async def scenario(app: Driver) -> None:
        await app.until(lambda: says(app, "is damaged: it is not UTF-8 text"), "a notice")
        await app.sees("LTV by tier")

    drive(corner, scenario, size=(120, 36))
    assert (settings / "config.toml").read_bytes() == b"\xff\xfe"


def test_a_folder_of_settings_that_is_a_file(corner: Path, settings: Path) -> None:
    settings.write_text("")

    async def scenario(app: Driver) -> None:
        await app.until(lambda: says(app, "saved mappings are not used"), "a notice")
        await app.sees("LTV by tier")

    drive(corner, scenario, size=(120, 36))


def test_a_workspace_of_a_later_version(corner: Path) -> None:
    view = ViewChange("theirs", SavedView("theirs", write_location(Location("quality"), registry_of(VIEWS))))
    Workspace(workspace_path()).change(OpenRequest(corner).shop_key, view)
    with closing(sqlite3.connect(workspace_path())) as connection:
        connection.execute("PRAGMA user_version = 7")
        connection.commit()
    before = workspace_path().read_bytes()

    async def scenario(app: Driver) -> None:
        await app.until(lambda: says(app, "is from a later version of ltvtui: it is only read"), "a notice")
        await app.until(lambda: app.main_screen.user_state.view("theirs"), "what can be read")

    drive(corner, scenario, size=(120, 36))
    assert workspace_path().read_bytes() == before


def test_a_workspace_that_is_damaged(corner: Path) -> None:
    workspace_path().parent.mkdir()
    workspace_path().write_bytes(b"somebody's diary" * 999)

    async def scenario(app: Driver) -> None:
        await app.until(lambda: says(app, "cannot be used: it is damaged"), "a notice")
        await app.sees("LTV by tier")

    drive(corner, scenario, size=(120, 36))
    assert workspace_path().read_bytes() == b"somebody's diary" * 999


def test_a_workspace_that_is_locked(corner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT", 0.05)
    Workspace(workspace_path()).change("another", ViewChange("x", SavedView("x", "{}")))
    with closing(sqlite3.connect(workspace_path(), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        async def scenario(app: Driver) -> None:
            await app.until(lambda: says(app, "it is locked by another program"), "a notice")
            await app.sees("LTV by tier")

        drive(corner, scenario, size=(120, 36))
