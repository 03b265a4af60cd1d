"""Boards of two cuts crossed: recency by frequency, and ABC by XYZ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.abcxyz import ABC, XYZ, starts
from ltvtui.analytics.lifecycle.lapsed import lapsed_shares
from ltvtui.analytics.rfm.cells import names_by_cell, people_by_cell
from ltvtui.analytics.rfm.misnomers import misnomers, names_of_absent
from ltvtui.analytics.rfm.names import Names
from ltvtui.analytics.scoring import SINGLE
from ltvtui.analytics.segment_metrics import MATRIX_METRICS
from ltvtui.analytics.segments import profile
from ltvtui.present.blocks import Place, badges
from ltvtui.present.cell_words import abc_xyz_words, advice, rfm_cell_words, to_do_by_cell
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.matrix import abc_clauses, rfm_clauses
from ltvtui.present.history import few_words
from ltvtui.present.matrix import DOUBT, Side, crossed
from ltvtui.present.numbers import UNKNOWN, symbol
from ltvtui.present.plots import bars_plot
from ltvtui.present.rfm_board import in_blocks, with_badges
from ltvtui.present.rfm_names import misnomer_advice, misnomer_clauses
from ltvtui.present.segments import segment_table
from ltvtui.present.tables import Column
from ltvtui.present.terms import abc_words, merged, merged_words, range_words, rfm_words
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.value_order import value_orders
from ltvtui.tui.views.matrix.board import Shown, Steps
from ltvtui.tui.views.matrix.state import MatrixState

ACTION = "action"
"""Column of what to do with a segment."""
MOST_NAME: Final = "a cell has the name of most in it; M decides, and the table counts each"
"""Why the figures of cells of one name do not add up to those of its row."""
TALLEST: Final = 4
"""Lines of a cell: a name, a figure, a share, and room between blocks."""
RECENCY, FREQUENCY = "R score", "F score"
_SCORES: tuple[str, ...] = tuple(SINGLE.categories)


def rfm(dataset: Dataset, query: Query, terms: MatrixState) -> Shown:
    """R down and F across, the names of segments beside."""
    cuts = dataset.snapshot(query).scorer.cuts
    # Who came lately scores high, and has few days behind them; who came often has many orders.
    recency = tuple(zip(_SCORES, range_words(cuts.recency), strict=False))
    frequency = tuple(zip(reversed(_SCORES), range_words(cuts.frequency), strict=False))
    down, across = _scores(RECENCY, recency, " d"), _scores(FREQUENCY, frequency, "")
    caption = (
        *merged_words("R", recency),
        *merged_words("F", frequency),
        *rfm_words(cuts, symbol(dataset.cleaned.currency)),
    )
    return _board(dataset, query, terms, down, across, ("RFM",), caption, names=query.rules.rfm.names)


def _scores(dimension: str, ranges: Sequence[tuple[str, str]], unit: str) -> Side:
    """The scores that anybody can have, with what they mean; those that nobody can have are merged with others."""
    fitting = merged(ranges)
    titles = tuple(f"{dimension[0]}{called} {words}{unit}" for _, called, words in fitting)
    return Side(dimension, tuple(score for score, _, _ in fitting), titles)


def abc_xyz(dataset: Dataset, query: Query, terms: MatrixState) -> Shown:
    """ABC down and XYZ across, every cell as a row beside."""
    snapshot = dataset.snapshot(query)
    rules, totals = query.rules, snapshot.totals
    shown = tuple(XYZ.categories) if rules.xyz is not None else ("–",)
    down = Side("ABC", tuple(ABC.categories), tuple(ABC.categories))
    across = Side("XYZ", shown, shown if rules.xyz is not None else ("all",))
    begin = starts(totals.customers["revenue"], snapshot.scorer.score("ABC"))
    caption = abc_words(rules, begin, symbol(dataset.cleaned.currency))
    by = ("ABC", "XYZ") if rules.xyz is not None else ("ABC",)
    return _board(dataset, query, terms, down, across, by, caption)


def _board(
    dataset: Dataset,
    query: Query,
    terms: MatrixState,
    down: Side,
    across: Side,
    by: tuple[str, ...],
    caption: tuple[str, ...],
    names: Names | None = None,
) -> Shown:
    pairs = dataset.ask(profile, query, (down.dimension, across.dimension))
    listed = dataset.ask(profile, query, by).sort(by, maintain_order=True)
    more: tuple[Column, ...] = ()
    marks = badges(names.names, names.letters) if names is not None else {}
    misleading = None if names is None else dataset.ask(misnomers, query)
    away = frozenset() if names is None else names_of_absent(names)
    own = dict(zip(names.names, names.actions, strict=True)) if names is not None and names.actions else {}
    actions = own if misleading is None else own | misnomer_advice(misleading)
    if actions:
        acts = pl.col("RFM").cast(pl.String).replace_strict(actions, default="", return_dtype=pl.String)
        listed = listed.with_columns(acts.alias(ACTION))
        more = (Column(ACTION, "what to do", help="Of the file of RFM names: `ltvtui names` prints it."),)
    table = segment_table(
        listed,
        *(by, query.horizon, dataset.gross(query), False, more, by[0] if more else "customer_share"),
        currency=symbol(dataset.cleaned.currency),
        base=dataset.ask(profile, query),
    )
    orders = value_orders(dataset, by)
    measure = MATRIX_METRICS[terms.measure]
    cells = crossed(pairs, down, across, measure, terms.is_swapped, query.horizon)
    lapsed: Mapping[Place, float] = {}
    people: Mapping[Place, list[tuple[str, int]]] = {}
    if marks:
        caption = (*caption, MOST_NAME)
        table = with_badges(table, marks)
        cell_names = dataset.ask(names_by_cell, query)
        sides, lapsed = (down, across), _lapsed(dataset, query, down, across)
        people = _people(dataset, query, down, across)
        cells = in_blocks(
            *(cells, pairs, cell_names, sides, measure, terms.is_swapped, marks),
            to_do_by_cell(cell_names, sides, own, lapsed, away),
            people,
            query.horizon,
            symbol(dataset.cleaned.currency),
        )
    there = set(pairs.filter(pl.col("customers") > 0).select(down.dimension, across.dimension).rows())
    if cells.doubted:
        caption = (*caption, few_words(dataset.snapshot(query), DOUBT))
    return Shown(
        cells,
        [_row_steps(down.dimension, one, across) for one in down.values],
        table,
        _filters(listed, by),
        _headline(pairs, listed, by, () if misleading is None else misnomer_clauses(misleading)),
        caption,
        lambda column: bars_plot(listed, by, column or _bar_column(table.columns), orders),
        cell_words=(
            rfm_cell_words(cells, own, down.titles, across.titles, lapsed, away, people)
            if marks
            else [
                [abc_xyz_words(one), *(abc_xyz_words(one, other, (one, other) in there) for other in across.values)]
                for one in down.values
            ]
        ),
        row_words=[
            advice(row[0] or UNKNOWN, actions) if marks else abc_xyz_words(*row) for row in listed.select(by).rows()
        ],
        tallest=TALLEST if marks else None,
    )


def _people(dataset: Dataset, query: Query, down: Side, across: Side) -> dict[Place, list[tuple[str, int]]]:
    """The names in each cell, by row and column, with how many customers have them, most first."""
    rows, columns = ({value: at for at, value in enumerate(side.values)} for side in (down, across))
    found: dict[Place, list[tuple[str, int]]] = {}
    for one, other, name, customers in dataset.ask(people_by_cell, query).rows():
        if one in rows and other in columns:
            found.setdefault((rows[one], columns[other]), []).append((name, customers))
    return found


def _lapsed(dataset: Dataset, query: Query, down: Side, across: Side) -> dict[tuple[int, int], float]:
    """Share of each cell, by row and column, that has lapsed."""
    shares = dataset.ask(lapsed_shares, query, (down.dimension, across.dimension))
    rows, columns = ({value: at for at, value in enumerate(side.values)} for side in (down, across))
    return {
        (rows[one], columns[other]): share
        for one, other, share in shares.rows()
        if one in rows and other in columns and share is not None
    }


def _headline(pairs: pl.DataFrame, listed: pl.DataFrame, by: tuple[str, ...], misleading: Clauses) -> Clauses:
    return rfm_clauses(pairs, listed, misleading) if by == ("RFM",) else abc_clauses(listed)


def _row_steps(dimension: str, value: str | None, across: Side) -> list[Steps]:
    row = Filter(dimension, value)
    return [(row,), *((row, Filter(across.dimension, other)) for other in across.values)]


def _filters(rows: pl.DataFrame, by: Sequence[str]) -> list[Steps]:
    return [tuple(Filter(name, value) for name, value in zip(by, row, strict=True)) for row in rows.select(by).rows()]


def _bar_column(columns: Sequence[Column]) -> Column:
    return next(column for column in columns if column.key == "revenue")
