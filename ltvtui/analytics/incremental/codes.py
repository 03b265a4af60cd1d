"""Customer codes of a shop with further customers: dense and in the order of the ids, as index_orders gives them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl


@dataclass(frozen=True, eq=False)
class Codes:
    """Where the customers of a shop, and those of further orders, stand among all."""

    ids: pl.Series
    """String; the id of each code, rising."""
    new_codes: pl.Series | None
    """UInt32, the new code of each code of the shop; None: old codes do not change, and new ones follow."""
    further: pl.Series
    """UInt32, the new code of each code of the further orders."""
    new: pl.Series
    """Boolean, by code of the further orders: not a customer before."""

    @property
    def height(self) -> int:
        """How many codes there are."""
        return self.ids.len()

    def moved(self, codes: pl.Series) -> pl.Series:
        """`codes` of the shop as new ones."""
        return codes if self.new_codes is None else self.new_codes.gather(codes).alias(codes.name)

    def spread(self, values: pl.Series, further: pl.Series) -> pl.Series:
        """`values` by code of the shop, in the order of the new codes; new ones have the values of `further`."""
        both = pl.concat([values, further], rechunk=True)
        return both if self.new_codes is None else both.gather(self._order)

    def arranged(self, frame: pl.DataFrame, further: pl.DataFrame) -> pl.DataFrame:
        """The same for all columns of a frame."""
        both = pl.concat([frame, further], rechunk=True)
        return both if self.new_codes is None else both[self._order]

    @property
    def _order(self) -> pl.Series:
        """UInt32, by new code: its place in the shop's codes followed by the new ones."""
        assert self.new_codes is not None
        places = pl.concat([self.new_codes, self.further.filter(self.new)])
        rows = pl.int_range(places.len(), dtype=pl.UInt32, eager=True)
        return pl.zeros(places.len(), dtype=pl.UInt32, eager=True).scatter(places, rows)


def codes_of(ids: pl.Series, further: pl.Series) -> Codes | None:
    """The codes of `ids` (String, rising as numbers or as text) and of `further` (String, distinct) together.

    None where the ids were numbers and are no longer: then all stand in another order.
    """
    keys, more = _numbers(ids), _numbers(further)
    if keys is None or not bool((keys.diff().drop_nulls() > 0).all()):
        keys, more = ids, further
    elif more is None:
        return None
    height = keys.len()
    before = keys.search_sorted(more)
    there = keys.gather(before.clip(upper_bound=height - 1)) == more
    unknown = more.filter(~there).sort()
    code = (before + unknown.search_sorted(more)).cast(pl.UInt32).alias("code")
    behind = bool((keys.search_sorted(unknown) == height).all()) and code.filter(~there).is_sorted()
    codes = Codes(ids, None if behind else _shifted(keys, unknown), code, ~there)
    return replace(codes, ids=codes.spread(ids, further.filter(~there)))


def _shifted(keys: pl.Series, unknown: pl.Series) -> pl.Series:
    """UInt32, the new code of each of `keys` once `unknown` stand among them; both rise."""
    ahead = keys.search_sorted(unknown).alias("place").value_counts(name="new").filter(pl.col("place") < keys.len())
    steps = pl.zeros(keys.len(), dtype=pl.UInt32, eager=True).scatter(ahead["place"], ahead["new"])
    return pl.int_range(keys.len(), dtype=pl.UInt32, eager=True) + steps.cum_sum()


def _numbers(ids: pl.Series) -> pl.Series | None:
    """The ids as Int64, where all are whole numbers from 0, written as one does."""
    if ids.is_empty() or not ids[0].isdecimal():
        return None
    numbers = ids.cast(pl.Int64, strict=False)
    if numbers.has_nulls() or (numbers < 0).any():
        return None
    # None is written with more digits than it has, if all together are not.
    digits = numbers.len() + sum(int((numbers >= 10**power).sum()) for power in range(1, 19))
    return numbers if ids.str.len_bytes().sum() == digits else None
