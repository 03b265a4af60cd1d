"""Actions that several views have in common, to be put together in a ViewSpec."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from ltvtui.tui.action_context import Action, ActionContext
from ltvtui.tui.on_demand import on_demand_in

if TYPE_CHECKING:
    from ltvtui.tui.actions import filtering, rows, views_and_notes
else:
    filtering, rows, views_and_notes = on_demand_in("ltvtui.tui.actions", "filtering", "rows", "views_and_notes")

FILTERED: Final[Mapping[str, Action]] = {"filter": filtering.filter}
"""Of a view of a selection of customers."""
SORTED: Final[Mapping[str, Action]] = {"sort": rows.sort, "reverse": rows.reverse}
"""Of a table whose rows have no fixed order."""
SEARCHED: Final[Mapping[str, Action]] = {"search": rows.search}
"""Of a table in which rows are looked for."""
PLOT: Final[Mapping[str, Action]] = {"plot": rows.plot, "big_plot": rows.big_plot}
"""Of a view with one plot."""
PLOTS: Final[Mapping[str, Action]] = {**PLOT, "metric": rows.next_plot}
"""Of a view with several plots."""
INTERVALS: Final[Mapping[str, Action]] = {"intervals": rows.intervals}
"""Of a view under key figures of which the interval can be hidden."""
AGES: Final[Mapping[str, Action]] = {"ages": rows.ages}
"""Of a table of segments."""
NOTED: Final[Mapping[str, Action]] = {"note": views_and_notes.note, "note_trail": views_and_notes.note_on_trail}
"""Of a view of customers or segments, about whom something can be noted."""


def metrics(choose: Callable[[ActionContext, int], object]) -> Mapping[str, Action]:
    """Of a view with a choice of metrics: `choose` takes 1 for the next and -1 for the one before."""
    return {"metric": lambda screen: choose(screen, 1), "previous_metric": lambda screen: choose(screen, -1)}
