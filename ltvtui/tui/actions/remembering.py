"""What is remembered: saved views, and notes on whoever is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ltvtui.days import iso
from ltvtui.errors import LtvError
from ltvtui.remembered.kept import Change, NoteChange, SavedView, ViewChange
from ltvtui.remembered.notes import Note, Subject
from ltvtui.tui.actions.drilling import row_lens
from ltvtui.tui.dialogs.note import NoteDialog
from ltvtui.tui.dialogs.views import Chosen, Listed, ViewsDialog
from ltvtui.tui.saved import Saved, read_place, write_place
from ltvtui.tui.screens.customers import Customers
from ltvtui.tui.screens.desk import Desk
from ltvtui.tui.screens.noted import subject
from ltvtui.tui.wishes import Changed, ViewWanted


def views(desk: Desk) -> None:
    """Go to a saved view, or save the present place."""
    place, known = desk.wanted, desk.remembered.views
    customer = subject(place, desk.shop).customer
    listed = [Listed(view.name, shows(view)) for view in known]

    def remove(name: str) -> None:
        _change(desk, ViewChange(name, None))

    def chosen(answer: Chosen | None) -> None:
        if answer is None:
            return
        if not answer.saves:
            view = desk.remembered.view(answer.name)
            if view is not None:
                desk.post_message(ViewWanted(view))
            return
        _change(desk, ViewChange(answer.name, SavedView(answer.name, write_place(place, customer), _now())))

    desk.app.push_screen(ViewsDialog(listed, _phrase(Saved(place, customer)), remove), chosen)


def note(desk: Desk) -> None:
    """A note on the row under the cursor: a segment, or a customer; on the card on its customer."""
    place, view = desk.place, desk.active
    if isinstance(view, Customers) and (code := view.customer()) is not None:
        about = Subject(customer=str(desk.shop.cleaned.customer_ids[code]))
    elif place.customer is not None:
        about = subject(place, desk.shop)
    else:
        about = Subject(row_lens(desk).trail)
    _write(desk, about)


def note_on_trail(desk: Desk) -> None:
    """A note on all customers of the trail."""
    _write(desk, Subject(desk.place.query.trail))


def shows(view: SavedView) -> str:
    """What a saved view shows, in one phrase; why it cannot be told."""
    try:
        return _phrase(read_place(view.told))
    except LtvError as error:
        return error.what


def _phrase(saved: Saved) -> str:
    query = saved.place.query
    day = () if query.as_of is None else (f"as of {iso(query.as_of)}",)
    trail = (query.words(),) if query.trail else ()
    return " · ".join((*trail, saved.words(), *day))


def _write(desk: Desk, about: Subject) -> None:
    before = desk.remembered.notes.of(about)

    def chosen(written: Note | None) -> None:
        if written is not None and written != before:
            _change(desk, NoteChange(about.key, before, replace(written, changed=_now())))

    desk.app.push_screen(NoteDialog(about.words(), before), chosen)


def _change(desk: Desk, change: Change) -> None:
    """On screen at once, and to be written."""
    desk.remember(change.of(desk.remembered))
    desk.post_message(Changed(change))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
