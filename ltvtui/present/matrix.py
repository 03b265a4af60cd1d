"""Two ways to cut customers, one across the other: cells of customers, revenue or LTV (metrics.md §5-§8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import polars as pl
from rich.cells import cell_len

from ltvtui.analytics.lifecycle.migration import AFTER, BEFORE, Moves
from ltvtui.analytics.metric import Metric
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.schema import units
from ltvtui.present.blocks import SHARE, Place, Tile, labelled, written
from ltvtui.present.columns import FEW_MARK, largest, style_of
from ltvtui.present.numbers import percent
from ltvtui.present.tables import Column, Paint, Table

DOUBT: Final = "?"
"""Behind an LTV of fewer than 30 customers."""
LEAST: Final = "≥"
"""Before an LTV of less than the horizon."""
ALL: Final = "all"
"""Heads the row and the column of totals."""
FLOW: Final = ("from", "to")
"""Columns of a move's two states."""
WIDEST_MOVE: Final = 24
"""Cells beyond which a wider cell of moves tells no more."""
FIXED: Final = 1
"""Columns before the first cell."""


@dataclass(frozen=True, eq=False)
class MatrixTable(Table):
    """A row for each value of one cut, a column for each of another; cells are coloured by what they show."""

    doubted: frozenset[tuple[int, int]] = frozenset()
    """Rows and columns of the cells that rest on few customers."""
    partial: frozenset[tuple[int, int]] = frozenset()
    """Rows and columns of the cells that tell of less than the horizon."""
    marked: bool = False
    """Whether cells leave room for marks."""
    blocks: Mapping[Place, Tile] = field(default_factory=dict)
    """What cells show besides their figures, by row and column of the cells alone; empty: figures are all."""

    def write(self, row: int, place: int, value: object) -> str:
        """The cell as text, with a mark behind a figure that rests on few customers, and one before a lower bound."""
        text = super().write(row, place, value)
        if not text or place < FIXED or not self.marked:
            return text
        least = LEAST if (row, place) in self.partial else ""
        return least + text + (DOUBT if (row, place) in self.doubted else " ")

    def tiles(self, row: int, shown: Sequence[int], lines: int) -> list[tuple[str, ...]]:
        """The name of the row, and its cells with the names of their blocks; nothing where figures are all."""
        if not self.blocks:
            return []
        texts, blank, names = self._texts[row], (lines - 1) * ("",), self._labelled(lines)
        longest = max(cell_len(text.strip()) for row in self._texts for text in row[FIXED:])
        has_room = longest + 1 + SHARE <= self.widths[-1]
        halves = {column for (_, column), tile in self.blocks.items() if tile.below}
        return [
            (texts[place], *blank)
            if place < FIXED
            else written(
                self.blocks.get((row, place - FIXED), Tile(None)),
                texts[place],
                self.widths[place],
                lines,
                (row, place - FIXED) in names,
                has_room and place - FIXED in halves,
                longest,
            )
            for place in shown
        ]

    def paints(self, start: int, stop: int, shown: Sequence[int]) -> list[tuple[Paint | None, ...]]:
        """The badge of each cell's block."""
        if not self.blocks:
            return super().paints(start, stop, shown)
        tiles = ([self.blocks.get((row, place - FIXED)) for place in shown] for row in range(start, stop))
        return [tuple(Paint(badge=tile.badge) if tile else None for tile in row) for row in tiles]

    @cached_property
    def _texts(self) -> list[tuple[str, ...]]:
        return self.cells(0, self.height)

    def _labelled(self, lines: int) -> frozenset[Place]:
        """The cells in which the names of blocks stand."""
        figures = {
            (row, place - FIXED): cell_len(text)
            for row, texts in enumerate(self._texts)
            for place, text in enumerate(texts)
            if place >= FIXED
        }
        return labelled(self.blocks, figures, self.widths[-1], lines)

    @property
    def in_files(self) -> tuple[Column, ...]:
        """The cells that rest on few customers, and those of less than the horizon, stand in columns of their own."""
        return (*self.columns, Column("few", "few"), Column("partial", "partial")) if self.marked else self.columns


@dataclass(frozen=True)
class Side:
    """One of the two cuts of a matrix."""

    dimension: str
    values: tuple[str | None, ...]
    """In the order in which they stand; None: it is not known."""
    titles: tuple[str, ...]
    """What stands beside or above them."""


def crossed(
    rows: pl.DataFrame, down: Side, across: Side, measure: Metric, shares: bool, horizon: int = 0
) -> MatrixTable:
    """The matrix of segments.profile by both dimensions: `measure`, or shares of all where it adds up.

    What nobody is in is 0 of what adds up, and blank for LTV; an LTV of few customers, or of less than the `horizon`,
    is marked and has no colour.
    """
    shares = shares and measure.adds_up
    values = rows[measure.key].cast(pl.Float64)
    if shares:
        total = values.sum() or 1.0
        values = values / total
    nobody = 0.0 if measure.adds_up else None
    found = dict(zip(rows.select(down.dimension, across.dimension).iter_rows(), values, strict=True))
    few, partial = (
        dict(zip(rows.select(down.dimension, across.dimension).iter_rows(), marks, strict=True))
        for marks in (rows["few"], rows["within_months"] < horizon)
    )
    cells = [[found.get((one, other), nobody) for other in across.values] for one in down.values]
    doubted, least = (
        frozenset(
            (row, place)
            for row, one in enumerate(down.values)
            for place, other in enumerate(across.values, FIXED)
            if not measure.adds_up and marks.get((one, other))
        )
        for marks in (few, partial)
    )
    trusted = [
        [None if (row, place) in doubted | least else value for place, value in enumerate(values, FIXED)]
        for row, values in enumerate(cells)
    ]
    name = Column("name", "", help=f"{down.dimension} down, {across.dimension} across.")
    kind, decimals = style_of("share" if shares else measure.unit, largest(rows, measure.key))
    columns = [Column("", title, kind, decimals=decimals) for title in across.titles]
    return _matrix(name, down.titles, columns, cells, _heats(trusted), None if measure.adds_up else (doubted, least))


def moved(found: Moves, measure: Metric, shares: bool) -> MatrixTable:
    """What customers were, by row, and what they are, by column: `measure`, which adds up, or shares of the row.

    The first column has what they were in all; under the rows stand those who are there now.
    """
    kinds = AFTER[found.cut]
    frame = found.frame.with_columns(units(pl.col("revenue")))
    counts = dict(zip(frame.select("before", "after").iter_rows(), frame[measure.key], strict=True))
    went = [[counts[was, now] for now in kinds] for was in BEFORE[found.cut]]
    went.append([sum(column) for column in zip(*went, strict=True)])
    cells = [_shares(row) if shares else row for row in went]
    name = Column("name", "from", help="Rows: state on the first day; columns: state now.")
    kind, decimals = style_of(measure.unit, largest(frame, measure.key))
    shown = style_of("share") if shares else (kind, decimals)
    columns = [Column("", title, shown[0], decimals=shown[1]) for title in kinds]
    # Totals have no colour: beside them all else would be pale.
    heats = [[None, *row] for row in [*_heats(cells[:-1]), [None] * len(kinds)]]
    sizes = [[sum(row), *row_of] for row, row_of in zip(went, cells, strict=True)]
    across = [Column("", ALL, kind, decimals=decimals), *columns]
    return _matrix(name, (*BEFORE[found.cut], ALL), across, sizes, heats, None)


def with_shares(cells: MatrixTable) -> MatrixTable:
    """`cells` of moved, in figures, each with its share of the row where there is room; in the last row of all."""
    figures = cells.frame.select(column.key for column in cells.columns[FIXED:]).rows()
    tiles = {
        (row, column): Tile(None, percent(value / whole))
        for row, (whole, *values) in enumerate(figures)
        for column, value in enumerate(values, 1)
        if whole and value
    }
    return replace(cells, blocks=tiles, spread=WIDEST_MOVE)


def _shares(row: Sequence[float]) -> list[float | None]:
    total = sum(row)
    return [cell / total if total else None for cell in row]


def flows(found: Moves) -> pl.DataFrame:
    """Who moved, the dearest first: was, is now (String), customers, revenue (currency units), their shares of all
    customers and revenue (Float64), few (Boolean). Who stayed what they were is no move."""
    states = (pl.col(day).cast(pl.String).alias(name) for day, name in zip(("before", "after"), FLOW, strict=True))
    every = found.frame.select(*states, "customers", units(pl.col("revenue")))
    shares = every.with_columns(
        (pl.col(name) / pl.col(name).sum()).fill_nan(None).alias(share)
        for name, share in (("customers", "customer_share"), ("revenue", "revenue_share"))
    )
    went = shares.filter(pl.col(FLOW[0]) != pl.col(FLOW[1]), pl.col("customers") > 0)
    return went.with_columns((pl.col("customers") < FEW).alias("few")).sort("revenue", "customers", descending=True)


def flow_columns(rows: pl.DataFrame) -> tuple[Column, ...]:
    """Columns of `flows`."""
    _, decimals = style_of("money", largest(rows, "revenue"))
    return (
        *(Column(name, name) for name in FLOW),
        *((FEW_MARK,) if rows["few"].any() else ()),
        Column("customers", "customers", "count", help="Customers who moved this way."),
        Column(
            "customer_share", "of customers", "share", help="Share of all customers on the second day.", is_part=True
        ),
        Column("revenue", "revenue", "units", decimals=decimals, help="Their net revenue up to the second day."),
        Column("revenue_share", "of revenue", "share", help="Share of total revenue.", is_part=True),
    )


_Cells = Sequence[Sequence[float | None]]


def _heats(cells: _Cells) -> _Cells:
    """Each cell as a share of the highest."""
    hottest = max((value for row in cells for value in row if value is not None), default=0.0)
    return [[None if value is None or hottest <= 0 else value / hottest for value in row] for row in cells]


def _matrix(
    name: Column,
    down: Sequence[str],
    across: Sequence[Column],
    cells: _Cells,
    heats: _Cells,
    marks: tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]]] | None,
) -> MatrixTable:
    """The table of `cells` with rows named `down` and columns like `across`, all as wide as the widest."""
    keys = [f"cell {place}" for place in range(len(across))]
    shown = {key: [row[place] for row in cells] for place, key in enumerate(keys)}
    warm = {f"heat {key}": [row[place] for row in heats] for place, key in enumerate(keys)}
    frame = pl.DataFrame({"name": list(down)}, schema={"name": pl.String}).hstack(
        pl.DataFrame(shown | warm, schema=dict.fromkeys((*shown, *warm), pl.Float64))
    )
    room = 0 if marks is None else len(DOUBT)
    columns = [
        replace(column, key=key, title=column.title + " " * room, heat=f"heat {key}", name=column.title)
        for key, column in zip(keys, across, strict=True)
    ]
    doubted, partial = marks or (frozenset(), frozenset())
    for flag, where in (("few", doubted), ("partial", partial)) if marks is not None else ():
        names = [
            ", ".join(columns[place - FIXED].name for at, place in sorted(where) if at == row)
            for row in range(len(down))
        ]
        frame = frame.with_columns(pl.Series(flag, names, pl.String))
    first, *widths = Table(frame, (name, *columns)).widths
    wide = max(widths, default=0) + room + (len(LEAST) if partial else 0)
    return MatrixTable(
        frame,
        (name, *columns),
        measured=(first, *(wide for _ in keys)),
        doubted=doubted,
        partial=partial,
        marked=marks is not None,
    )
