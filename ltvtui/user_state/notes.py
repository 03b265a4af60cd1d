"""Notes: what an analyst knows of a customer or a segment, in their own words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ltvtui.query.query import Step
from ltvtui.user_state.filter_steps import Unreadable, trail_fields, trail_of
from ltvtui.user_state.next_steps import NextStep, steps_of


@dataclass(frozen=True)
class Subject:
    """What a note is about: one customer, or the customers of a trail."""

    trail: tuple[Step, ...] = ()
    """No steps: all customers."""
    customer: str | None = None
    """By the shop's own id; the trail is blank then."""

    @cached_property
    def key(self) -> str:
        """The same text for the same customers, in whatever order the steps were gone."""
        if self.customer is not None:
            return json.dumps({"customer": self.customer}, ensure_ascii=False)
        steps = sorted(json.dumps(step, ensure_ascii=False, sort_keys=True) for step in trail_fields(self.trail))
        return f'{{"trail": [{", ".join(steps)}]}}'

    def describe(self) -> str:
        """What it is about, in one phrase."""
        if self.customer is not None:
            return f"customer {self.customer}"
        return " ▸ ".join(step.describe() for step in self.trail) or "all customers"


def subject_of(key: str) -> Subject:
    """The subject of that key. Raises Unreadable for anything else."""
    try:
        fields = json.loads(key)
    except ValueError as error:
        raise Unreadable("The subject of the note cannot be read.") from error
    match fields:
        case {"customer": str(customer)}:
            return Subject(customer=customer)
        case {"trail": trail}:
            return Subject(trail_of(trail))
    raise Unreadable("The subject of the note cannot be read.")


@dataclass(frozen=True)
class Note:
    """What is noted. Plain text, whatever stands in it."""

    name: str = ""
    """Such as "Frugal Fred"; one line."""
    text: str = ""
    """Any number of lines."""
    actions: str = ""
    """What is planned: next steps, a line each (next_steps.HOW)."""
    changed: str = field(default="", compare=False)
    """When it was kept: ISO, UTC, to the second; blank before."""

    @property
    def steps(self) -> tuple[NextStep, ...]:
        """What is planned, a step for each line."""
        return steps_of(self.actions)

    @property
    def blank(self) -> bool:
        """True where nothing is noted."""
        return not (self.name or self.text or self.actions)

    def beside(self, other: Note) -> Note:
        """Both notes in one, this one first: of two sessions that wrote at once neither loses a word."""
        return Note(
            _both(self.name, other.name, " / "),
            _both(self.text, other.text, "\n\n"),
            _both(self.actions, other.actions, "\n"),
        )


NO_NOTE = Note()


@dataclass(frozen=True)
class Notebook:
    """All notes of a shop, by Subject.key."""

    notes: dict[str, Note] = field(default_factory=dict)

    def of(self, subject: Subject) -> Note:
        """The note about `subject`; a blank one where there is none."""
        return self.notes.get(subject.key, NO_NOTE)

    def of_trail(self, trail: Sequence[Step]) -> Note:
        """The note about the customers of a trail."""
        return self.of(Subject(tuple(trail))) if self.notes else NO_NOTE

    def of_customer(self, customer: str) -> Note:
        """The note about one customer, by the shop's own id."""
        return self.of(Subject(customer=customer)) if self.notes else NO_NOTE

    def noting(self, key: str, note: Note) -> Notebook:
        """With another note under that key; a blank one takes it away."""
        others = {k: n for k, n in self.notes.items() if k != key}
        return replace(self, notes=others if note.blank else {**others, key: note})


def _both(here: str, there: str, between: str) -> str:
    return here if there in ("", here) or there in here else between.join(part for part in (here, there) if part)


def notebook_of(pairs: Iterable[tuple[str, Note]]) -> Notebook:
    """The notebook of (Subject.key, note)."""
    return Notebook(dict(pairs))
