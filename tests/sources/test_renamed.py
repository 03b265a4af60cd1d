"""What a shop's columns are called, and in which order they stand, changes no figure."""

from __future__ import annotations

import csv
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from ltvtui.sources.detection import vocabulary
from ltvtui.sources.detection.detect import propose
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.read import read
from ltvtui.sources.sqlite.database import SqliteDatabase

LUCK = random.Random(5)
ROWS = [
    (
        n,
        LUCK.randrange(1, 40),
        f"2024-{LUCK.randrange(1, 13):02}-{LUCK.randrange(1, 29):02}",
        LUCK.randrange(500, 9000) / 100,
    )
    for n in range(1, 201)
]
FIGURES = (200, len({who for _, who, _, _ in ROWS}), sum(round(amount * 10_000) for *_, amount in ROWS))


def _languages() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    path = Path(vocabulary.__file__).with_name("languages.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["language"], {})[row["concept"]] = row["words"].split()
    needed = {"customer", "order", "number", "date", "amount"}
    return {language: concepts for language, concepts in found.items() if needed <= concepts.keys()}


LANGUAGES = _languages()


@st.composite
def names(draw: st.DrawFn) -> tuple[str, ...]:
    """Order id, customer, date and amount in the words of one language, joined or not, with diacritics or not."""
    told = LANGUAGES[draw(st.sampled_from(sorted(LANGUAGES)))]
    pick = {
        concept: draw(st.sampled_from(told[concept])) for concept in ("customer", "order", "number", "date", "amount")
    }
    joint = draw(st.sampled_from(["_", " ", "-"]))
    customer = pick["customer"] + draw(st.sampled_from(["", f"{joint}{pick['number']}", f"{joint}id"]))
    order = draw(
        st.sampled_from([f"{pick['order']}{joint}{pick['number']}", f"{pick['number']}{joint}{pick['order']}"])
    )
    date = draw(st.sampled_from([pick["date"], f"{pick['order']}{joint}{pick['date']}"]))
    change = draw(st.sampled_from([str, str.upper, str.capitalize, vocabulary.fold]))
    return tuple(change(name) for name in (order, customer, date, pick["amount"]))


def figures(columns: list[str], rows: list[tuple[object, ...]], keyed: str) -> tuple[int, int, int]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shop.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            described = ", ".join(f'"{c}"' + " INTEGER PRIMARY KEY" * (c == keyed) for c in columns)
            connection.execute(f"CREATE TABLE t ({described})")
            connection.executemany(f"INSERT INTO t VALUES ({','.join('?' * len(columns))})", rows)
            connection.commit()
        with SqliteDatabase.open(path) as database:
            found = read(database, propose(database, Overrides()).demand()).rows
    return (
        found["order_id"].n_unique(),
        found["customer_id"].n_unique(),
        int(found.select(pl.col("amount").sum()).item()),
    )


@settings(max_examples=examples(60), deadline=None)
@given(names(), st.permutations(range(6)), st.randoms(use_true_random=False))
def test_other_words_another_order_empty_columns_and_shuffled_rows(
    called: tuple[str, ...], places: list[int], luck: random.Random
) -> None:
    columns = [*called, "spare", "transaction_id"]
    rows: list[tuple[object, ...]] = [(*row, None, "") for row in ROWS]
    luck.shuffle(rows)
    moved = [tuple(row[place] for place in places) for row in rows]
    assert figures([columns[place] for place in places], moved, called[0]) == FIGURES
