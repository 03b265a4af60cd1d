"""What is remembered: saved views, and notes on whoever is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ltvtui.days import iso
from ltvtui.errors import LtvError
from ltvtui.tui.actions.drilling import row_query
from ltvtui.tui.dialogs.note import NoteDialog
from ltvtui.tui.dialogs.views import ChosenView, Listed, ViewsDialog
from ltvtui.tui.requests import Changed, ViewWanted
from ltvtui.tui.saved_views import Saved, read_place, write_place
from ltvtui.tui.screens.customers import CustomersScreen
from ltvtui.tui.screens.main_screen import MainScreen
from ltvtui.tui.screens.note_markers import subject
from ltvtui.user_state.notes import Note, Subject
from ltvtui.user_state.state import Change, NoteChange, SavedView, ViewChange


def views(main_screen: MainScreen) -> None:
    """Go to a saved view, or save the present place."""
    location, known = main_screen.wanted, main_screen.user_state.views
    customer = subject(location, main_screen.shop).customer
    listed = [Listed(view.name, shows(view)) for view in known]

    def remove(name: str) -> None:
        _change(main_screen, ViewChange(name, None))

    def chosen(answer: ChosenView | None) -> None:
        if answer is None:
            return
        if not answer.saves:
            view = main_screen.user_state.view(answer.name)
            if view is not None:
                main_screen.post_message(ViewWanted(view))
            return
        _change(main_screen, ViewChange(answer.name, SavedView(answer.name, write_place(location, customer), _now())))

    main_screen.app.push_screen(ViewsDialog(listed, _phrase(Saved(location, customer)), remove), chosen)


def note(main_screen: MainScreen) -> None:
    """A note on the row under the cursor: a segment, or a customer; on the card on its customer."""
    location, view = main_screen.location, main_screen.active
    if isinstance(view, CustomersScreen) and (code := view.customer()) is not None:
        about = Subject(customer=str(main_screen.shop.cleaned.customer_ids[code]))
    elif location.customer is not None:
        about = subject(location, main_screen.shop)
    else:
        about = Subject(row_query(main_screen).trail)
    _write(main_screen, about)


def note_on_trail(main_screen: MainScreen) -> None:
    """Write a note on all customers of the trail."""
    _write(main_screen, Subject(main_screen.location.query.trail))


def shows(view: SavedView) -> str:
    """What a saved view shows, in one phrase; why it cannot be told."""
    try:
        return _phrase(read_place(view.told))
    except LtvError as error:
        return error.what


def _phrase(saved: Saved) -> str:
    query = saved.location.query
    day = () if query.as_of is None else (f"as of {iso(query.as_of)}",)
    trail = (query.words(),) if query.trail else ()
    return " · ".join((*trail, saved.words(), *day))


def _write(main_screen: MainScreen, about: Subject) -> None:
    before = main_screen.user_state.notes.of(about)

    def chosen(written: Note | None) -> None:
        if written is not None and written != before:
            _change(main_screen, NoteChange(about.key, before, replace(written, changed=_now())))

    main_screen.app.push_screen(NoteDialog(about.words(), before), chosen)


def _change(main_screen: MainScreen, change: Change) -> None:
    """On screen at once, and to be written."""
    main_screen.remember(change.of(main_screen.user_state))
    main_screen.post_message(Changed(change))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
