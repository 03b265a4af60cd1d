"""A proposed mapping: what was guessed, and what only the user can say."""

from __future__ import annotations

from dataclasses import dataclass, field

from ltvtui.errors import LtvError
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.relation import listing


@dataclass(frozen=True)
class Guess:
    """One decision and its grounds."""

    role: str
    column: str
    """Column, expression or table that was chosen."""
    score: float
    """0..1; 1 where the user said so."""
    why: str


@dataclass(frozen=True)
class Question:
    """Something that only the user knows."""

    role: str
    text: str
    choices: tuple[str, ...]
    flag: str
    """Option of the command line that answers it, such as --orders."""


@dataclass(frozen=True)
class Proposal:
    """How a database could be read."""

    mapping: Mapping | None
    """The best reading; None when there is nothing to read as orders."""
    candidates: tuple[Candidate, ...] = ()
    """Tables that could hold the orders, best first."""
    guesses: tuple[Guess, ...] = ()
    questions: tuple[Question, ...] = field(default=())
    """What is not certain; empty: the mapping can be used as it is."""
    notices: tuple[str, ...] = ()
    """One sentence each: which column plays which role where that is not plain, and how to override it."""

    @property
    def certain(self) -> bool:
        """Whether the mapping can be used without asking."""
        return self.mapping is not None and not self.questions

    def demand(self) -> Mapping:
        """The mapping. LtvError (exit code 2) with the first question where there is one."""
        if self.mapping is not None and not self.questions:
            return self.mapping
        question = self.questions[0]
        if question.role == "orders" and not question.choices:
            raise LtvError(question.text, "Open the database, or the file, that has the orders.", 2)
        example = question.choices[0] if question.choices else question.role.upper()
        option = f"{question.flag} {_shell(example)}"
        if len(question.choices) > 1:
            option += f" (or {listing(list(question.choices[1:]), 6)})"
        raise LtvError(question.text, f"Name one: {option}", 2)


def _shell(word: str) -> str:
    return word if word.replace("_", "").replace(".", "").isalnum() else "'" + word.replace("'", "'\\''") + "'"
