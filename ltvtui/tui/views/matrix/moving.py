"""Boards that compare two days: the stages of the life cycle, and tiers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.lifecycle.leads import leads
from ltvtui.analytics.lifecycle.lifecycle import warning_gap
from ltvtui.analytics.lifecycle.migration import AFTER, BEFORE, LAPSED, Cut, Moves, moves
from ltvtui.analytics.lifecycle.worth import brought_lately
from ltvtui.analytics.segment_metrics import CUSTOMERS, MATRIX_METRICS
from ltvtui.analytics.segments import profile
from ltvtui.present.cell_words import CellWords, move_cell_words
from ltvtui.present.charts import BarChart
from ltvtui.present.headline.moves import move_clauses
from ltvtui.present.matrix import FLOW, flow_columns, flows, moved, with_shares
from ltvtui.present.numbers import symbol
from ltvtui.present.plots import bars_plot
from ltvtui.present.segments import segment_table
from ltvtui.present.stage_moves import way_columns, with_ways
from ltvtui.present.tables import Table
from ltvtui.present.terms import since_words, stage_words, threshold_words
from ltvtui.query.query import Filter, Moved, Query
from ltvtui.session.dataset import Dataset
from ltvtui.tui.views.matrix.board import Shown, Steps
from ltvtui.tui.views.matrix.state import MatrixState

LEAD: Final = "lead"
"""Whoever is known and has no order."""
TO: Final = " → "
"""Between both states of a move in one label."""
MOVE: Final = "move"
"""Names both states of a move where they stand in one label."""


def life_cycle(dataset: Dataset, query: Query, terms: MatrixState) -> Shown:
    """What customers were a month ago, by row, and are now; every stage as a row below."""
    snapshot = dataset.snapshot(query)
    found = dataset.ask(moves, query, "stage", terms.since)
    lead = dataset.ask(leads, query)
    currency = symbol(dataset.cleaned.currency)
    lately = dataset.ask(brought_lately, query)
    rows = _strip(dataset.ask(profile, query, ("stage",)), lately, found, lead)
    table = segment_table(
        rows,
        ("stage",),
        query.horizon,
        dataset.gross(query),
        False,
        way_columns(rows, currency),
        "customers",
        currency,
    )
    gap = snapshot.churn_gap.days
    caption = (
        stage_words(gap, warning_gap(snapshot.totals.gaps, gap)),
        f"{since_words(found)} (b)",
        *(() if lead is None else ("leads: as in the customer table now",)),
    )
    steps: list[Steps] = [() if stage == LEAD else (Filter("stage", stage),) for stage in rows["stage"]]
    board = _board(found, terms.measure, terms.is_swapped, table, steps, caption, ("stage",))
    cells = board.cells if terms.is_swapped else with_shares(board.cells)
    board = replace(board, cells=cells, headline=move_clauses(found, lately, currency), tallest=1)
    return _without_empty_rows(board, found)


def migration(dataset: Dataset, query: Query, terms: MatrixState) -> Shown:
    """Tiers of two days, with the thresholds of the second; who moved, the dearest first, beside."""
    snapshot = dataset.snapshot(query)
    found = dataset.ask(moves, query, "tier", terms.since)
    rows = flows(found)
    steps: list[Steps] = [(Moved("tier", found.since, *pair),) for pair in rows.select(FLOW).rows()]
    caption = (
        f"{since_words(found)} (b)",
        threshold_words(snapshot, symbol(dataset.cleaned.currency), dataset.gross(query)),
        f"lapsed: no order for {snapshot.churn_gap.days} days",
    )
    table = Table(rows, flow_columns(rows), few="few")
    return _without_empty_rows(_board(found, terms.measure, not terms.is_swapped, table, steps, caption, FLOW), found)


def _without_empty_rows(board: Shown, found: Moves) -> Shown:
    """A board without the states that nobody was in on the first day."""
    counts = dict(found.frame.group_by(pl.col("before").cast(pl.String)).agg(pl.col("customers").sum()).rows())
    rows = [row for row, was in enumerate(BEFORE[found.cut]) if counts.get(was)]
    rows.append(len(BEFORE[found.cut]))  # all
    if len(rows) == board.cells.frame.height:
        return board
    places = {old: new for new, old in enumerate(rows)}
    blocks = {(places[row], column): tile for (row, column), tile in board.cells.blocks.items() if row in places}
    return replace(
        board,
        cells=replace(board.cells, frame=board.cells.frame[rows], blocks=blocks),
        cell_steps=[board.cell_steps[row] for row in rows],
        cell_words=[board.cell_words[row] for row in rows],
    )


def _strip(rows: pl.DataFrame, lately: pl.DataFrame, found: Moves, lead: int | None) -> pl.DataFrame:
    """Segments of every stage that anybody is or was in, with Moves.changes, ways, and what they brought `lately`;
    first the number of leads, where known."""
    stage = pl.col("state").cast(rows["stage"].dtype)
    lived_in = found.changes().filter((pl.col("before") > 0) | (pl.col("came") > 0))
    changes = with_ways(lived_in, found).with_columns(stage).rename({"state": "stage"})
    stages = changes.join(rows, on="stage", how="left", maintain_order="left")
    strip = stages.join(lately, on="stage", how="left", maintain_order="left").with_columns(
        pl.col("customers", "orders", "revenue", "customer_share", "revenue_share", "lately").fill_null(0),
        pl.col("few").fill_null(False),
        pl.col("stage").cast(pl.String),
    )
    if lead is None:
        return strip
    # Since when they are known is not: what they were before cannot be told.
    lead_row = {"stage": LEAD, "customers": lead, "few": False, "came_from": "", "went_to": ""}
    first = pl.DataFrame([lead_row], schema={name: strip.schema[name] for name in lead_row})
    return pl.concat([first, strip], how="diagonal").select(strip.columns)


def _board(
    found: Moves,
    measure: str,
    shares: bool,
    rows: Table,
    row_steps: list[Steps],
    caption: tuple[str, ...],
    by: tuple[str, ...],
) -> Shown:
    metric = MATRIX_METRICS[measure]
    cells = moved(found, metric if metric.adds_up else CUSTOMERS, shares)
    revenue = next(column for column in rows.columns if column.key == "revenue")
    drawn, drawn_by = (_as_moves(rows.frame), (MOVE,)) if by == FLOW else (rows.frame, by)
    words = move_cell_words(found)
    return Shown(
        cells,
        _cell_steps(found.cut, found.since),
        rows,
        row_steps,
        move_clauses(found),
        caption,
        lambda column: _coloured(bars_plot(drawn, drawn_by, column or revenue), found.cut),
        cell_words=words,
        row_words=[_move_words(found, words, *pair) for pair in rows.frame.select(FLOW).rows()] if by == FLOW else (),
    )


def _coloured(chart: BarChart, cut: Cut) -> BarChart:
    """Moves of tiers: a rise, a fall, or a customer's first tier; of stages none is better or worse."""
    if cut != "tier":
        return chart
    order = [str(state) for state in AFTER[cut]]
    colours = []
    for was, now in (label.split(TO) for label in chart.labels):
        rises = was in order and order.index(now) < order.index(was)
        colours.append("positive" if rises else "accent1" if was not in order and now != LAPSED else "negative")
    return replace(chart, colours=colours)


def _move_words(found: Moves, words: CellWords, was: str, now: str) -> str:
    """What the cell of that move says."""
    first_state = 2  # behind the name and the sum of the row
    return words[BEFORE[found.cut].index(was)][first_state + AFTER[found.cut].index(now)]


def _as_moves(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` of flows with one column that names the move: VIP → lapsed."""
    return rows.with_columns(pl.concat_str(*FLOW, separator=TO).alias(MOVE))


def _cell_steps(cut: Cut, since: int) -> list[list[Steps]]:
    """What every cell of `present.matrix.moved` stands for; the last row is that of all."""
    of_rows = [(Moved(cut, since, was),) for was in BEFORE[cut]]
    rows: list[list[Steps]] = [
        [row, row, *((Moved(cut, since, row[0].before, now),) for now in AFTER[cut])] for row in of_rows
    ]
    return [*rows, [(), (), *((Moved(cut, since, after=now),) for now in AFTER[cut])]]
