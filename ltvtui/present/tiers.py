"""Recorded tiers in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ltvtui.days import iso
from ltvtui.present.numbers import counted
from ltvtui.user_state.tier_history import Recording, TierChange

_LAST: Final = 3
"""Recordings that a line tells of."""
_NOT_THERE: Final = "no customer"


def history_facts(changes: Sequence[TierChange], recordings: Sequence[Recording]) -> list[tuple[str, str]]:
    """Recorded tiers of one customer as lines of the card, the newest first: label (blank: they go on) and text.

    Each is of the day up to which the shop reached when it was opened. Blank where nothing is recorded at all.
    """
    if not recordings:
        return []
    lines = [f"{iso(c.as_of)} {c.before or _NOT_THERE} → {c.after or _NOT_THERE}" for c in changes]
    begun = recordings[-1]
    if begun.changed is None:
        is_only = len(recordings) == 1  # nothing could change since
        lines.append(f"{'recorded' if lines or is_only else 'unchanged'} since {iso(begun.as_of)}")
    return [("tiers" if place == 0 else " ", line) for place, line in enumerate(lines)]


def recorded_words(recordings: Sequence[Recording]) -> tuple[str, ...]:
    """How many changed tier at the last recordings, in one phrase; none before something changed."""
    changed = [r for r in recordings if r.changed is not None][:_LAST]
    if not changed:
        return ()
    text = ", ".join(f"{counted(r.changed or 0, 'tier')} on {iso(r.as_of)}" for r in changed)
    return (f"recorded as changed: {text}",)
