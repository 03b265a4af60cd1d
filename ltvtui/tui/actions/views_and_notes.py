"""What is remembered: saved views, and notes on whoever is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from ltvtui.days import iso
from ltvtui.errors import LtvError
from ltvtui.present.plain import plain
from ltvtui.tui.action_context import ActionContext, Screens
from ltvtui.tui.actions.drilling import row_query
from ltvtui.tui.dialogs.note import NoteDialog
from ltvtui.tui.dialogs.views import ChosenView, Listed, ViewsDialog
from ltvtui.tui.location import Location
from ltvtui.tui.requests import Changed, ViewWanted
from ltvtui.tui.saved_views import Saved, in_shop, read_location, write_location
from ltvtui.tui.views.notes import subject
from ltvtui.user_state.notes import Note, Subject
from ltvtui.user_state.state import Change, NoteChange, SavedView, ViewChange


def views(main_screen: ActionContext) -> None:
    """Go to a saved view, or save the present location."""
    location, registry = main_screen.wanted, main_screen.registry
    customer = subject(location, main_screen.dataset).customer
    listed = [Listed(view.name, shows(view, registry)) for view in main_screen.user_state.views]

    def remove(name: str) -> None:
        change_user_state(main_screen, ViewChange(name, None))

    def chosen(answer: ChosenView | None) -> None:
        if answer is None:
            return
        if not answer.saves:
            view = main_screen.user_state.view(answer.name)
            if view is not None:
                main_screen.post_message(ViewWanted(view))
            return
        written = SavedView(answer.name, write_location(location, registry, customer), _now())
        change_user_state(main_screen, ViewChange(answer.name, written))

    here = _phrase(Saved(location, customer), registry)
    main_screen.app.push_screen(ViewsDialog(listed, here, remove), chosen)


def choose_view(main_screen: ActionContext, title: str, then: Callable[[Location], object]) -> None:
    """Ask for a saved view; `then` gets the location that it means in this shop."""
    registry = main_screen.registry
    if not main_screen.user_state.views:
        main_screen.app.notify("Nothing is saved yet: v saves what is on screen.", markup=False)
        return
    listed = [Listed(view.name, shows(view, registry)) for view in main_screen.user_state.views]

    def chosen(answer: ChosenView | None) -> None:
        view = None if answer is None else main_screen.user_state.view(answer.name)
        if view is None:
            return
        try:
            saved = read_location(view.location_json, registry)
            location = in_shop(saved, registry, main_screen.dataset, main_screen.location)
        except LtvError as error:
            main_screen.app.notify(plain(error.mend), title=plain(error.what), severity="error", markup=False)
            return
        then(location)

    main_screen.app.push_screen(ViewsDialog(listed, title=title), chosen)


def note(main_screen: ActionContext) -> None:
    """A note on the row under the cursor: a segment, or a customer; on the card on its customer."""
    location = main_screen.location
    if (code := main_screen.active.customer()) is not None:
        about = Subject(customer=str(main_screen.dataset.cleaned.customer_ids[code]))
    elif location.customer is not None:
        about = subject(location, main_screen.dataset)
    else:
        about = Subject(row_query(main_screen).trail)
    _write(main_screen, about)


def note_on_trail(main_screen: ActionContext) -> None:
    """Write a note on all customers of the trail."""
    _write(main_screen, Subject(main_screen.location.query.trail))


def shows(view: SavedView, registry: Screens) -> str:
    """What a saved view shows, in one phrase; why it cannot be told."""
    try:
        return _phrase(read_location(view.location_json, registry), registry)
    except LtvError as error:
        return error.what


def _phrase(saved: Saved, registry: Screens) -> str:
    query = saved.location.query
    day = () if query.as_of is None else (f"as of {iso(query.as_of)}",)
    trail = (query.describe(),) if query.trail else ()
    return " · ".join((*trail, saved.describe(registry), *day))


def _write(main_screen: ActionContext, about: Subject) -> None:
    before = main_screen.user_state.notes.of(about)

    def chosen(written: Note | None) -> None:
        if written is not None and written != before:
            change_user_state(main_screen, NoteChange(about.key, before, replace(written, changed=_now())))

    main_screen.app.push_screen(NoteDialog(about.describe(), before), chosen)


def change_user_state(main_screen: ActionContext, change: Change) -> None:
    """On screen at once, and to be written."""
    main_screen.show_user_state(change.of(main_screen.user_state))
    main_screen.post_message(Changed(change))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
