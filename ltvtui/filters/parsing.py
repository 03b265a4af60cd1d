"""Text to expression, and what could follow a text that is not complete."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Final

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from ltvtui.filters.mistake import FilterError, shown
from ltvtui.filters.syntax import BARE, SIGNS, Among, Compare, Known, Node, Not, Word, every, some

LONGEST: Final = 2_000
"""Characters that an expression may have."""
DEEPEST: Final = 50
"""Expressions that may stand one inside the other."""

_ENDS: Final = r"""(?![^\s()=!<>~,"≤≥≠])"""
_GRAMMAR: Final = rf"""
    start: either
    either: both (_OR both)*
    both: each (_AND each)*
    ?each: _NOT each -> negated
         | _OPEN either _CLOSE
         | leaf
    ?leaf: name SIGN value -> compared
         | name _IN _OPEN value (_COMMA value)* _CLOSE -> among
         | name _NOT _IN _OPEN value (_COMMA value)* _CLOSE -> not_among
         | name _IS _KNOWN -> known
         | name _IS _UNKNOWN -> unknown
    name: QUOTED | WORD+
    value: QUOTED | WORD+

    SIGN: "<=" | ">=" | "!=" | "<>" | "==" | "=" | "<" | ">" | "~" | "≤" | "≥" | "≠"
    QUOTED: /"([^"]|"")*"/ | /'([^']|'')*'/
    _OPEN: "("
    _CLOSE: ")"
    _COMMA: ","
    _AND.2: /and{_ENDS}/i
    _OR.2: /or{_ENDS}/i
    _NOT.2: /not{_ENDS}/i
    _IN.2: /in{_ENDS}/i
    _IS.2: /is{_ENDS}/i
    _KNOWN.2: /known{_ENDS}/i
    _UNKNOWN.2: /unknown{_ENDS}/i
    WORD: /{BARE}/
    %ignore /\s+/
"""
_SIGNS: Final = {"==": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">="}


def parse(text: str) -> Node:
    """The expression that `text` says, with names and values as they are written there.

    Raises FilterError for anything else.
    """
    if len(text) > LONGEST:
        told = f"A filter may have {LONGEST} characters, and this has {len(text)}."
        raise FilterError(told, "Say it in parts: one filter after the other.", LONGEST)
    try:
        return _read(text)
    except UnexpectedInput as error:
        raise _told(text, error) from None


def _read(text: str) -> Node:
    found: Node = _grammar().parse(text)  # type: ignore[assignment]
    return found


@dataclass(frozen=True)
class Piece:
    """A word, a sign or a keyword."""

    kind: str
    """Its name in the grammar."""
    text: str
    at: int
    """Where it begins."""


@dataclass(frozen=True)
class Beginning:
    """A text that may go on."""

    pieces: tuple[Piece, ...]
    may_follow: frozenset[str]
    """Kinds of tokens that can stand next, "$END" among them where it is complete."""


def begin(text: str) -> Beginning | None:
    """How `text` is read as the beginning of an expression; None where it is none."""
    if len(text) > LONGEST:
        return None
    reading = _grammar().parse_interactive(text)
    try:
        pieces = tuple(Piece(token.type, str(token), token.start_pos or 0) for token in reading.exhaust_lexer())
    except (UnexpectedInput, FilterError):
        return None
    return Beginning(pieces, frozenset(reading.accepts()))  # type: ignore[no-untyped-call]


def words_at_the_end(pieces: Sequence[Piece]) -> str:
    """The words that nothing parts, or else the last piece as it is; empty where there is none."""
    words = [piece.text for piece in takewhile(lambda piece: piece.kind == "WORD", reversed(pieces))]
    return " ".join(reversed(words)) if words or not pieces else pieces[-1].text


class _Build(Transformer[Token, Node]):
    """From the leaves up, while it is read: nothing here goes down into what is deep."""

    def start(self, parts: Sequence[Node]) -> Node:
        """The whole."""
        return parts[0]

    def either(self, parts: Sequence[Node]) -> Node:
        """Or."""
        return _shallow(some(parts))

    def both(self, parts: Sequence[Node]) -> Node:
        """And."""
        return _shallow(every(parts))

    def negated(self, parts: Sequence[Node]) -> Node:
        """Not."""
        return _shallow(Not(parts[0]))

    @v_args(inline=True)
    def compared(self, name: Word, sign: Token, value: Word) -> Node:
        """A comparison."""
        return Compare(name, _SIGNS.get(sign, str(sign)), value)

    @v_args(inline=True)
    def among(self, name: Word, *values: Word) -> Node:
        """One of several values."""
        return Among(name, values)

    @v_args(inline=True)
    def not_among(self, name: Word, *values: Word) -> Node:
        """None of several values."""
        return Not(Among(name, values))

    @v_args(inline=True)
    def known(self, name: Word) -> Node:
        """Whatever it is."""
        return Known(name, True)

    @v_args(inline=True)
    def unknown(self, name: Word) -> Node:
        """No value."""
        return Known(name, False)

    def name(self, tokens: Sequence[Token]) -> Word:
        """What is compared."""
        return _word(tokens)

    def value(self, tokens: Sequence[Token]) -> Word:
        """What it is compared with."""
        return _word(tokens)


@cache
def _grammar() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", transformer=_Build())


def _word(tokens: Sequence[Token]) -> Word:
    first = tokens[0]
    at = first.start_pos or 0
    return Word(unquoted(first) if first.type == "QUOTED" else " ".join(tokens), at)


def unquoted(text: str) -> str:
    """What stands in the quotes of `text`."""
    return text[1:-1].replace(text[0] * 2, text[0])


def _shallow(node: Node) -> Node:
    if node.depth > DEEPEST:
        raise FilterError(
            f"More than {DEEPEST} conditions stand one inside the other.",
            "Leave out parentheses, or say it in parts: one filter after the other.",
            0,
        )
    return node


_FORM: Final = "Write a name, a comparison and a value, such as country = DK or orders >= 3."


def _told(text: str, error: UnexpectedInput) -> FilterError:
    """What is wrong where the text could not be read on."""
    at = error.pos_in_stream if isinstance(error, UnexpectedCharacters | UnexpectedToken) else len(text)
    ended = isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END")
    at = len(text) if ended or at is None else at
    before = begin(text[:at])
    expected = before.may_follow if before else frozenset()
    last = words_at_the_end(before.pieces) if before else ""
    found = re.match(BARE, text[at:])
    here = found.group() if found else text[at : at + 1]
    if here in ('"', "'"):
        return FilterError("These quotes are not closed.", f"Write {here}…{here}, and {here * 2} for one inside.", at)
    if "SIGN" in expected:  # a name stands before
        if before is not None and any(piece.kind == "_AND" for piece in before.pieces):
            # `10 and more` is a value to its shop and two conditions to the grammar.
            told = f"A comparison is missing after {shown(last)}."
            return FilterError(told, f"{_FORM} A value with “and” in it stands in quotes.", at)
        what = f"A comparison is missing after {shown(last)}." if ended else f"{shown(here)} is no comparison."
        return FilterError(what, f"Compare with {', '.join(SIGNS)}, in (…), is known or is unknown.", at)
    if "_AND" in expected or "_COMMA" in expected:
        if ended:
            return FilterError("A parenthesis is not closed.", "Write ) at its end.", at)
        if here == ")":
            return FilterError("No parenthesis was opened for this one.", "Leave it out, or write ( before it.", at)
        return FilterError(f"{shown(here)} cannot stand here.", "Go on with and, or, or quote the value before.", at)
    if "_OPEN" in expected and "_NOT" not in expected:
        return FilterError("After “in” come values in parentheses.", "Write in (DK, SE).", at)
    if "_KNOWN" in expected:
        return FilterError("After “is” comes known or unknown.", "For a value write = instead.", at)
    if "WORD" in expected and "_NOT" not in expected:
        what = f"A value is missing after {last}." if ended or here in SIGNS else f"{shown(here)} is no value."
        return FilterError(what, "Write a value; with quotes it may be any text.", at)
    if "WORD" in expected:
        what = (
            "A condition is missing." if ended or not here else f"{shown(here)} cannot stand here: a name is missing."
        )
        return FilterError(what, _FORM, at)
    return FilterError("This cannot be read.", _FORM, at)
