"""What Portrait shows: a part of the page about the customers of the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.analytics.comparison.profile_index import profiled
from ltvtui.analytics.portrait.criteria import BEHAVIOUR
from ltvtui.analytics.portrait.portrait import Portrait
from ltvtui.present.charts import Chart
from ltvtui.present.comparison.doubles import double_words, without_doubles
from ltvtui.present.comparison.plots import index_plot, times_plots
from ltvtui.present.comparison.tables import NO_ATTRIBUTES
from ltvtui.present.headline.overview import NOBODY
from ltvtui.present.numbers import symbol
from ltvtui.present.portrait.boards import hours_table, who_table
from ltvtui.present.portrait.report import PortraitReport
from ltvtui.present.portrait.tables import typical_table, weekday_table
from ltvtui.present.tables import Table
from ltvtui.query.query import Filter
from ltvtui.session.apply_filters import made_with_hindsight
from ltvtui.session.comparison import IN_EVERY_SHOP, common_index_of, doubles_of, portrait_of
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.portrait.state import TYPICAL, WHEN, WHO, PortraitState
from ltvtui.user_state.notes import NO_NOTE, Note

NO_TABLE: Final = Table(pl.DataFrame(), ())


@dataclass(frozen=True, eq=False, kw_only=True)
class PortraitAnswer(Answer):
    """What the screen shows."""

    table: Table
    """Without columns on the board of the analyst's own words, which are no answer of the shop."""
    plots: tuple[Chart, ...] = ()
    caption: tuple[str, ...] = ()
    """What has to be known beside the figures."""
    steps: Sequence[tuple[Filter, ...]] = ()
    """Filters of each row, where rows are values of a dimension."""
    customers: Sequence[int] = ()
    """Code of the customer of each row, where rows are customers."""
    closed: str = ""
    """Why rows lead nowhere; blank where they lead somewhere."""
    empty: str = ""
    """What stands in place of the table where it has no rows."""


def portrait(dataset: Dataset, location: Location) -> PortraitAnswer:
    """The board, of the customers of the trail beside all of the shop."""
    if not dataset.snapshot(location.query).customers.height:
        return PortraitAnswer(headline=NOBODY, table=NO_TABLE, empty="Esc goes up to more customers.")
    doubles = doubles_of(dataset, location.query)
    whole = report_of(dataset, location)
    has_none = not profiled(dataset.people)
    left_out = (whole.found.index, doubles, location.query.fixed_dimensions)
    index = common_index_of(dataset, location.query) if has_none else without_doubles(*left_out)
    criteria = dict.fromkeys(IN_EVERY_SHOP, BEHAVIOUR) if has_none else whole.found.criteria
    report = replace(whole, found=replace(whole.found, index=index, criteria=criteria))
    found, sign = report.found, symbol(dataset.cleaned.currency)
    match location.state(PortraitState).board:
        case board if board == WHO:
            table, rest = (
                who_table(found),
                _who(found, (NO_ATTRIBUTES,) if has_none else double_words(*left_out)),
            )
        case board if board == WHEN:
            has_hours = found.times.hours is not None
            table = hours_table(found) if has_hours else weekday_table(found)
            rest = {
                "plots": times_plots(found.times),
                "caption": (
                    "index: share of their orders ÷ share of all orders × 100",
                    *([] if has_hours else ["the shop has days alone, no times of day: there are no hours"]),
                ),
                "closed": "These rows are orders by weekday, not customers.",
            }
        case board if board == TYPICAL:
            table = typical_table(found, sign)
            rest = {
                "caption": ("nearest to the medians of orders, check, days as customer and days since",),
                "customers": found.typical["customer"].to_list(),
                "closed": "This row is the median of all of them, not a customer.",
            }
        case _:
            table, rest = NO_TABLE, {"closed": "These are your own words, not customers."}
    return PortraitAnswer(tables=(table,), headline=report.headline, table=table, **rest)  # type: ignore[arg-type]


def _who(found: Portrait, more: tuple[str, ...]) -> dict[str, object]:
    return {
        "plots": (index_plot(found.index),) if found.index.height else (),
        "caption": (
            "index: share of their customers ÷ share of all × 100",
            "z: against the other customers",
            *more,
        ),
        "steps": [(Filter(dimension, value),) for dimension, value in who_table(found).frame.select(
            "dimension", "value"
        ).iter_rows()],
        "empty": "The shop has no further attribute of these customers: Tab goes to other boards.",
    }  # fmt: skip


def report_of(dataset: Dataset, location: Location, note: Note = NO_NOTE) -> PortraitReport:
    """The whole page, with the analyst's `note`."""
    query = location.query
    return PortraitReport(
        dataset.snapshot(query),
        query.describe(),
        portrait_of(dataset, query),
        dataset.cleaned.currency,
        dataset.gross(query),
        made_with_hindsight(dataset, query),
        note,
        dataset.doubts,
    )
