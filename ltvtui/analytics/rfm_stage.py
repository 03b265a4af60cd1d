"""Where RFM and the stage of the life cycle seem to contradict each other (metrics.md §7, §8).

RFM holds days since the last order against those of other customers, the stage against the churn gap. In a shop that
most have left, whoever came a little later than the rest scores high and is lost all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ltvtui.analytics.snapshot import Snapshot

LATELY: Final = 4
"""R score from which on a customer counts as one who came lately, whatever the segment is called."""
LONG_AGO: Final = 2
"""R score up to which they count as one who came long ago."""
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
    """What has to be said of a customer whose row of Card.facts that is; None where RFM and stage agree."""
    score, stage = int(facts["R score"]), facts["stage"]
    lately = score >= LATELY and stage in LAPSED
    if not lately and not (score <= LONG_AGO and stage in ACTIVE):
        return None
    last = snapshot.standing.customers["last"]
    among = last >= facts["last"] if lately else last <= facts["last"]
    return Contradiction(facts["silent"], snapshot.churn_gap.days, lately, int(among.sum()) / last.len())
