"""What could be typed next: names, comparisons, values and the words between conditions, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

from ltvtui.days import iso
from ltvtui.query.grammar.errors import FilterError
from ltvtui.query.grammar.fields import FilterField, find
from ltvtui.query.grammar.parsing import begin
from ltvtui.query.grammar.partial_parse import PartialFilter, Piece, unquoted, words_at_the_end
from ltvtui.query.grammar.resolve import FilterContext
from ltvtui.query.grammar.syntax import BARE, Word, written, written_name

MOST: Final = 12
"""Candidates at once."""


@dataclass(frozen=True)
class Completion:
    """What can be put in the place of `text[start:end]`."""

    start: int
    end: int
    text: str

    def inserted(self, text: str) -> str:
        """`text` with the completion inserted."""
        return text[: self.start] + self.text + text[self.end :]


_SIGNS_OF: Final[dict[str, tuple[str, ...]]] = {
    "text": ("~", "=", "!=", "in (", "is known", "is unknown"),
    "cut": ("=", "!=", "in (", "~", "is known", "is unknown", "not in ("),
    "order": ("=", "!=", "in (", "~", "is known", "is unknown", "not in ("),
    "period": (">=", "<=", "=", "<", ">", "!=", "in ("),
    "day": (">=", "<=", "=", "<", ">", "!="),
}
_EQUAL: Final = frozenset({"=", "==", "!=", "<>", "≠", "in"})
_NUMBER: Final = (">=", "<=", "=", "<", ">", "!=", "in (")
_BETWEEN: Final = {
    "_AND": "and",
    "_OR": "or",
    "_CLOSE": ")",
    "_COMMA": ",",
    "_KNOWN": "known",
    "_UNKNOWN": "unknown",
    "_IN": "in (",
}
"""What stands between names and values, by the kind of its token."""
_PIECE: Final = re.compile(rf"""("(?:[^"]|"")*"|'(?:[^']|'')*')|{BARE}|\s+|.""", re.DOTALL)
_LAST: Final = re.compile(rf"(?:{BARE}|[=!<>~]+)\Z")
_REST: Final = re.compile(r"""[^\s()=!<>~,"≤≥≠]*""")


def complete(text: str, cursor: int, shop: FilterContext) -> tuple[Completion, ...]:
    """What could stand at the `cursor` of `text`, at most MOST, the best first; nothing where nothing fits."""
    left = text[:cursor]
    quote = _open_quote(left)
    found = _in_quotes(text, left, quote, shop) if quote is not None else _in_words(text, left, shop)
    return tuple(islice(dict.fromkeys(found), MOST))


def _open_quote(text: str) -> int | None:
    """Where the quote begins that is not closed at the end of `text`."""
    for piece in _PIECE.finditer(text):
        if piece.group() in ('"', "'"):
            return piece.start()
    return None


def _in_quotes(text: str, left: str, quote: int, shop: FilterContext) -> Iterator[Completion]:
    closing = re.match(r"[^\"]*\"", text[len(left) :]) if begin(text) is not None else None
    end = len(left) + (closing.end() if closing else 0)
    typed = unquoted(f"{left[quote:]}{left[quote]}")
    for candidate in _texts(begin(text[:quote]), typed, shop):
        yield Completion(quote, end, candidate)


def _in_words(text: str, left: str, shop: FilterContext) -> Iterator[Completion]:
    last = _LAST.search(left)
    place = last.start() if last else len(left)
    rest = _REST.match(text, len(left)) if last else None
    end = rest.end() if rest else len(left)
    phrase = _phrase(left)
    is_within_a_word = phrase == len(left) and left[-1:].isalnum()  # such as "or" before its space
    found = () if is_within_a_word else _texts(begin(left[:phrase]), left[phrase:], shop)
    texts = [Completion(phrase, end, word) for word in found]
    joints = [Completion(place, end, word) for word in _joints(begin(left[:place]), left[place:], shop)]
    yield from (*joints, *texts) if left[-1:].isspace() else (*texts, *joints)


def _phrase(left: str) -> int:
    """Where the words begin that `left` ends with."""
    read = begin(left)
    place = len(left)
    for piece in reversed(read.pieces if read else ()):
        if piece.kind != "WORD":
            break
        place = piece.at
    return place


def _texts(before: PartialFilter | None, typed: str, shop: FilterContext) -> list[str]:
    """Names or values that begin with `typed`, or contain it."""
    if before is None or "WORD" not in before.may_follow:
        return []
    if "_NOT" in before.may_follow:
        names = _fitting([field.name for field in _comparable(shop)], typed)
        return [*map(written_name, names), *_fitting(("not",), typed)]
    sign, field = _compared(before.pieces, shop)
    return [written(value) for value in _fitting(_values(field, sign, shop), typed)] if field else []


def _comparable(shop: FilterContext) -> list[FilterField]:
    """The fields, without those of a forecast where there is none."""
    forecasts = not shop.why_no_forecast()
    return [field for field in shop.fields if forecasts or not field.needs_forecast]


def _joints(before: PartialFilter | None, typed: str, shop: FilterContext) -> list[str]:
    """Comparisons and the words between conditions that begin with `typed`."""
    if before is None:
        return []
    if "SIGN" in before.may_follow:
        field = _field_at_the_end(before.pieces, shop)
        words = list(_SIGNS_OF.get(field.kind, _NUMBER)) if field else []
    else:
        words = [word for kind, word in _BETWEEN.items() if kind in before.may_follow]
    return [word for word in words if word.startswith(typed.casefold())]


def _compared(pieces: Sequence[Piece], shop: FilterContext) -> tuple[str, FilterField | None]:
    """The sign that a value follows, and the field it is compared with; None where the shop has none of that name."""
    at = next(place for place in range(len(pieces) - 1, -1, -1) if pieces[place].kind in ("SIGN", "_IN"))
    ends = at - 1 if pieces[at - 1].kind == "_NOT" else at
    return pieces[at].text, _field_at_the_end(pieces[:ends], shop)


def _field_at_the_end(pieces: Sequence[Piece], shop: FilterContext) -> FilterField | None:
    name = words_at_the_end(pieces)
    with suppress(FilterError):
        return find(shop.fields, Word(unquoted(name) if pieces[-1].kind == "QUOTED" else name))
    return None


def _values(field: FilterField, sign: str, shop: FilterContext) -> Sequence[str]:
    if field.kind == "day":
        today = iso(shop.as_of)
        return ("-30d", "-90d", "-12m", today[:4], today[:7], str(int(today[:4]) - 1), today)
    values = shop.values(field)["value"]
    present = list(values.drop_nulls())
    unknown = values.has_nulls() and sign.casefold() in _EQUAL and "unknown" not in present
    return [*present, *(["unknown"] if unknown else [])]


def _fitting(candidates: Sequence[str], typed: str) -> list[str]:
    """Those of `candidates` that begin with `typed`, then those with a word that does, then those that contain it."""
    wanted = _folded(typed)
    texts = [(_folded(text), text) for text in candidates]
    begins = [text for folded, text in texts if folded.startswith(wanted)]
    inside = [text for folded, text in texts if f" {wanted}" in f" {folded}"]
    containing = [text for folded, text in texts if wanted in folded]
    return list(dict.fromkeys((*begins, *inside, *containing)))


def _folded(text: str) -> str:
    return text.casefold().replace("–", "-").replace("_", " ")
