"""Where RFM and the stage of the life cycle seem to contradict each other (metrics.md §7, §8).

RFM holds days since the last order against those of other customers, the stage against the churn gap. In a shop that
most have left, whoever came a little later than the rest scores high and is lost all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from ltvtui.analytics.rfm.names import BEST, Names
from ltvtui.analytics.snapshot import Snapshot

MIDDLE: Final = 3
"""R score of those who came neither lately nor long ago: what the segment is called decides. Names stand for
recency by where the table has them, since it can be replaced."""
BETWEEN: Final = Fraction(5, 2)
"""Mean R of the cells of a name, above which it is one for customers who came lately: of the usual ones Champions to
Needs attention have 3.5 and more, About to sleep has 2.4."""
LAPSED: Final = frozenset({"one-time", "lost"})
ACTIVE: Final = frozenset({"new", "regular"})
"""Stages of those whose silence is usual; who is fading neither agrees nor disagrees with a low score."""


@dataclass(frozen=True)
class Contradiction:
    """A customer who came lately by RFM and has lapsed by the stage, or the other way round."""

    silent: int
    """Days since the last order."""
    churn_gap: int
    """Days."""
    lately: bool
    """True: by RFM they came lately; False: long ago."""
    share: float
    """Share of the shop's customers (0…1) who came as lately or later; of those who came long ago: as long ago or
    longer. The customer is among them."""


def contradiction(snapshot: Snapshot, facts: Mapping[str, Any]) -> Contradiction | None:
    """How RFM and stage of a customer disagree, by their row of Card.facts; None where they agree."""
    score, stage = int(facts["R score"]), facts["stage"]
    usually_late = usual_recency(snapshot.terms.rules.rfm.names, facts["RFM"]) > BETWEEN
    lately = score > MIDDLE or (score == MIDDLE and usually_late)
    if stage not in (LAPSED if lately else ACTIVE):
        return None
    last = snapshot.totals.customers["last"]
    among = last >= facts["last"] if lately else last <= facts["last"]
    return Contradiction(facts["silent"], snapshot.churn_gap.days, lately, int(among.sum()) / last.len())


def usual_recency(names: Names, name: str) -> Fraction:
    """Mean R score of the cells that are called `name`, of which there is at least one."""
    letter = names.names.index(name)
    cells = [place for place, cell in enumerate(names.cells) if cell == letter]
    # Cells stand by R, the best first, as many of each.
    return BEST - Fraction(sum(place // BEST**2 for place in cells), len(cells))
