"""Small shops and large ones go through another engine of Polars: what is told is the same."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ltvtui.analytics.cohorts.cohorts import cohorts
from ltvtui.analytics.history import by_month
from ltvtui.analytics.kernel import engine
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.analytics.kernel.engine import MANY_ROWS, engine_for
from ltvtui.analytics.segments import profile
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]
SALES = [(f"c{i * 7 % 41}", i * 13 % 700, i * 31 % 97 + 1, {"channel": "abc"[i % 3]}) for i in range(400)]


def answers(dataset: Dataset) -> dict[str, pl.DataFrame]:
    """Of every question whose rows an engine groups."""
    part = Query() & Filter("channel", "a")
    found = {f"profile by {by}": dataset.ask(profile, Query(), by) for by in ((), ("tier",), ("channel",))}
    found |= {"months": dataset.ask(by_month, Query()), "months of a part": dataset.ask(by_month, part)}
    for bucket in BUCKETS:
        told = dataset.ask(cohorts, Query(), bucket, "channel")
        found |= {f"rows by {bucket}": told.rows, f"cells by {bucket}": told.cells}
    return found


def test_both_engines_tell_the_same(dataset_of: DatasetOf) -> None:
    small = answers(dataset_of(SALES))
    with patch.object(engine, "MANY_ROWS", 0):
        large = answers(dataset_of(SALES))
    for name, frame in small.items():
        assert_frame_equal(frame, large[name], rel_tol=1e-12)


@pytest.mark.parametrize(("rows", "name"), [(0, "in-memory"), (MANY_ROWS - 1, "in-memory"), (MANY_ROWS, "streaming")])
def test_many_rows_are_streamed(rows: int, name: str) -> None:
    assert engine_for(rows) == name
