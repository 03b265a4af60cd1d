"""A reduction ends soon after nobody wants it any more, and leaves nothing behind."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

import duckdb
import pytest

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.errors import Cancelled
from ltvtui.sources.duckdb.source import DuckdbSource
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.reduction.reduce import reduce_shop

MOST_SECONDS = 2.0


def test_a_long_query_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shop = tmp_path / "shop.duckdb"
    with duckdb.connect(shop) as connection:
        # no table holds that many rows: the view makes them when they are asked for, for minutes
        connection.execute(
            "CREATE VIEW orders AS SELECT i % 1000003 AS who, DATE '2024-01-01' + CAST(i % 900 AS INT) AS day,"
            " i / 7.0 AS amount FROM range(20000000000) t(i)"
        )
    ended: list[float] = []
    with DuckdbSource(shop).open(lambda: bool(ended)) as database:
        timer = threading.Timer(0.5, lambda: ended.append(time.monotonic()))
        with pytest.raises(Cancelled):
            reduce_shop(
                database,
                Mapping("orders", "who", "day", "amount"),
                CleaningPolicy(),
                lambda what, number, steps: timer.start() if number == 1 else None,
            )
        assert time.monotonic() - ended[0] < MOST_SECONDS
    assert not list(tmp_path.glob("ltvtui-scratch-*"))
