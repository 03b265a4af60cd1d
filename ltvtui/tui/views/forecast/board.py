"""What a board of Forecast shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from ltvtui.analytics.forecast.backtest import NONE, Backtest, with_bands
from ltvtui.analytics.forecast.summary import ForecastSummary
from ltvtui.present.charts import Chart
from ltvtui.present.headline import Clauses
from ltvtui.present.numbers import count, symbol
from ltvtui.present.tables import Table
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.forecast.state import ForecastState

NO_TABLE: Final = Table(pl.DataFrame(), ())


@dataclass(frozen=True, eq=False)
class BoardQuestion:
    """What a board is asked."""

    dataset: Dataset
    location: Location
    found: ForecastSummary
    """Of all horizons."""
    own: ForecastSummary
    """Of those up to the chosen one."""
    test: Backtest | None
    """Of the whole shop; None while it is not there."""
    tests_by: tuple[pl.DataFrame, ...] | None = None
    """The same by the dimensions of the location (session.forecast.backtest_by); None while they are not there, and
    where no groups are shown."""

    @property
    def state(self) -> ForecastState:
        """What the screen shows."""
        return self.location.state(ForecastState)

    @property
    def metric(self) -> str:
        """What charts and expected columns are of: order days where no value can be expected."""
        return "order days" if self.found.no_value else self.state.metric

    @property
    def sign(self) -> str:
        """Of the currency."""
        return symbol(self.dataset.cleaned.currency)

    @property
    def unwarned(self) -> ForecastSummary:
        """`own` without what stands in warnings beside the sentence already."""
        return replace(self.own, statements=())

    @property
    def totals(self) -> pl.DataFrame:
        """With the band of past errors, as far as it is known."""
        return with_bands(self.found.totals, self.test or NONE)


@dataclass(frozen=True, eq=False)
class BoardContent:
    """One board, answered."""

    rows: Table
    """The table with the cursor."""
    above: Table = NO_TABLE
    """The table over it, without a cursor."""
    above_low: Table | None = None
    """The same where there is little room."""
    season: str = ""
    """The factor of the season, in words; blank where no total is shown."""
    marked: int = 0
    """Row of `above` that is about the chosen horizon."""
    marked_low: int = 0
    """The same of `above_low`."""
    by: tuple[str, ...] = ()
    """Dimensions of `rows`, which are groups of customers; none: they are something else."""
    is_people: bool = False
    """Whether `rows` are customers."""
    empty: str | None = None
    """What stands in place of `rows` where there are none; None: that nobody is selected."""
    plots: tuple[Chart, ...] = ()
    caption: tuple[str, ...] = ()
    """What has to be known beside what the keys change."""
    words: tuple[str, ...] = ()
    """Sentences under the tables."""
    headline: Clauses = field(default=())
    """The sentence over the board."""


def in_order(rows: pl.DataFrame, location: Location) -> pl.DataFrame:
    """Rows by the column that was chosen, unknown figures last; as they are where they have none of that name."""
    sort = location.sort
    if sort is None or sort[0] not in rows.columns:
        return rows
    return rows.sort(sort[0], descending=sort[1], nulls_last=True, maintain_order=True)


def searched(location: Location, shown: int, of: int) -> tuple[str, ...]:
    """How many of the rows a search leaves, in words."""
    return (f"{count(shown)} of {count(of)} rows matching “{location.search}”",) if location.search else ()


BoardFunction = Callable[[BoardQuestion], BoardContent]
