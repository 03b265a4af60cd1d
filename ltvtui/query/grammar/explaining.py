"""Why a text is no expression, and how to mend it: by what could have stood where reading stopped."""

from __future__ import annotations

import re
from typing import Final

from ltvtui.query.grammar.errors import FilterError, shown
from ltvtui.query.grammar.partial_parse import PartialFilter, words_at_the_end
from ltvtui.query.grammar.syntax import BARE, SIGNS

_FORM: Final = "Write a name, a comparison and a value, such as country = DK or orders >= 3."


def explained(text: str, before: PartialFilter, at: int) -> FilterError:
    """The mistake at the place `at` of `text`, which could be read up to there as `before`."""
    reason, mend = _explained(text, before, at)
    return FilterError(reason, mend, at)


def _explained(text: str, before: PartialFilter, at: int) -> tuple[str, str]:
    expected, ended = before.may_follow, at == len(text)
    found = re.match(BARE, text[at:])
    here = found.group() if found else text[at : at + 1]
    if here in ('"', "'"):
        return "These quotes are not closed.", f"Write {here}…{here}, and double a quote inside: {here * 2}."
    if "SIGN" in expected:
        return _no_comparison(before, here)
    if "_AND" in expected or "_COMMA" in expected:
        return _no_end(here)
    if "_NOT" in expected:
        what = "A condition is missing." if ended else f"Unexpected {shown(here)}: a name is missing."
        return what, _FORM
    if "_OPEN" in expected:
        return "“in” needs values in parentheses.", "Write in (DK, SE)."
    if "_KNOWN" in expected:
        return "“is” needs known or unknown.", "To compare with a value, write = instead."
    if "WORD" in expected:
        missing = ended or here in SIGNS
        what = f"A value is missing after {before.pieces[-1].text}." if missing else f"{shown(here)} is not a value."
        return what, "Write a value; any text works in quotes."
    return "The filter cannot be read.", _FORM


def _no_comparison(before: PartialFilter, here: str) -> tuple[str, str]:
    """A name stands there, and nothing that it is compared with."""
    missing = f"A comparison is missing after {shown(words_at_the_end(before.pieces))}."
    if any(piece.kind == "_AND" for piece in before.pieces):
        # `10 and more` is a value to its shop and two conditions to the grammar.
        return missing, f"{_FORM} Quote a value with “and” in it."
    what = f"{shown(here)} is not a comparison." if here else missing
    return what, f"Compare with {', '.join(SIGNS)}, in (…), is known or is unknown."


def _no_end(here: str) -> tuple[str, str]:
    """A condition is complete, and what follows does not go on from it."""
    if not here:
        return "A parenthesis is not closed.", "Write ) at its end."
    if here == ")":
        return "This parenthesis has no opening one.", "Leave it out, or write ( before it."
    return f"Unexpected {shown(here)}.", "Continue with “and” or “or”, or quote the value before it."
