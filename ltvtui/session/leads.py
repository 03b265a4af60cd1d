"""The leads of a shop: how far they have come, and who they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.lifecycle.lead_ladder import Ladder, days_waited, ladder_of
from ltvtui.analytics.lifecycle.lead_stages import order_of, rank_of
from ltvtui.analytics.lifecycle.sign_ups import sign_ups_by_month
from ltvtui.analytics.people import People
from ltvtui.errors import LtvError
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.request_source import opened_source
from ltvtui.sources.lead_columns import LeadColumns, LeadRows, read_lead_rows
from ltvtui.sources.mapping import Mapping

NO_STAGE = "known"
"""The one stage of a shop that has no column of them."""


@dataclass(frozen=True, eq=False)
class Leads:
    """The leads of a shop on the as-of day."""

    ladder: Ladder
    people: pl.DataFrame
    """A row for each lead: id, name and email where mapped, stage, entry, since (Int32 days), waited (Int32, days
    up to the as-of day since the day that the ladder counts from), then the customers' attributes. By stage from the
    last to the first, those who have waited longest first."""
    by_month: pl.DataFrame
    """sign_ups.SIGN_UPS: first orders by month of sign-up; no row where no day is known."""
    columns: LeadColumns
    """Where stages and days were read from."""
    joined_later: int
    """People who became known after an as-of day that was chosen, and had not ordered by then: they are left out."""


def read_leads(
    request: OpenRequest, mapping: Mapping, given: LeadColumns, cancelled: Callable[[], bool] | None = None
) -> LeadRows:
    """What the customers' table of the shop says of leads; LtvError as read_lead_rows raises it."""
    with opened_source(request, cancelled=cancelled) as source:
        return read_lead_rows(source, mapping, given, lambda text: rank_of(text) >= 0, cancelled=cancelled)


def leads_of(
    dataset: Dataset, query: Query, rows: LeadRows, stages: Sequence[str] = (), rejected: Sequence[str] = ()
) -> Leads:
    """The ladder of `rows` on the day of `query`, whose customers are not asked for: leads have none of what makes
    parts of a shop.

    `stages` and `rejected` are names of stages, whatever their case; LtvError (exit code 2) where one is named twice,
    or nobody has ever been there.
    """
    snapshot = dataset.snapshot(query.whole())
    bought = snapshot.totals.customers.filter(pl.col("orders") > 0).select("customer", "first")
    ids = dataset.people.frame.select("customer", "id")
    people = rows.frame.join(
        bought.join(ids, on="customer").drop("customer"), on="id", how="left", maintain_order="left"
    )
    as_of = snapshot.terms.as_of
    everybody = people.height
    if query.as_of is not None:  # else it is the day of the last order: who signed up since is a lead of today
        is_later = (pl.col("entry") > as_of).fill_null(False) & pl.col("first").is_null()
        people = people.filter(~is_later)
    people = people.with_columns(pl.lit(NO_STAGE).alias("stage") if rows.columns.stage is None else _one_spelling())
    counts = (
        people.filter(pl.col("stage").is_not_null())
        .group_by("stage")
        .agg(pl.col("first").is_null().sum().alias("leads"))
    )
    at_work = counts.filter(pl.col("leads") > 0).sort("leads", "stage", descending=[True, False])["stage"].to_list()
    everywhere = counts["stage"].to_list()
    order = order_of(at_work, *(_as_written(names, everywhere) for names in (stages, rejected)))
    ladder = ladder_of(people, order, as_of)
    listed = _listed(dataset.people, people, ladder, as_of)
    who = listed.drop(rows.attributes, strict=False)
    return Leads(ladder, who, sign_ups_by_month(people, as_of), rows.columns, everybody - people.height)


def _one_spelling() -> pl.Expr:
    """The stage as most people have it written: case and spaces make no other stage."""
    folded = pl.col("stage").str.to_lowercase().str.replace_all(r"\s+", " ")
    return pl.col("stage").drop_nulls().mode().sort().first().over(folded)


def _as_written(names: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """`names` as the shop writes them, whatever their case.

    Raises LtvError (exit code 2) for a name that stands twice, or that the shop does not have.
    """
    by_case = {name.casefold(): name for name in there}
    found = tuple(name if name in there else by_case.get(name.casefold(), name) for name in names)
    missing = next((name for name in found if name not in there), None)
    if missing is not None:
        raise LtvError(f"Nobody is at a stage {missing!r}.", f"Choose from: {', '.join(sorted(there))}.", 2)
    twice = next((name for name in found if found.count(name) > 1), None)
    if twice is not None:
        raise LtvError(f"The stage {twice!r} is named twice.", "Name each stage once.", 2)
    return found


def _listed(people: People, rows: pl.DataFrame, ladder: Ladder, as_of: int) -> pl.DataFrame:
    places = {name: place for place, name in enumerate((*ladder.order.rejected, *ladder.order.stages))}
    place = pl.col("stage").replace_strict(places, default=-1, return_dtype=pl.Int32)
    leads = rows.filter(pl.col("first").is_null()).drop("first")
    waiting = leads.with_columns(days_waited(ladder.since, as_of).alias("waited"), place.alias("place"))
    described = _described(people, waiting["id"])
    joined = waiting.join(described, on="id", how="left", maintain_order="left") if described.width > 1 else waiting
    order = joined.sort("place", "waited", descending=True, nulls_last=True, maintain_order=True).drop("place")
    who = [name for name in ("name", "email") if name in order.columns]
    facts = ("stage", "entry", "since", "waited")
    return order.select("id", *who, *facts, pl.exclude("id", *who, *facts))


def _described(people: People, ids: pl.Series) -> pl.DataFrame:
    """What the customers' table says of people who had not ordered by the as-of day, some of whom have since."""
    assert people.leads is not None, "there is a table of customers"
    columns = [name for name in people.leads.columns if name != "birth_day"]
    later = people.frame.filter(pl.col("id").is_in(ids.implode())).select(columns)
    return pl.concat([people.leads.select(columns), later.filter(~pl.col("id").is_in(people.leads["id"].implode()))])
