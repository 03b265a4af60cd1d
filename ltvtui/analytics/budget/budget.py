"""What may be paid for a customer: CAC, LTV:CAC, payback and the largest CAC, by channel (metrics.md §11).

An average CAC is not what one more customer costs: the next one may be dearer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from ltvtui.analytics.budget.acquisition import Acquisition, acquisition_of
from ltvtui.analytics.budget.costs import Costs, costs
from ltvtui.analytics.budget.marginal import Marginal
from ltvtui.analytics.budget.rows import Curves, curves_of, rows_of
from ltvtui.analytics.budget.spend import Spend, channel_dimension, no_spend
from ltvtui.analytics.budget.terms import BudgetTerms, Worth, days_of, followed, left_out, worth_of
from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.analytics.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Budget:
    """The answer, under `terms`."""

    terms: BudgetTerms
    """Their dimension is the one that tells channels apart; None where the shop has none: all customers are of
    unknown channel."""
    worth: Worth
    rows: pl.DataFrame
    """channel (String, null unknown), where there is a second cut segment, then FIGURES: every channel with new
    customers or spend in the period, by the lower bound of LTV - CAC, the highest first and the unknown last;
    periods in their own order. A segment's CAC is that of its channel, and its spend is not known."""
    paid: pl.DataFrame
    """The same of the channels that something was spent on, in one row; its channel is null."""
    blended: pl.DataFrame
    """The same of all new customers and all spend of the period, in one row, with free_share (Float64): the share
    of customers whose channel nothing was spent on."""
    curves: pl.DataFrame
    """channel, where there is a second cut segment, month (Int32), margin (currency units): M_k, what a customer
    brings up to and with age month k, as far as it was seen."""
    paid_curve: pl.DataFrame
    """month, margin: the same of the channels that something was spent on."""
    blended_curve: pl.DataFrame
    """month, margin: the same of all new customers."""
    marginals: tuple[Marginal, ...]
    """What one more customer costs, of each channel that something was spent on, in the order of their names."""
    period: tuple[int, int]
    """The first and the last day of acquisition and spend that count, since 1970-01-01."""
    left_out: int
    """Customers of the asked period on whose day no spend is known: they count nowhere."""
    hindsight: bool
    """Whose customers these are is told by what they did later: no advice follows from it."""

    spend_without_customers: pl.DataFrame
    """channel (as the spend names it; null: not booked by channel), amount (currency units): in no row of `rows`."""
    customers_without_spend: pl.DataFrame
    """channel, customers: new in the period, and nothing is booked for them."""
    seldom: pl.DataFrame
    """channel (as the spend names it), months, of: channels whose spend is booked in fewer than half of the months
    between the first and the last new customer of the period; the other months count as if nothing was spent."""
    outside: float
    """Spend booked outside of the period, currency units: it counts nowhere."""
    too_coarse: str = ""
    """How spend is booked, where that is by longer periods than the rows stand for: their CAC is that of no period,
    and they have no verdict. Blank where it is not."""

    @property
    def why_not_marginal(self) -> tuple[tuple[str, str], ...]:
        """(channel, why): channels without a marginal CAC."""
        return tuple((marginal.channel, marginal.why_not) for marginal in self.marginals if marginal.why_not)


def budget(
    snapshot: Snapshot, spend: Spend | None = None, terms: BudgetTerms | None = None, hindsight: bool = False
) -> Budget:
    """What customers of each channel cost and bring, from `spend` and the snapshot's customers.

    New customers are those whose first order lies in the period, on a day of which spend is known (metrics.md §11).
    Spend counts by its day, so a month that stands on its first day counts whole or not at all. CAC = spend ÷ new
    customers, null where either is missing. LTV is that of segments.profile for the same customers. M_k is followed
    over the horizon, or the payback limit where that is longer. payback_months = the first k with M_k ≥ CAC,
    interpolated, 0 where M_0 ≥ CAC, null where it is not reached in the payback_observed_to months that were seen.
    max_cac = min(LTV ÷ target, M at the payback limit); null where less data than the horizon. ltv_cac is null
    where nothing was paid.

    All of `spend` counts against the snapshot's customers: of a part of the shop it has to be what the part cost.
    With `hindsight` the snapshot is a part that is told by what customers did later.
    """
    terms, spend = terms or BudgetTerms(), spend or no_spend()
    terms = replace(terms, dimension=terms.dimension or channel_dimension(snapshot.people, spend))
    worth = worth_of(snapshot, terms)
    days = days_of(snapshot, spend, terms)
    found = acquisition_of(snapshot, terms.dimension, terms.then, *days, followed(worth, terms))
    paid = costs(found, spend, terms.dimension, terms.aliases)
    curves = curves_of(found, paid, worth.margin, worth.discount, worth.of_revenue)
    return weigh(found, paid, curves, terms, worth, left_out(snapshot, terms, days), hindsight)


def weigh(
    found: Acquisition,
    paid: Costs,
    curves: Curves,
    terms: BudgetTerms,
    worth: Worth,
    left_out: int = 0,
    hindsight: bool = False,
) -> Budget:
    """`budget` of customers that are counted, priced and valued already: `found` by terms.dimension and terms.then in
    the days of `days_of`, over `followed` months or more, `curves` under `worth`."""
    marginal_cac = pl.DataFrame(
        [(marginal.channel, marginal.cac) for marginal in paid.marginals],
        schema={"channel": pl.String, "marginal_cac": pl.Float64},
        orient="row",
    )
    parts = paid.channels if found.parts is None else paid.parts
    advises = not (hindsight or paid.too_coarse or {terms.then, terms.dimension} & HINDSIGHT)
    rows, row_curves = rows_of(parts, curves.rows, terms, worth, marginal_cac, advises)
    bought, paid_curve = rows_of(paid.paid, curves.paid, terms, worth, marginal_cac, not hindsight)
    blended, blended_curve = rows_of(paid.whole, curves.whole, terms, worth, marginal_cac, not hindsight)
    customers = int(blended["new_customers"][0])
    free = None if customers == 0 else 1 - int(bought["new_customers"][0]) / customers
    return Budget(
        terms,
        worth,
        rows,
        bought,
        blended.with_columns(pl.lit(free, dtype=pl.Float64).alias("free_share")),
        row_curves,
        paid_curve,
        blended_curve,
        paid.marginals,
        (
            found.arrival_days[0] if found.since is None and found.arrival_days else found.since or found.until,
            found.until,
        ),
        left_out,
        hindsight,
        paid.spend_without_customers,
        paid.customers_without_spend,
        paid.seldom,
        paid.outside,
        paid.too_coarse,
    )
