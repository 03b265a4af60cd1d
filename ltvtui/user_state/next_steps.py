"""Next steps: what is to be done about some customers, by whom, until when, and the figure that it should move.

They are lines of a note: one place for what is planned, whether it was typed into a note or given headless.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError

HOW: Final = "what; owner NAME; until DAY; moves FIGURE"
"""How a next step is written; all but what may be left out."""
_OWNER: Final = "owner"
_UNTIL: Final = ("until", "by")
_MOVES: Final = "moves"


@dataclass(frozen=True)
class NextStep:
    """One line of what is planned."""

    what: str
    owner: str = ""
    """Who does it."""
    until: int | None = None
    """Day since 1970-01-01."""
    figure: str = ""
    """Which figure it should move, as it was written; one of planning.goals.MOVED where that is known."""

    @property
    def is_plain(self) -> bool:
        """Whether it says no more than what to do."""
        return not (self.owner or self.until is not None or self.figure)

    def write(self) -> str:
        """The line that `parse_step` reads."""
        parts = (
            self.what,
            f"{_OWNER} {self.owner}" if self.owner else "",
            f"{_UNTIL[0]} {iso(self.until)}" if self.until is not None else "",
            f"{_MOVES} {self.figure}" if self.figure else "",
        )
        return "; ".join(part for part in parts if part)


def parse_step(text: str) -> NextStep:
    """The next step of a line such as "call them; owner Ann; until 2027-03-01; moves ltv".

    Raises LtvError (exit code 2) where it says nothing to do, or a day that is none.
    """
    step = _read(text, strict=True)
    if not step.what:
        raise LtvError(f"The step {text!r} does not say what to do.", f"Write it as: {HOW}.", 2)
    return step


def steps_of(text: str) -> tuple[NextStep, ...]:
    """The next steps of a note, a line each; what is no day stays a part of what to do."""
    steps = (_read(line, strict=False) for line in text.splitlines() if line.strip())
    return tuple(step for step in steps if step.what)


def _read(line: str, strict: bool) -> NextStep:
    first, *parts = (part.strip() for part in line.strip().lstrip("-*• ").split(";"))
    what, owner, until, figure = [first] if first else [], "", None, ""
    for part in parts:
        word, _, rest = part.partition(" ")
        word, rest = word.casefold().rstrip(":"), rest.strip()
        if word == _OWNER and rest and not owner:
            owner = rest
        elif word == _MOVES and rest and not figure:
            figure = rest
        elif word in _UNTIL and until is None and (day := _day(rest, strict)) is not None:
            until = day
        elif part:
            what.append(part)
    return NextStep("; ".join(what), owner, until, figure)


def _day(text: str, strict: bool) -> int | None:
    try:
        return parse_day(text)
    except LtvError:
        if strict:
            raise
        return None
