"""A contradiction between RFM and stage in words."""

from __future__ import annotations

import math

from ltvtui.analytics.rfm.stage import Contradiction
from ltvtui.present.numbers import counted


def contradiction_words(found: Contradiction | None) -> tuple[str, ...]:
    """One sentence, the fuller wording first; the shorter one takes 78 cells at most. None where there is none."""
    if found is None:
        return ()
    # Rounded up, so that it holds: of 30.2 % nobody is in the best 30 %.
    share = math.ceil(round(found.share * 100, 6))
    rank = f"in the {'best' if found.lately else 'worst'} {share} %"
    days, gap = counted(found.silent, "day"), counted(found.churn_gap, "day")
    verdict = "lapsed" if found.lately else "not lapsed"
    return (
        f"RFM compares with other customers ({days} is {rank}), stage with the churn gap ({gap}): {verdict}",
        f"RFM: {days} is {rank} of customers; stage: churn gap {gap}",
    )
