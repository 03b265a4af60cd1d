"""Fingerprints of whole rows: they part exact copies from lines of an order, and its states from one another."""

from __future__ import annotations

import polars as pl

from ltvtui.sources.detection.returns import states
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.relation import Relation
from ltvtui.sources.values import decoding
from ltvtui.sources.values.date_guess import guess_formats
from ltvtui.sources.values.dates import decode

_GUESS_BY = 1_000


class RowPrints:
    """What is asked of every row for them, and what is made of it."""

    def __init__(self, relation: Relation, mapping: Mapping) -> None:
        self.columns = {f"all_{place}": sql for place, sql in enumerate(relation.everything())}
        """SQL by name."""
        state_places = states(relation, mapping)
        self._same = [f"all_{place}" for place in range(len(self.columns)) if place not in state_places]
        self._formats: tuple[str, ...] | None = None
        if mapping.updated_at is not None:
            self.columns["all_changed"] = relation.expression(mapping.updated_at, "updated at")

    def of(self, raw: pl.DataFrame) -> list[pl.Series]:
        """copy, same (UInt64) and, where a time of the last change is mapped, changed (Int64) of a chunk of rows."""
        names = [name for name in self.columns if name != "all_changed"]
        found = [raw.select(names).hash_rows(seed=1).alias("copy")]
        if len(self._same) < len(names):
            found.append(raw.select(self._same).hash_rows(seed=1).alias("same"))
        if "all_changed" in self.columns:
            found.append(self._changed(raw["all_changed"]))
        return found

    def _changed(self, written: pl.Series) -> pl.Series:
        texts = decoding.text(written.cast(pl.Binary) if written.dtype == pl.Binary else written.cast(pl.String))
        if self._formats is None:
            self._formats = guess_formats(texts.head(_GUESS_BY).to_list()).formats
        moments = decode(texts, self._formats)
        return (moments["day"].cast(pl.Int64) * 86_400 + moments["second"]).alias("changed")
