"""Text to expression, and what could follow a text that is not complete."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken

from ltvtui.query.grammar.errors import FilterError
from ltvtui.query.grammar.explaining import explained
from ltvtui.query.grammar.partial_parse import PartialFilter, Piece, unquoted
from ltvtui.query.grammar.syntax import BARE, Compare, In, IsKnown, Node, Not, Word, every, some

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
         | name _IS _KNOWN -> present
         | name _IS _UNKNOWN -> missing
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
    """The expression of `text`, with names and values as they are written there.

    Raises FilterError for anything else.
    """
    if len(text) > LONGEST:
        message = f"The filter has {len(text)} characters, more than {LONGEST}."
        raise FilterError(message, "Split it into several filters.", LONGEST)
    try:
        found: Node = _grammar().parse(text)  # type: ignore[assignment]
    except UnexpectedInput as error:
        at = _place(text, error)
        raise explained(text, begin(text[:at]) or PartialFilter(), at) from None
    return found


def begin(text: str) -> PartialFilter | None:
    """How `text` is read as the beginning of an expression; None where it is none."""
    if len(text) > LONGEST:
        return None
    reading = _grammar().parse_interactive(text)
    try:
        pieces = tuple(Piece(token.type, str(token), token.start_pos or 0) for token in reading.exhaust_lexer())
    except (UnexpectedInput, FilterError):
        return None
    return PartialFilter(pieces, frozenset(reading.accepts()))  # type: ignore[no-untyped-call]


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
        return In(name, values)

    @v_args(inline=True)
    def not_among(self, name: Word, *values: Word) -> Node:
        """None of several values."""
        return In(name, values, none=True)

    @v_args(inline=True)
    def present(self, name: Word) -> Node:
        """Whatever it is."""
        return IsKnown(name, True)

    @v_args(inline=True)
    def missing(self, name: Word) -> Node:
        """No value."""
        return IsKnown(name, False)

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


def _shallow(node: Node) -> Node:
    if node.depth > DEEPEST:
        raise FilterError(
            f"More than {DEEPEST} conditions are nested.",
            "Remove parentheses, or split it into several filters.",
            0,
        )
    return node


def _place(text: str, error: UnexpectedInput) -> int:
    """Where reading stopped."""
    at_the_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if at_the_end or error.pos_in_stream is None:
        return len(text)
    return error.pos_in_stream
