"""The rows of a budget as they are read by people, the verdict beside the name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from rich.cells import cell_len

from ltvtui.analytics.budget.budget import Budget
from ltvtui.analytics.budget.marginal import RECENT
from ltvtui.analytics.budget.rows import is_costly_at_the_margin
from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.present.columns import ALL_TIME, negative_is_bad
from ltvtui.present.numbers import amount, at_least, months_of
from ltvtui.present.segments import PARTIAL
from ltvtui.present.tables import Column, Paint, Table, Tone

NO_FIGURE: Final = "–"
"""In place of money that nothing is known of: it is not 0."""
ALL: Final = "all"
"""Names the row of all channels."""
PAID: Final = "paid"
"""Names the row of the channels that something was spent on."""
CAP: Final = "cap"
"""In place of a good verdict on the average where one more customer costs more than max CAC: do not pay more."""
SEE_PAID: Final = "see paid"
"""In place of a good verdict on all where those who came for nothing make it good."""
COSTLY: Final = "costly"
"""Column of the frame: rows with a verdict of these words."""
_BOUND: Final = 2
"""Rank of the ends of an interval, which have the unit of what stands before them."""
_INTEGERS_FROM: Final = 100_000
"""Spend from which on cents tell nothing."""


@dataclass(frozen=True, eq=False)
class BudgetRows(Table):
    """Every channel, then all of them; what is not known is said in words."""

    paybacks: tuple[str, ...] = ()
    """Of each row: it takes three figures to say one."""
    horizon: int = 12
    """Months over which LTV is counted."""

    def width_of(self, place: int) -> int:
        """Cells that the column needs: what is said in words counts too."""
        column = self.columns[place]
        longest = max((cell_len(row[0]) for row in self.cells(0, self.height, [place])), default=0)
        return min(max(cell_len(column.heading), longest), column.widest)

    def paints(self, start: int, stop: int, shown: Sequence[int]) -> list[tuple[Paint | None, ...]]:
        """A good verdict that is no reason to pay more is not painted as one."""
        found = super().paints(start, stop, shown)
        place = next((place for place, column in enumerate(shown) if self.columns[column].key == "verdict"), None)
        if place is None:
            return found
        for number, is_costly in enumerate(self.part(start, stop)[COSTLY]):
            if is_costly:
                row = [*found[number]]
                row[place] = Paint(tone="fair" if self.part(start, stop)["whole"][number] is False else None)
                found[number] = tuple(row)
        return found

    @property
    def in_files(self) -> tuple[Column, ...]:
        """How many months were seen of LTV and of the payback stand in columns of their own."""
        return (
            *self.columns,
            Column("within_months", "months of data", "count"),
            Column("payback_observed_to", "observed", "count"),
        )

    def write(self, row: int, place: int, value: object) -> str:
        """`value` of that row and column as text."""
        column = self.columns[place]
        match column.key:
            case "spend" | "cac" if value is None:
                return NO_FIGURE
            case "payback_months":
                return self.paybacks[row]
            case "ltv" if value is not None and self.frame[PARTIAL][row]:
                months = months_of(int(self.frame["within_months"][row]), self.horizon)
                return f"{at_least(column.write(value))} ({months})"
            case "verdict" if value is None:
                return ""
            case "verdict" if self.frame[COSTLY][row]:
                return SEE_PAID if self.frame["whole"][row] else CAP
        return super().write(row, place, value)


def budget_table(found: Budget, gross: bool, currency: str = "") -> BudgetRows:
    """Every channel in its order, then those that were paid for together, then all of them; both are told by the
    column whole. `gross`: LTV is revenue, not profit. `currency`: its sign, blank for none."""
    totals = [(ALL, found.blended)]
    if found.paid["spend"][0] is not None:
        totals.insert(0, (PAID, found.paid))
    sums = [rows.with_columns(pl.lit(name).alias("channel"), pl.lit(True).alias("whole")) for name, rows in totals]
    if found.terms.then is not None:
        sums = [rows.with_columns(pl.lit("").alias("segment")) for rows in sums]
    all_rows = pl.concat([found.rows.with_columns(pl.lit(False).alias("whole")), *sums], how="diagonal")
    all_rows = all_rows.with_columns(
        pl.col("verdict").cast(pl.String),
        (pl.col("verdict") == "few").fill_null(False).alias("few"),
        pl.when("whole")
        .then(pl.lit(is_good_by_free(found)) & (pl.col("channel") == ALL))
        .otherwise(is_costly_at_the_margin())
        .alias(COSTLY),
        ((pl.col("within_months") < found.worth.horizon) & pl.col("ltv").is_not_null()).alias(PARTIAL),
    )
    facts = all_rows.select("verdict", "cac", "payback_months", "payback_observed_to").iter_rows()
    paybacks = tuple(payback_words(*row) for row in facts)
    return BudgetRows(
        all_rows, _columns(found, gross, currency), few="few", paybacks=paybacks, horizon=found.worth.horizon
    )


def is_good_by_free(found: Budget) -> bool:
    """Whether all customers together cost little enough to pay more, while those that were paid for do not."""
    paid, together = found.paid["verdict"][0], found.blended["verdict"][0]
    return paid in ("reduce", "pause") and together == "scale"


def payback_words(verdict: str | None, cac: float | None, months: float | None, observed_to: int) -> str:
    """1.5 mo; by first order; > 8 mo where it was not reached in what was seen; blank where nothing can be said, or
    where there is no verdict as it would be advice."""
    if verdict is None:
        return ""
    if months is not None:
        return "by first order" if months == 0 else f"{amount(months, 1)} mo"
    return f"> {observed_to} mo" if cac is not None and observed_to else ""


_TONES: Final[dict[str, Tone]] = {
    "scale": "good",
    "hold": "fair",
    "reduce": "bad",
    "pause": "bad",
    "few": "quiet",
    "wait": "quiet",
    "no spend": "quiet",
}


def _verdict_tone(verdict: object) -> Tone | None:
    return _TONES.get(str(verdict))


def _columns(found: Budget, gross: bool, currency: str) -> tuple[Column, ...]:
    """Beside the names what they cost, what they bring within the horizon, and what one more costs."""
    terms, horizon = found.terms, found.worth.horizon
    cost = ALL_TIME if terms.since is None and terms.until is None else "in the period"
    worth_of, next_one = f"within {horizon} mo", f"last {RECENT} mo"
    worth = "Revenue" if gross else "Margin"
    spent = found.rows["spend"].append(found.blended["spend"]).abs().max()
    cents = 0 if isinstance(spent, float) and spent >= _INTEGERS_FROM else 2
    segment = (Column("segment", terms.then, help="Second dimension; spend is not split."),) if terms.then else ()
    verdict = (
        "scale: CAC up to the lower bound of max CAC; hold: within its interval; reduce: above; pause: above the "
        "upper bound of LTV; few: under 30 new customers; wait: less data than the horizon; no spend; "
        f"{CAP}: CAC is low enough, but one more customer costs more than max CAC; {SEE_PAID}: those without spend "
        "make the average good."
    )
    if found.hindsight or terms.then in HINDSIGHT or terms.dimension in HINDSIGHT:
        verdict = "None: these groups are based on past spend, so nobody can be acquired by them."
    within = f"the cumulative margin of {terms.payback_limit} months"
    most = f"The most a customer may cost: LTV ÷ {terms.target:g}, or {within}"
    payback = f"Months until {worth.lower()} covers the CAC."
    marginal = f"Cost of one more customer at the spend of the last {RECENT} months; blank: not enough data."

    def money(key: str, title: str, group: str, meaning: str, **more: Any) -> Column:
        unit = currency if more.get("rank") != _BOUND else ""
        return Column(key, title, "units", group, help=meaning, unit=unit, **more)

    return (
        Column("channel", terms.dimension or "channel", help="Channel that the customers came from."),
        *segment,
        Column("verdict", "verdict", help=verdict, tone=_verdict_tone, lettered=True),
        Column("new_customers", "new", "count", cost, help="New customers: first order in the period."),
        money("spend", "spend", cost, "Spend in the period; – is unknown, not 0.", decimals=cents),
        money("cac", "CAC", cost, "Average cost of a new customer: spend ÷ new customers. One more may cost more."),
        money("ltv", "LTV", worth_of, f"{worth} of a customer within {horizon} months.", faint=PARTIAL),
        Column("ltv_cac", "LTV:CAC", "ratio", worth_of, help="LTV ÷ CAC.", faint=PARTIAL, rank=1),
        Column("payback_months", "payback", "months", worth_of, help=payback, rank=1),
        money("max_cac", "max CAC", worth_of, f"{most}, if that is less."),
        money("max_cac_lower", "95 % from", worth_of, "Lower bound of the 95 % interval of max CAC.", rank=_BOUND),
        money("max_cac_upper", "to", worth_of, "Upper bound of the 95 % interval of max CAC.", rank=_BOUND),
        money(
            "headroom",
            "headroom",
            worth_of,
            "Max CAC minus CAC; below zero, too much is paid.",
            tone=negative_is_bad,
        ),
        money("marginal_cac", "marginal CAC", next_one, marginal, rank=1),
    )
