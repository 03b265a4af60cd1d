"""Notes on screen: written, seen where they belong, never lost on the way out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from driving import Driver, drive
from textual.widgets import Input, TextArea

from ltvtui.query.query import Filter
from ltvtui.session.open_request import OpenRequest
from ltvtui.storage.settings_file import workspace_path
from ltvtui.storage.workspace import Workspace, database
from ltvtui.tui.dialogs.choice import ChoiceDialog
from ltvtui.tui.dialogs.note import NoteDialog
from ltvtui.tui.location import Location
from ltvtui.user_state.notes import NO_NOTE, Note, Subject
from ltvtui.user_state.state import NoteChange

SIZES = [(80, 24), (120, 36)]
ALL_LAPSED = {"as_of": "2024-12-31"}
VIP = Subject((Filter("tier", "VIP"),))
ANN = Subject(customer="ann")
NASTY = "[red]x[/red] =1+1"


async def opened(app: Driver, key: str = "n") -> NoteDialog:
    """Open the dialog."""
    await app.press(key)
    await app.until(lambda: isinstance(app.app.screen, NoteDialog), "the dialog")
    dialog = app.app.screen
    assert isinstance(dialog, NoteDialog)
    return dialog


async def write(app: Driver, name: str = "", text: str = "", actions: str = "") -> None:
    """Fill the fields, as a terminal pastes into them."""
    dialog = app.app.screen
    dialog.query_one("#name", Input).value = name
    dialog.query_one("#text", TextArea).text = text
    dialog.query_one("#actions", TextArea).text = actions
    await app.pilot.pause()


async def keep(app: Driver) -> None:
    await app.press("ctrl+s")
    await closed(app)


async def closed(app: Driver) -> None:
    """The dialog is left, and what it wrote is stored and shown: that is done beside the keyboard."""
    await app.until(lambda: not isinstance(app.app.screen, NoteDialog), "the dialog to close")
    await app.settled()
    stored = app.app.parts.saving._queue.submit(bool)
    await app.until(stored.done, "the note to be stored")
    await app.settled()


def kept(shop: Path) -> dict[str, Note]:
    """Notes that the workspace has."""
    return {key: note for _, key, note in Workspace(workspace_path()).notes(OpenRequest(shop).shop_key)}


def known(shop: Path, about: Subject, note: Note) -> None:
    """As if it had been noted before."""
    Workspace(workspace_path()).change(OpenRequest(shop).shop_key, NoteChange(about.key, NO_NOTE, note))


def notices(app: Driver) -> str:
    """What is said beside the figures, in one line: it breaks anywhere."""
    return " ".join(" ".join(line.partition("▌")[2] for line in app.text.splitlines()).split())


@pytest.mark.parametrize("size", SIZES)
def test_a_segment_is_noted_by_typing(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await opened(app)
        await app.type("Fred")
        await app.press("tab", "a", "enter", "b", "tab", "c")
        await keep(app)
        await app.until(lambda: any("VIP" in line and "✎" in line for line in app.text.splitlines()[1:]), "the mark")
        await app.press("enter")
        assert "VIP ✎ Fred" in app.text.splitlines()[0]
        await app.press("escape", "down", "enter")
        assert "✎" not in app.text

    drive(corner, scenario, size=size, terms=ALL_LAPSED)
    assert kept(corner) == {VIP.key: Note("Fred", "a\nb", "c")}


@pytest.mark.parametrize("size", SIZES)
def test_a_customer_is_noted_and_the_card_has_all_of_it(corner: Path, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("c")
        dialog = await opened(app)
        assert "customer ann" in app.text
        await write(app, NASTY, "likes tea\nasks for prices", "call in May")
        await keep(app)
        await app.sees("✎")
        await app.press("enter")
        facts = "\n".join(line for line in app.text.splitlines() if line.strip())
        for line in ("✎ note   [red]x[/red] =1+1", "likes tea", "asks for prices", "planned  call in May"):
            assert line in facts
        assert "ann ✎ [red]x[/red] =1+1" in app.text.splitlines()[0]
        dialog = await opened(app)
        assert dialog.written == Note(NASTY, "likes tea\nasks for prices", "call in May")

    drive(corner, scenario, size=size, terms=ALL_LAPSED)
    assert kept(corner) == {ANN.key: Note(NASTY, "likes tea\nasks for prices", "call in May")}


def test_the_trail_is_noted_too_and_order_does_not_matter(corner: Path) -> None:
    """VIPs of Denmark are the Danes among the VIPs."""
    known(corner, Subject((Filter("country", "DK"), Filter("tier", "VIP"))), Note("Great Danes"))

    async def scenario(app: Driver) -> None:
        app.main_screen.go(Location("explore", app.location.query & Filter("tier", "VIP") & Filter("country", "DK")))
        await app.settled()
        assert "✎ Great Danes" in app.text.splitlines()[0]
        dialog = await opened(app, "N")
        assert dialog.written == Note("Great Danes")

    drive(corner, scenario, terms=ALL_LAPSED)


def test_what_was_written_is_not_left_without_a_question(corner: Path) -> None:
    async def scenario(app: Driver) -> None:
        dialog = await opened(app)
        await write(app, text="long thoughts")
        await app.press("escape")
        assert isinstance(app.app.screen, ChoiceDialog)
        await app.press("escape")
        assert app.app.screen is dialog
        assert dialog.written.text == "long thoughts"
        await app.press("escape", "enter")
        await closed(app)
        assert app.main_screen.user_state.notes.of(VIP) == Note(text="long thoughts")
        await opened(app)
        await app.press("escape")
        assert not isinstance(app.app.screen, ChoiceDialog | NoteDialog)
        await opened(app)
        await write(app, text="nothing worth keeping")
        await app.press("escape", "end", "enter")
        await closed(app)

    drive(corner, scenario)
    assert kept(corner) == {VIP.key: Note(text="long thoughts")}


def test_a_note_of_nothing_is_none(corner: Path) -> None:
    known(corner, VIP, Note("Fred"))

    async def scenario(app: Driver) -> None:
        await app.until(lambda: app.main_screen.user_state.notes.notes, "the notes")
        await app.sees("✎")
        await opened(app)
        await write(app)
        await keep(app)
        await app.until(lambda: "✎" not in app.text, "no mark")

    drive(corner, scenario)
    assert kept(corner) == {}


def test_what_cannot_be_written_is_said_and_stays_for_the_session(
    corner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT", 0.05)

    async def scenario(app: Driver) -> None:
        await app.until(lambda: app.main_screen.user_state.recordings, "the first recording")
        with closing(sqlite3.connect(workspace_path(), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await opened(app)
            await write(app, text="long thoughts")
            await keep(app)
            await app.until(lambda: "cannot be used" in notices(app), "a notice")
            dialog = await opened(app)
            assert dialog.written.text == "long thoughts"
            await app.press("escape")
            other.execute("ROLLBACK")
        await app.press("r")
        await app.until(lambda: kept(corner), "the note in the workspace")
        assert app.main_screen.user_state.notes.of(VIP).text == "long thoughts"

    drive(corner, scenario)
    assert kept(corner) == {VIP.key: Note(text="long thoughts")}


def test_a_workspace_that_cannot_be_made_takes_nothing_from_the_screen(
    corner: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file lies where its folder should be: as on a home that cannot be written to."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LTVTUI_DATA_DIR", str(tmp_path / "file" / "data"))

    async def scenario(app: Driver) -> None:
        assert "cannot be used" not in notices(app)
        await opened(app)
        await write(app, "Fred")
        await keep(app)
        await app.until(lambda: "cannot be used" in notices(app), "a notice")
        await app.press("enter")
        assert "VIP ✎ Fred" in app.text.splitlines()[0]

    drive(corner, scenario)
