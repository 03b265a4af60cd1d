"""Notes where they are seen: behind the trail, beside rows, on the card."""

from __future__ import annotations

from typing import Final

from ltvtui.present.plain import plain
from ltvtui.remembered.notes import Note, Notebook, Subject
from ltvtui.session.dataset import Dataset
from ltvtui.tui.place import Place
from ltvtui.tui.widgets.lines import NOTED

NAMED: Final = 24
"""Characters of a name that stand in the trail."""


def subject(place: Place, dataset: Dataset) -> Subject:
    """What a note about a place is about: the customer of the card, else the customers of the trail."""
    if place.customer is not None:
        return Subject(customer=str(dataset.cleaned.customer_ids[place.customer]))
    return Subject(place.query.trail)


def noted(notes: Notebook, place: Place, dataset: Dataset) -> str:
    """What the trail says of a note about `place`, behind its last step; blank where there is none."""
    note = notes.of(subject(place, dataset)) if notes.notes and place.view != "quality" else Note()
    if note.blank:
        return ""
    name = plain(note.name)
    short = name if len(name) <= NAMED else f"{name[: NAMED - 1]}…"
    return f" {NOTED} {short}".rstrip()


def note_facts(note: Note) -> list[tuple[str, str]]:
    """A note as lines of the card: label (a blank one: the text goes on below) and text."""
    if note.blank:
        return []
    lines = [(f"{NOTED} note", plain(note.name))]
    lines += [(" ", plain(line)) for line in note.text.splitlines()]
    for place, line in enumerate(note.actions.splitlines()):
        lines.append(("planned" if place == 0 else " ", plain(line)))
    return lines
