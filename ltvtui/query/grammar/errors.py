"""What is wrong with a filter expression, and where in it."""

from __future__ import annotations

from typing import Final

from ltvtui.errors import LtvError

_READABLE: Final = 80
"""Characters up to which an expression is said with what is wrong in it."""
_WORD: Final = 40
"""Characters of a name or a value that are said."""


class FilterError(LtvError):
    """An expression that cannot be read or means nothing in this shop (exit code 2), or asks for what the shop does
    not have (1); it points into the text."""

    def __init__(self, reason: str, mend: str, at: int, of: str | None = None, exit_code: int = 2) -> None:
        place = f"column {at + 1}" if of is None or len(of) > _READABLE else f"column {at + 1} of {of!r}"
        super().__init__(f"{reason.removesuffix('.')} ({place}).", mend, exit_code)
        self.reason = reason
        """What is wrong, without the column, for a display with a caret below it."""
        self.at = at
        """Characters of the text before the place; at most as many as it has."""

    def of(self, text: str) -> FilterError:
        """The same, saying of which text: there may be several."""
        return FilterError(self.reason, self.mend, self.at, text, self.exit_code)


def shown(text: str) -> str:
    """A piece of the text in quotes, cut where it is long."""
    return repr(text if len(text) <= _WORD else f"{text[: _WORD - 1]}…")
