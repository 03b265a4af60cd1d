"""Amounts written as text, in the manners of many countries.

Most texts tell by themselves which mark stands before the cents: "1,648.00", "12,5", "1.234.567". What does not,
such as "1,234", is understood as the others of its column are; where none of them decides, it is not understood.
The patterns are read by Polars, for whole columns, and by Python, for single values: both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from ltvtui.sources.values import amount_patterns as patterns
from ltvtui.sources.values.nothing import is_nothing

MONEY_LIMIT: Final = 900_000_000_000_000
"""Largest amount that is believed, in currency units; ten-thousandths of it still fit into Int64."""

NUMBER: Final = "ltvtui_number"
"""What `number_in_sql` is called in SQL."""
_LONGEST: Final = 40
"""Characters; a longer text is no amount, and may be one that takes an expression long to refuse."""
_AS_HERE: Final = str.maketrans(patterns.DIGITS)
_WITH_POINT: Final = re.compile(
    r"(?i:[£¥₹₩₪]|\$|USD|GBP|INR|AUD|CAD|NZD|HKD|SGD|JPY|CNY|ILS|THB|CHF|KRW|\bRs|¥|円|圓|元|원|บาท)"
)
_WITH_COMMA: Final = re.compile(
    r"(?i:R\$|₽|₴|zł|\bkr|Kč|PLN|DKK|SEK|NOK|RUB|UAH|CZK|BRL|TRY|₺|руб|грн|\bRp|IDR|₫|VND|CLP|COP|ARS|ISK|Ft\b|HUF|đ|\blei\b|RON|дин|RSD|ден\b|MKD)"
)
"""Currencies whose countries put this mark before the cents."""


@dataclass(frozen=True)
class Marks:
    """What the amounts of a column tell of the mark before their cents."""

    point: bool = False
    """Some can only be read with a point before the cents, or commas between thousands."""
    comma: bool = False
    """Some can only be read the other way."""
    doubtful: str | None = None
    """The first that can be read both ways, as it is written."""
    usual: bool | None = None
    """Whether their currency goes with a comma; None where it says nothing, or such grouping would be odd."""

    @property
    def decimal_comma(self) -> bool | None:
        """Whether a comma stands before the cents; None where nothing decides."""
        return self.comma if self.point != self.comma else self.usual if not self.point else None

    @property
    def in_doubt(self) -> bool:
        """Whether there is something to decide, and nothing that does."""
        return self.doubtful is not None and self.decimal_comma is None


def joined(parts: Iterable[Marks]) -> Marks:
    """What several columns tell together."""
    listed = list(parts)
    first = next((marks for marks in listed if marks.doubtful is not None), Marks())
    return Marks(any(m.point for m in listed), any(m.comma for m in listed), first.doubtful, first.usual)


def guess_decimal_mark(title: str, marks: Marks) -> tuple[bool, str | None]:
    """Whether a comma is the decimal mark where that has to be guessed, and a notice of the guess.

    Sums of three decimals are rare, so that a mark that nothing decides is read as that of thousands.
    """
    if not marks.in_doubt or marks.doubtful is None:
        return marks.decimal_comma is True, None
    comma = "." in marks.doubtful
    read = number(marks.doubtful, comma)
    notice = f"Amounts of {title} do not show which mark is the decimal mark: {marks.doubtful} is read as {read:.2f}."
    return comma, notice


def marks_of(sample: Iterable[object]) -> Marks:
    """What the texts among `sample` tell; other values tell nothing."""
    point = comma = False
    doubtful: list[tuple[str, str]] = []
    for value in sample:
        if not isinstance(value, str) or not ("," in value or "." in value):
            continue
        body = _body(value)
        if body is None:
            continue
        if re.match(patterns.OPEN, body[1]):
            doubtful.append((value.strip(), body[1]))
        elif re.match(patterns.POINT, body[1]):
            point = True
        elif re.match(patterns.COMMA, body[1]):
            comma = True
    if not doubtful:
        return Marks(point, comma)
    return Marks(point, comma, doubtful[0][0], _usual(doubtful))


def _usual(doubtful: list[tuple[str, str]]) -> bool | None:
    """Whether the currency of all these amounts goes with a comma, where they then stand in thousands."""
    if all("," in body and _WITH_POINT.search(text) and not _WITH_COMMA.search(text) for text, body in doubtful):
        return False
    if all("." in body and _WITH_COMMA.search(text) for text, body in doubtful):
        return True
    return None


def uses_decimal_comma(sample: Iterable[object]) -> bool:
    """Whether the amounts written as text put a comma before the cents: some do, and none uses a point so."""
    return marks_of(sample).decimal_comma is True


@lru_cache(maxsize=65_536)
def is_money(text: str) -> bool:
    """Whether it is an amount as `written_money` reads it, whatever its marks mean."""
    if len(text) > _LONGEST:
        return False
    if re.match(patterns.SCIENTIFIC, text.strip()):
        return True
    found = _body(text)
    marks = (patterns.OPEN, patterns.PLAIN, patterns.POINT, patterns.COMMA)
    return found is not None and any(re.match(mark, found[1]) for mark in marks)


@lru_cache(maxsize=65_536)
def number(text: str, decimal_comma: bool | None) -> float | None:
    """The number that a text is, as of `written_money`; None where it is none."""
    if re.match(patterns.SCIENTIFIC, text.strip()):
        return float(text)
    found = _body(text)
    if found is None:
        return None
    negative, body = found
    if re.match(patterns.OPEN, body):
        comma = decimal_comma
    elif re.match(patterns.PLAIN, body) or re.match(patterns.POINT, body):
        comma = False
    else:
        comma = True if re.match(patterns.COMMA, body) else None
    if comma is None:
        return None
    digits = body.replace(".", "").replace(",", ".") if comma else body.replace(",", "")
    value = float(digits)
    return -value if negative else value


def number_in_sql(text: bytes | str | None, decimal_comma: int | None) -> float | None:
    """The same, as SQLite asks for it under the name NUMBER; of "12.5 %" it is 12.5."""
    written = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if written is None:
        return None
    return number(without_percent(written), None if decimal_comma is None else bool(decimal_comma))


def without_percent(text: str) -> str:
    """A text without the sign of a share that it may end with."""
    return text.strip().removesuffix("%")


def _body(text: str) -> tuple[bool, str] | None:
    """Whether it is below zero, and its digits and marks; what blanks part tells its mark as "1234,567" does."""
    tidy = re.sub(patterns.INVISIBLE, "", text.translate(_AS_HERE))
    tidy = re.sub(patterns.APOSTROPHES, "'", re.sub(patterns.DASHES, "-", re.sub(patterns.BLANKS, " ", tidy))).strip()
    tidy = re.sub(patterns.NO_CENTS, r"\g<1>00\2", re.sub(patterns.BARE, r"\1", tidy))
    match = re.match(patterns.WRITTEN, tidy)
    if match is None:
        return None
    opened, closed = match["open"] or match["open2"], match["close"] or match["close2"]
    signs = [match[name] for name in patterns.SIGNS if match[name]]
    if bool(opened) != bool(closed) or len(signs) > 1:
        return None
    body = match["n"].strip()
    if re.match(patterns.SPACED, body):
        body = "0" + body.replace(" ", "").replace("'", "")
    elif " " in body or "'" in body:
        return None
    return bool(opened) or "-" in signs, body


def with_usual_digits(texts: pl.Series) -> pl.Series:
    """Texts with the digits and marks of other scripts as 0 to 9, point and apostrophe."""
    if not texts.str.contains(patterns.OTHER_DIGITS).any():
        return texts
    return texts.str.replace_many(list(patterns.DIGITS), list(patterns.DIGITS.values()))


def written_number(texts: pl.Series, decimal_comma: bool | None) -> pl.Series:
    """Float64 of written numbers, null where a text is none or says too little."""
    c = pl.col("t")
    tidy = (
        c.str.replace_all(patterns.INVISIBLE, "")
        .str.replace_all(patterns.BLANKS, " ")
        .str.replace_all(patterns.DASHES, "-")
        .str.replace_all(patterns.APOSTROPHES, "'")
        .str.strip_chars()
        .str.replace(patterns.BARE, "${1}")
        .str.replace(patterns.NO_CENTS, "${1}00${2}")
    )
    frame = with_usual_digits(texts).alias("t").to_frame().with_columns(tidy.alias("tidy"))
    frame = frame.with_columns(pl.col("tidy").str.extract_groups(patterns.WRITTEN).alias("p")).unnest("p")
    opened = pl.col("open").is_not_null() | pl.col("open2").is_not_null()
    closed = pl.col("close").is_not_null() | pl.col("close2").is_not_null()
    negative = opened | pl.any_horizontal((pl.col(sign) == "-").fill_null(False) for sign in patterns.SIGNS)
    signs = pl.sum_horizontal(pl.col(sign).is_not_null() for sign in patterns.SIGNS)
    spaced = pl.col("n").str.strip_chars()
    body = (
        pl.when((opened != closed) | (signs > 1))
        .then(None)
        .when(spaced.str.contains(patterns.SPACED))
        .then(pl.lit("0") + spaced.str.replace_all("[ ']", ""))
        .when(~spaced.str.contains("[ ']"))
        .then(spaced)
    )
    frame = frame.select("tidy", negative.alias("negative"), body.alias("body"))
    b = pl.col("body")
    comma = (
        pl.when(b.str.contains(patterns.OPEN))
        .then(pl.lit(decimal_comma, pl.Boolean))
        .when(b.str.contains(f"{patterns.PLAIN}|{patterns.POINT}"))
        .then(False)
        .when(b.str.contains(patterns.COMMA))
        .then(True)
    )
    digits = (
        pl.when(comma)
        .then(b.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .when(~comma)
        .then(b.str.replace_all(",", "", literal=True))
    )
    as_number = pl.col("tidy").cast(pl.Float64, strict=False)
    scientific = pl.when(pl.col("tidy").str.contains(patterns.SCIENTIFIC)).then(as_number)
    value = digits.cast(pl.Float64, strict=False)
    signed = pl.when("negative").then(-value).otherwise(value)
    return frame.select(pl.coalesce(scientific, signed).alias(texts.name)).to_series()


def written_money(texts: pl.Series, decimal_comma: bool | None) -> pl.Series:
    """Int64 ten-thousandths of written amounts: "12.50", "1,234.56", "$12", "(5.00)", "12,50 €", "5-", "1'234.50".

    `decimal_comma` says how to read one such as "1,234": None leaves it null.
    """
    value = pl.col(texts.name)
    scaled = pl.when(value.abs() <= MONEY_LIMIT).then((value * 10_000).round(0).cast(pl.Int64, strict=False))
    return written_number(texts, decimal_comma).to_frame().select(scaled.alias(texts.name)).to_series()


def money_share(sample: Iterable[object]) -> float:
    """Share of the values present that are numbers, or texts that are amounts; words for nothing are not present."""
    present = [v for v in sample if v is not None and not (isinstance(v, str) and is_nothing(v))]
    if not present:
        return 0.0
    return sum(isinstance(v, int | float) or (isinstance(v, str) and is_money(v)) for v in present) / len(present)
