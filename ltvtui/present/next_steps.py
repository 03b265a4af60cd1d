"""Next steps as a table and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from ltvtui.days import iso
from ltvtui.present.tables import Column, Table
from ltvtui.user_state.next_steps import NextStep


def step_table(steps: Sequence[NextStep]) -> Table:
    """What, who, until when and the figure it should move; columns that no step has are left out."""
    rows = [(step.what, step.owner, step.until, step.figure) for step in steps]
    schema = {"what": pl.String, "owner": pl.String, "until": pl.Int32, "moves": pl.String}
    frame = pl.DataFrame(rows, schema, orient="row")
    columns = {
        "what": Column("what", "what", widest=200),
        "owner": Column("owner", "owner"),
        "until": Column("until", "until", "day"),
        "moves": Column("moves", "moves"),
    }
    there = {
        "what": True,
        "owner": any(step.owner for step in steps),
        "until": any(step.until is not None for step in steps),
        "moves": any(step.figure for step in steps),
    }
    return Table(frame, tuple(column for key, column in columns.items() if there[key]))


def step_json(step: NextStep) -> dict[str, Any]:
    """A step as plain values, null where nothing is said."""
    return {
        "what": step.what,
        "owner": step.owner or None,
        "until": None if step.until is None else iso(step.until),
        "moves": step.figure or None,
    }
