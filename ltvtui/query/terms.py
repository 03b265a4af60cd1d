"""Reading the analyst's terms from text: the same words on screen, on the command line and in files."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import polars as pl

from ltvtui.analytics.entry import CHOICES, Choice
from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.rfm.rfm import RFM_HELP, RfmRule
from ltvtui.analytics.rules import ABC_HELP, XYZ_HELP
from ltvtui.analytics.schema import LONGEST_FORECAST
from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError

_MONTH: Final = re.compile(r"((?:19|20|21)[0-9]{2})(?:-(0[1-9]|1[0-2]))?")
_DOUBTFUL: Final = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
"""An amount of which the sign may part thousands, or decimals."""
_MOST_MONTHS: Final = 120
_EPOCH: Final = date(1970, 1, 1).toordinal()
_CLOSE: Final = 0.75
"""How alike a name has to be to what was written, 0..1, for it to be meant."""


def parse_horizon(text: str) -> int:
    """Months over which LTV is counted."""
    return int(_number(text, "horizon", 1, 120, whole=True, such_as="12"))


def parse_forecast_months(text: str) -> tuple[int, ...]:
    """Months to forecast, such as "3,6,12": each once, rising."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise LtvError(f"No months to forecast: {text!r}.", "Give some, such as 3,6,12.", 2)
    found = {int(_number(part, "number of months", 1, LONGEST_FORECAST, such_as="12", whole=True)) for part in parts}
    return tuple(sorted(found))


def parse_churn_gap(text: str) -> int:
    """Silent days with which a customer has left."""
    return int(_number(text, "churn gap", 1, 3650, whole=True, such_as="90"))


def parse_entry(text: str) -> Choice:
    """Whose LTV is counted: auto, all, proven, or the day (2026-01-31) from which on customers came."""
    word = text.strip().casefold()
    for choice in CHOICES:
        if word == choice:
            return choice
    try:
        return parse_day(text)
    except LtvError:
        what = f"Invalid entry: {text}."
        raise LtvError(what, "Enter auto, all, proven, or a day such as 2026-01-31.", 2) from None


def write_entry(choice: Choice) -> str:
    """The text that parse_entry reads."""
    return iso(choice) if isinstance(choice, int) else choice


def parse_margin(text: str) -> float:
    """Share of revenue that is kept; 40% and 0.4 are the same."""
    return _number(text, "margin", 0.0001, 1, such_as="0.4")


def parse_discount(text: str) -> float:
    """Annual discount rate; 10% and 0.1 are the same."""
    return _number(text, "discount", 0, 10, such_as="0.1")


def parse_target(text: str) -> float:
    """LTV:CAC that is wanted; 3 and 300% are the same."""
    return _number(text, "target ratio", 0.01, 1000, such_as="3")


def parse_payback_limit(text: str) -> int:
    """Months within which a customer has to bring back what they cost."""
    return int(_number(text, "payback limit", 1, 120, whole=True, such_as="12"))


def parse_months(text: str) -> list[int]:
    """First days of the months that are meant by 2026-03, 2026 or 2026-01..2026-06."""
    begin, _, end = (part.strip() for part in text.partition(".."))
    first, last = _month(begin, 1), _month(end or begin, 12)
    if first is not None and last is not None and 0 <= last - first < _MOST_MONTHS:
        return [date(month // 12, month % 12 + 1, 1).toordinal() - _EPOCH for month in range(first, last + 1)]
    raise LtvError(
        f"{text!r} is not a month.", f"Write 2026-03, 2026, or 2026-01..2026-06, {_MOST_MONTHS} months at most.", 2
    )


def parse_spend(text: str) -> float:
    """An amount that was spent, in currency units: 1 234.50, 1.234,50 and 1,234.50 are the same.

    What could be thousands or thousandths, such as 1,234, is refused (LtvError, exit code 2).
    """
    plain = "".join(text.split())
    if _DOUBTFUL.fullmatch(plain):
        whole, part = re.split("[.,]", plain)
        raise LtvError(
            f"{text!r} is ambiguous: its mark may separate thousands or decimals.",
            f"Write {whole}{part}, or {whole}.{part}0.",
            2,
        )
    decimal = max(plain.rfind("."), plain.rfind(","))
    thousands = plain[:decimal].replace(".", "").replace(",", "") if decimal >= 0 else plain
    if decimal >= 0 and plain.count(plain[decimal]) > 1:  # 1.234.567 has no decimals
        thousands, decimal = plain.replace(".", "").replace(",", ""), -1
    written = thousands + (f".{plain[decimal + 1 :]}" if decimal >= 0 else "")
    if written.endswith("%"):
        raise LtvError(f"{text!r} is not an amount.", "Enter the spend, such as 1250.50.", 2)
    return _number(written, "amount", 0, 1e12, such_as="1250.50")


def parse_aliases(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(name in the spend, channel) of each "fb=facebook"; of a name said twice the last."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, channel = (part.strip() for part in text.partition("="))
        if not (name and sign and channel):
            raise LtvError(f"Invalid alias: {text!r}.", 'Write it as "NAME IN THE SPEND=CHANNEL".', 2)
        found[name] = channel
    return tuple(found.items())


def parse_week_start(text: str) -> int:
    """The weekday on which weeks begin, 0 for Monday to 6 for Sunday; sunday, Sun and SUNDAY are the same."""
    word = text.strip().casefold()
    for number, day in enumerate(WEEKDAYS):
        if word in (day.casefold(), day[:3].casefold()):
            return number
    choices = ", ".join(day.lower() for day in WEEKDAYS)
    raise LtvError(f"Invalid week start: {text!r}.", f"Choose one of {choices}.", 2)


def parse_time_zone(text: str) -> str:
    """The IANA name of a time zone, such as Europe/Berlin. LtvError (exit code 2) names those that are meant."""
    name = text.strip()
    try:
        ZoneInfo(name)
        pl.Series([0], dtype=pl.Datetime("ms", "UTC")).dt.convert_time_zone(name)  # which has a list of its own
    except (OSError, LookupError, ValueError, pl.exceptions.PolarsError):
        pass
    else:
        return name
    zones = {zone.casefold(): zone for zone in available_timezones() if "/" in zone}
    places = {zone.rpartition("/")[2]: zone for zone in sorted(zones)}
    asked = name.casefold().replace(" ", "_")
    wanted = [asked] if asked in places else get_close_matches(asked, places, cutoff=_CLOSE)
    likely = [places[place] for place in wanted] or get_close_matches(asked, zones, cutoff=_CLOSE)
    close = ", ".join(zones[zone] for zone in likely)
    mend = f"Did you mean {close}?" if close else "Give an IANA name, such as Europe/Berlin or America/New_York."
    raise LtvError(f"There is no time zone {text!r}.", mend, 2)


def parse_rfm(text: str) -> RfmRule:
    """Cuts of RFM, such as "quantiles:20/40/60/80" or "R:30/60/90/180 F:1/2/3/5"; what is not given lies at the
    quantiles."""
    names = {"quantiles": "quantiles", "r": "recency", "f": "frequency", "m": "monetary"}
    given: dict[str, tuple[Fraction, ...]] = {}
    for part in text.replace(",", " ").split():
        name, _, cuts = part.partition(":")
        try:
            numbers = tuple(Fraction(cut) for cut in cuts.split("/"))
        except (ValueError, ZeroDivisionError):
            numbers = ()
        if not numbers or names.get(name.casefold(), "") in ("", *given):
            raise LtvError(f"Invalid RFM thresholds: {text!r}.", RFM_HELP, 2)
        given[names[name.casefold()]] = numbers
    if "quantiles" in given:
        given["quantiles"] = tuple(share / 100 for share in given["quantiles"])
    return RfmRule(**given)  # type: ignore[arg-type]


def parse_abc(text: str) -> tuple[float, float]:
    """Running shares of revenue up to which customers are A and B, such as "80/95"."""
    low, high = _two(text, f"Invalid ABC shares: {text!r}.", ABC_HELP)
    return round(low / 100, 9), round(high / 100, 9)


def parse_xyz(text: str) -> tuple[float, float] | None:
    """Coefficients of variation up to which customers are X and Y, such as "0.5/1"; None for "off"."""
    if text.strip().casefold() == "off":
        return None
    return _two(text, f"Invalid XYZ limits: {text!r}.", XYZ_HELP)


def _month(text: str, edge: int) -> int | None:
    """Months since the year 0 of 2026-03, or of the `edge` month of 2026; None for other text."""
    found = _MONTH.fullmatch(text)
    return None if found is None else 12 * int(found[1]) + int(found[2] or edge) - 1


def _two(text: str, what: str, mend: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in text.replace("%", "").split("/"))
    except ValueError as error:
        raise LtvError(what, mend, 2) from error
    if math.isnan(low) or math.isnan(high):
        raise LtvError(what, mend, 2)
    return low, high


def _number(text: str, name: str, low: float, high: float, *, such_as: str, whole: bool = False) -> float:
    raw = text.strip()
    try:
        value = float(raw[:-1]) / 100 if raw.endswith("%") else float(raw)
    except ValueError:
        value = math.nan
    if not low <= value <= high or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        mend = f"Give {kind} from {low:g} to {high:g}, such as {such_as}."
        raise LtvError(f"Invalid {name}: {text}.", mend, 2)
    return value


def parse_weights(texts: Iterable[str], criteria: Collection[str]) -> tuple[tuple[str, float], ...]:
    """(criterion, weight) of each of `texts`, such as value=2, with names of `criteria`.

    LtvError (exit code 2) for anything else.
    """
    found: dict[str, float] = {}
    for text in texts:
        name, _, number = text.partition("=")
        try:
            weight = float(number)
        except ValueError:
            weight = -1.0
        if name.strip() not in criteria or not 0 <= weight <= 100:
            mend = f"Write a criterion and a number from 0 to 100, such as value=2: {', '.join(criteria)}."
            raise LtvError(f"Invalid weight: {text!r}.", mend, 2)
        found[name.strip()] = weight
    return tuple(found.items())
