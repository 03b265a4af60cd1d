"""Rows of totals below a table: they are no rows of it.

What decides is what the rows above hold: a totals row leaves a column blank that they all fill, or its figure is the
sum of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources.files.heading import is_figure
from ltvtui.sources.values import decoding

MOST: Final = 5
"""Rows of totals below a table at most."""

_WORDS: Final = (
    r"(?:(?:grand|sub|overall|report)[\s-]?)?(?:total|sum)(?:s|e|es|t)?(?:\s+(?:general|général|amount|revenue))?",
    r"gesamt(?:summe|betrag)?|(?:zwischen)?summe|insgesamt|somme|suma|razem|totaal|totaux|soma|toplam|celkem",
    r"yhteensä|i alt|всего|(?:общий )?итого?|разом|усього|合計|总计|總計|합계",
)
_WORD: Final = re.compile(
    rf"(?:{'|'.join(_WORDS)})(?:\s?:\s?[^\W\d_][\w ]{{1,30}}|(?:[\s:.=]|\(.*\)|\b\d[\d\s.,]*)*)", re.IGNORECASE
)
"""A word for totals, and what may follow it: `Total (40 rows):`, `Total: Account`."""
_LONGEST_WORD: Final = 60
_CODE: Final = re.compile(r"[A-Z]{3}|[$€£¥₽]")
"""A currency."""
_CENT: Final = 100
"""Ten-thousandths by which a sum may be rounded."""
_NEAR: Final = 0.02
"""Share of the sum within which a figure beside the word is suspicious."""
_FEW: Final = 5
"""Rows above from which on an equal sum, or one nearly so, is more than chance."""


@dataclass(frozen=True)
class Last:
    """One of the last rows of a table, which may be of totals."""

    where: str
    """Such as "line 42"."""
    cells: tuple[str, ...]
    """As many as the table has columns, "" where it is blank."""


def may_be_totals(row: Sequence[str], width: int, below: bool = False) -> bool:
    """Whether the last row of a table of `width` columns is worth a look at those above it.

    `below`: a row below it is; then a word and a figure are enough.
    """
    filled = [cell for cell in row if cell.strip()]
    if any(map(_is_word, filled)):
        return True
    enough = any if below else all
    return bool(filled) and 2 * len(filled) <= width and enough(map(is_figure, filled))


def totals_below(name: str, batches: Iterable[pl.DataFrame], last: Sequence[Last]) -> int:
    """How many of the `last` rows of the file `name` are totals, for certain; `batches` hold all rows, blank or not.

    LtvError (exit code 1) where one is likely to be, and could be read as a row.
    """
    body = _Body(last)
    for batch in _without_last(_unblanked(batches), len(last)):
        body.add(batch)
    count = 0
    for back, row in enumerate(reversed(last), 1):
        if body.decides(name, row):
            count = back
        elif not body.lacks(row):  # as a tax does, between its subtotal and the total
            break
    return count


def first_rows(batches: Iterable[pl.DataFrame], count: int) -> Iterator[pl.DataFrame]:
    """All rows that are not blank but the last `count`."""
    return _without_last(_unblanked(batches), count)


def totals_notices(name: str, last: Sequence[Last], count: int) -> list[str]:
    """A notice for each of the `count` last rows that are left out of the file `name`."""
    return [f"In {name} {row.where} has totals: it is left out." for row in last[len(last) - count :]]


def _unblanked(batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    for batch in batches:
        texts = [pl.col(name) for name, dtype in batch.schema.items() if dtype == pl.String]
        others = [pl.col(name) for name, dtype in batch.schema.items() if dtype != pl.String]
        filled = [column.is_not_null() & (column != "") for column in texts]
        yield batch.filter(pl.any_horizontal(*filled, *(column.is_not_null() for column in others)))


def _without_last(batches: Iterable[pl.DataFrame], count: int) -> Iterator[pl.DataFrame]:
    last: pl.DataFrame | None = None
    for batch in batches:
        joined = batch if last is None else pl.concat([last, batch], how="vertical_relaxed")
        last = joined.tail(count)
        yield joined.head(max(joined.height - count, 0))


@dataclass
class _Body:
    """What the rows above hold."""

    last: Sequence[Last]
    rows: int = 0
    blank: dict[int, int] = field(default_factory=dict)
    """Rows by column that leave it blank."""
    sums: dict[int, float] = field(default_factory=dict)
    """In ten-thousandths, of the columns in which a row of totals has a figure."""
    comma: bool | None = None

    def add(self, batch: pl.DataFrame) -> None:
        if batch.is_empty():
            return
        self.rows += batch.height
        for place, column in enumerate(batch.get_columns()):
            texts = column.cast(pl.String)
            self.blank[place] = self.blank.get(place, 0) + int((texts.fill_null("") == "").sum())
            if any(is_figure(row.cells[place]) for row in self.last):
                found = decoding.written_money(texts.alias("t"), self._has_comma(texts))
                self.sums[place] = self.sums.get(place, 0.0) + float(found.cast(pl.Float64).sum())

    def _has_comma(self, texts: pl.Series) -> bool:
        if self.comma is None:
            figures = [cell for row in self.last for cell in row.cells if is_figure(cell)]
            self.comma = decoding.uses_decimal_comma([*texts.drop_nulls().head(1_000), *figures])
        return self.comma

    def lacks(self, row: Last) -> bool:
        """Whether it leaves a column blank that all rows fill."""
        return any(count == 0 and not row.cells[place].strip() for place, count in self.blank.items())

    def decides(self, name: str, row: Last) -> bool:
        """Whether the row is of totals; LtvError where that is likely and not certain."""
        filled = {place: cell for place, cell in enumerate(row.cells) if cell.strip()}
        word = any(map(_is_word, filled.values()))
        figures = {place: amount for place, cell in filled.items() if (amount := self._amount(cell)) is not None}
        bare = all(
            place in figures or _is_word(cell) or _CODE.fullmatch(cell.strip()) for place, cell in filled.items()
        )
        lacks = self.lacks(row)
        off = [abs(amount - self.sums[place]) for place, amount in figures.items() if self.sums.get(place)]
        scale = max((abs(self.sums[place]) for place in figures if self.sums.get(place)), default=0.0)
        equal = self.rows > 1 and any(difference <= max(_CENT, scale * 1e-9) for difference in off)
        if word and (equal or (bare and lacks)):
            return True
        if bare and lacks and equal and self.rows >= _FEW:
            return True
        near = any(difference <= scale * _NEAR for difference in off)
        if word and near and self.rows >= _FEW:
            raise LtvError(
                f"{name} cannot be read: {row.where} may be a row of totals or a row of the table.",
                "Delete that row if it has totals; otherwise change its name.",
            )
        return False

    def _amount(self, cell: str) -> float | None:
        found = decoding.written_money(pl.Series("t", [cell.strip()], pl.String), bool(self.comma))[0]
        return None if found is None else float(found)


def _is_word(cell: str) -> bool:
    return len(cell) < _LONGEST_WORD and _WORD.fullmatch(cell.strip()) is not None
