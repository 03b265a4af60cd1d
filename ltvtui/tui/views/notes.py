"""Notes where they are seen: behind the trail, beside rows, on the card."""

from __future__ import annotations

from typing import Final

from ltvtui.present.plain import plain
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.widgets.lines import NOTED
from ltvtui.user_state.notes import Note, Notebook, Subject

NAME_WIDTH: Final = 24
"""Characters of a name that stand in the trail."""


def subject(location: Location, dataset: Dataset) -> Subject:
    """What a note about a place is about: the customer of the card, else the customers of the trail."""
    if location.customer is not None:
        return Subject(customer=str(dataset.cleaned.customer_ids[location.customer]))
    return Subject(location.query.trail)


def note_mark(notes: Notebook, location: Location, dataset: Dataset) -> str:
    """What the trail says of a note about `place`, behind its last step; blank where there is none."""
    note = notes.of(subject(location, dataset)) if notes.notes else Note()
    if note.blank:
        return ""
    name = plain(note.name)
    short = name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…"
    return f" {NOTED} {short}".rstrip()


def note_facts(note: Note) -> list[tuple[str, str]]:
    """A note as lines of the card: label (a blank one: the text goes on below) and text."""
    if note.blank:
        return []
    lines = [(f"{NOTED} note", plain(note.name))]
    lines += [(" ", plain(line)) for line in note.text.splitlines()]
    for location, line in enumerate(note.actions.splitlines()):
        lines.append(("planned" if location == 0 else " ", plain(line)))
    return lines
