"""The one error a user sees: what happened, and how to mend it; and the sign that somebody asked to stop."""

from ltvtui.masking import masked


class LtvError(Exception):
    """A failure that the user can understand and mend.

    `what` is one line that says what happened, `mend` one line that says what to do about it.
    `exit_code` is 1 for a finding or failure, 2 for wrong usage.
    Passwords in an address are masked in both.
    Both lines are plain text: whoever prints them cleans them of control characters first.
    """

    def __init__(self, what: str, mend: str, exit_code: int = 1) -> None:
        self.what, self.mend = masked(what), masked(mend)
        super().__init__(self.what)
        self.exit_code = exit_code


class Cancelled(Exception):
    """The caller asked to stop."""


def thousands(value: int) -> str:
    """A whole number as it stands in a message: 5 000 000."""
    return f"{value:,}".replace(",", " ")
