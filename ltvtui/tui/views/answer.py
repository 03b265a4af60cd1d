"""What a view shows, computed in a worker."""

from __future__ import annotations

from dataclasses import dataclass

from ltvtui.present.figures import Figures
from ltvtui.present.headline import Clauses
from ltvtui.present.tables import Table


@dataclass(frozen=True, eq=False, kw_only=True)
class Answer:
    """What a view shows; views add what else they need."""

    tables: tuple[Table, ...] = ()
    """Those in which changes are marked, in the order of the view's grids."""
    headline: Clauses = ()
    """The sentence that says what is shown, the most important clause first; worst news included."""
    figures: Figures | None = None
    """What stands in the strip of key figures; None: LTV and its factors."""
    is_preliminary: bool = False
    """Whether a better one follows: ViewSpec.complete makes it while this one is on screen."""
