"""What was spent, from a file beside the shop: csv, tsv, parquet or xlsx, an amount a row or a column a channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.files.column_types import readable
from ltvtui.sources.files.headless import NO_HEADER_HINT
from ltvtui.sources.files.tables import Sheet, sheets_of
from ltvtui.sources.relation import listing
from ltvtui.sources.spend.columns import name_by_content, spend_columns
from ltvtui.sources.spend.table import IN_ONE, SEVERAL, booked, currencies_of
from ltvtui.sources.sqlite.file_version import Version, version_of
from ltvtui.sources.values import decoding, money
from ltvtui.storage.regular_file import refuse_irregular


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


def read_spend_file(
    path: Path, skip: int | None = None, header: bool = True, encoding: str | None = None
) -> SpendFile:
    """The spend in a file; what cannot be read is left out with a notice. `skip`: lines or rows above its header;
    without a `header` columns are detected by content. `encoding` is that of text, UTF-8 by default.

    LtvError: exit code 2 for a file of another kind, or without a day and an amount; 1 where it cannot be read, or
    is in several currencies, or is written to meanwhile.
    """
    refuse_irregular(path)
    before = _version(path)
    try:
        texts, left_out = _texts(path, skip, header, encoding)
    except LtvError as error:
        error.mend = _of_spend(error.mend)
        raise
    if before is not None and _version(path) != before:
        raise LtvError(f"{path.name} was changed while it was being read.", "Try again when it is complete.")
    if not header:
        texts, of_content = name_by_content(texts, path.name)
        left_out = (*left_out, *of_content)
    columns = tuple(CatalogColumn(name, "", sample=tuple(texts[name].head(5_000))) for name in texts.columns)
    found = spend_columns(CatalogTable(path.name, columns))
    if found is None:
        there = f"It has {listing(texts.columns)}." if texts.columns else "It is empty."
        raise LtvError(
            f"{path.name} has no clear date and amount of spend. {there}",
            "Name its columns date, channel and amount, or date and one column for each channel. "
            "If its header is below titles, give the number of rows above it: --spend-skip-rows N.",
            2,
        )
    currencies = currencies_of(texts[found.currency]) if found.currency else list(found.currencies)
    if len(currencies) > 1:
        raise LtvError(f"The spend in {path.name} {SEVERAL}: {listing(currencies)}.", IN_ONE)
    pairs: list[tuple[str | None, str]] = [(c.channel, c.column) for c in found.columns]
    pairs = pairs or [(None, found.amount or "")]
    marks = money.marks_of(text for _, column in pairs for text in texts[column].drop_nulls())
    comma, doubt = money.guess_decimal_mark(path.name, marks)
    copies = texts.hash_rows(seed=1).alias("copy")
    channels = texts[found.channel] if found.channel else pl.repeat(None, texts.height, dtype=pl.String, eager=True)
    rows = pl.concat(
        pl.DataFrame(
            [
                texts[found.date].alias("date"),
                *([texts[found.end].alias("end")] if found.end else []),
                (channels if name is None else pl.repeat(name, texts.height, eager=True)).alias("channel"),
                decoding.written_money(texts[column].alias("t"), comma).alias("amount"),
                texts[column].is_null().alias("blank"),
                copies,
            ]
        )
        for name, column in pairs
    )
    notices = [*map(_of_spend, left_out), *([doubt] if doubt else [])]
    spend = booked(rows, path.name, found.date, bool(found.columns), notices)
    return SpendFile(path, spend, currencies[0] if currencies else None, tuple(notices))


def _of_spend(text: str) -> str:
    """A message about a file, with the options of a spend file."""
    own = text.replace(NO_HEADER_HINT, "Use --spend-no-header: its columns are detected by content.")
    return own.replace("--skip-rows", "--spend-skip-rows").replace("--encoding", "--spend-encoding")


def _version(path: Path) -> Version | None:
    """The state that the file is in; None where it cannot be told, which whoever reads it says."""
    try:
        return version_of(path)
    except OSError:
        return None


def _texts(path: Path, skip: int | None, header: bool, encoding: str | None) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The file's cells as trimmed text, blank ones null; without blank rows. Of a workbook the first sheet.

    Beside it what was left out, a sentence each.
    """
    sheets = sheets_of(path, encoding, skip=skip, header=header)
    if not sheets:
        return pl.DataFrame(), ()
    raw = pl.concat([pl.DataFrame(schema=dict.fromkeys(sheets[0].columns, pl.String)), *_written(sheets[0])])
    trimmed = raw.select(pl.all().str.strip_chars())
    blank = trimmed.with_columns(pl.when(pl.all() != "").then(pl.all()))
    rows = blank.filter(pl.any_horizontal(pl.all().is_not_null())) if blank.width else blank
    return rows, sheets[0].notices


def _written(sheet: Sheet) -> Iterator[pl.DataFrame]:
    """Days as ISO text, and whole numbers as such: a workbook knows none."""
    for batch in sheet.batches():
        yield readable(batch, sheet.typed, sheet.whole).select(pl.all().cast(pl.String))
