"""What was spent, from a file beside the shop: csv, tsv, parquet or xlsx, an amount a row or a column a channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources import cells
from ltvtui.sources.catalog import Column, Table
from ltvtui.sources.relation import listing
from ltvtui.sources.spend import IN_ONE, SEVERAL, booked, currencies_of
from ltvtui.sources.spend_columns import spend_columns

_SEPARATORS: Final = ",;\t|"


@dataclass(frozen=True, eq=False)
class SpendFile:
    """What a file of spend holds."""

    path: Path
    rows: pl.DataFrame
    """schema.SPEND."""
    currency: str | None
    """As the file says, upper case; None where it does not."""
    notices: tuple[str, ...]

    def check_currency(self, shop: str | None) -> None:
        """LtvError (exit code 1) where the file is in another currency than the shop."""
        if self.currency is not None and shop is not None and self.currency != shop.strip().upper():
            raise LtvError(f"The spend in {self.path.name} is in {self.currency}, the shop in {shop}.", IN_ONE)


def read_spend_file(path: Path) -> SpendFile:
    """The spend in a file; what cannot be read is left out with a notice.

    LtvError: exit code 2 for a file of another kind, or without a day and an amount; 1 where it cannot be read, or
    is in several currencies.
    """
    texts = _texts(path)
    columns = tuple(Column(name, "", sample=tuple(texts[name].head(5_000))) for name in texts.columns)
    found = spend_columns(Table(path.name, columns))
    if found is None:
        there = f"It has {listing(texts.columns)}." if texts.columns else "It is empty."
        raise LtvError(
            f"{path.name} does not tell what was spent when. {there}",
            "Name its columns date, channel and amount, or date and one for each channel, with numbers below.",
            2,
        )
    currencies = currencies_of(texts[found.currency]) if found.currency else []
    if len(currencies) > 1:
        raise LtvError(f"The spend in {path.name} {SEVERAL}: {listing(currencies)}.", IN_ONE)
    pairs: list[tuple[str | None, str]] = [(c.channel, c.column) for c in found.columns]
    pairs = pairs or [(None, found.amount or "")]
    comma = cells.uses_decimal_comma([text for _, column in pairs for text in texts[column].drop_nulls()])
    copies = texts.hash_rows(seed=1).alias("copy")
    channels = texts[found.channel] if found.channel else pl.repeat(None, texts.height, dtype=pl.String, eager=True)
    rows = pl.concat(
        pl.DataFrame(
            [
                texts[found.date].alias("date"),
                (channels if name is None else pl.repeat(name, texts.height, eager=True)).alias("channel"),
                cells.written_money(texts[column].alias("t"), comma).alias("amount"),
                texts[column].is_null().alias("blank"),
                copies,
            ]
        )
        for name, column in pairs
    )
    notices: list[str] = []
    spend = booked(rows, path.name, found.date, bool(found.columns), notices)
    return SpendFile(path, spend, currencies[0] if currencies else None, tuple(notices))


def _texts(path: Path) -> pl.DataFrame:
    """The file's cells as trimmed text, blank ones null; rows without any are left out."""
    readers: dict[str, Callable[[Path], pl.DataFrame]] = {
        ".csv": _separated,
        ".txt": _separated,
        ".tsv": _separated,
        ".parquet": pl.read_parquet,
        ".xlsx": _workbook,
    }
    read = readers.get(path.suffix.lower())
    if read is None:
        raise LtvError(
            f"{path.name} is no kind of file that spend is read from.", "Give csv, tsv, parquet or xlsx.", 2
        )
    try:
        raw = read(path)
    except pl.exceptions.NoDataError:
        return pl.DataFrame()
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        why = " ".join(str(error).split())[:120]
        raise LtvError(f"{path.name} cannot be read: {why}.", "Save it anew as csv, in UTF-8.") from error
    trimmed = raw.select(pl.all().cast(pl.String).str.strip_chars())
    blank = trimmed.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return blank.filter(pl.any_horizontal(pl.all().is_not_null())) if blank.width else blank


def _workbook(path: Path) -> pl.DataFrame:
    """The first sheet."""
    import fastexcel

    try:
        return pl.read_excel(path, infer_schema_length=None)
    except fastexcel.FastExcelError as error:
        raise ValueError(str(error).partition("\n")[0]) from error


def _separated(path: Path) -> pl.DataFrame:
    with path.open("rb") as file:
        head = file.readline().decode("utf-8", "replace")
    separator = max(_SEPARATORS, key=head.count)
    return pl.read_csv(path, separator=separator, infer_schema=False, encoding="utf8-lossy")
