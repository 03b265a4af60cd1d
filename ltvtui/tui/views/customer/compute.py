"""What the card of a customer shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from ltvtui.analytics.forecast.of_customer import CustomerForecast, forecast_of_customer
from ltvtui.analytics.listing import Card, card, narrow
from ltvtui.analytics.rfm.stage import contradiction
from ltvtui.days import iso
from ltvtui.present.forecast.card import forecast_facts
from ltvtui.present.headline.card import card_clauses
from ltvtui.present.numbers import amount, count, counted, percent, symbol, write
from ltvtui.present.plain import plain
from ltvtui.present.rfm_stage import contradiction_words
from ltvtui.present.rhythm import rhythm_facts
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer

Facts = tuple[tuple[str, str], ...]
"""Label and text."""


@dataclass(frozen=True, eq=False, kw_only=True)
class CustomerAnswer(Answer):
    """What the card shows."""

    card: Card | None
    orders: pl.DataFrame
    """The orders that are listed, newest first."""
    facts: Facts = ()
    """What is to be seen at once."""
    rest: Facts = ()
    """What stands below that, and below notes."""
    explained: tuple[str, ...] = ()
    """Why RFM and stage seem to contradict each other, in several wordings, the fullest first."""


def customer(dataset: Dataset, location: Location) -> CustomerAnswer:
    """The card, and its orders narrowed."""
    assert location.customer is not None
    snapshot, orders = dataset.snapshot(location.query.whole()), dataset.orders_of(location.customer)
    found = card(snapshot, orders, location.customer)
    if found is None:
        return CustomerAnswer(card=None, orders=orders.clear())
    listed = narrow(found.orders, location.search).reverse()
    explained = contradiction_words(contradiction(snapshot, found.facts))
    expected = forecast_of_customer(snapshot, location.customer)
    facts, rest = _facts(dataset, found, expected, snapshot.terms.as_of)
    return CustomerAnswer(
        headline=card_clauses(found, snapshot.churn_gap.days, symbol(dataset.cleaned.currency)),
        card=found,
        orders=listed,
        facts=facts,
        rest=rest,
        explained=explained,
    )


def _facts(dataset: Dataset, found: Card, expected: CustomerForecast | str, as_of: int) -> tuple[Facts, Facts]:
    """What is known of the customer, the most telling first: what is to be seen at once, and the rest; attributes run
    on in one paragraph."""
    facts, silent, sign = found.facts, found.facts["silent"], symbol(dataset.cleaned.currency)
    soon, later = forecast_facts(expected, sign)
    check = f"{amount(facts['average_check'])} {sign}".rstrip()
    attributes = [f"{plain(a)} {write(facts[a], 'text')}" for a in dataset.people.attributes]
    first = (
        *((("name", plain(facts["name"])),) if facts.get("name") else ()),
        ("tier", facts["tier"]),
        ("stage", f"{facts['stage']} · last {'order today' if silent == 0 else counted(silent, 'day') + ' ago'}"),
        ("revenue", f"{write(facts['revenue'], 'money')} {sign}".rstrip()),
        *((("margin", _margin(facts, sign)),) if dataset.margin_mapped else ()),
        ("orders", f"{count(facts['orders'])}, {check} on average"),
        *rhythm_facts(found.rhythm, as_of),
        *soon,
    )
    rest = (
        *((("", " · ".join(attributes)),) if attributes else ()),
        *later,
        ("rank", f"{count(found.rank)} of {count(found.of)} by revenue"),
        ("RFM", f"{facts['RFM']} ({facts['RFM score']})"),
        ("ABC–XYZ", f"{facts['ABC']} · too few gaps" if facts["XYZ"] == "–" else f"{facts['ABC']}–{facts['XYZ']}"),
        *((("forecast", expected),) if isinstance(expected, str) else ()),
        ("seen", f"{iso(facts['first'])} to {iso(facts['last'])}"),
        ("days", f"{count(facts['days'])} with an order"),
        *((("email", plain(facts["email"])),) if facts.get("email") else ()),
    )
    return first, rest


def _margin(facts: Mapping[str, Any], sign: str) -> str:
    """What is left of the revenue after costs, and which share of it."""
    part = f" ({percent(facts['value'] / facts['revenue'])})" if facts["revenue"] > 0 else ""
    return f"{write(facts['value'], 'money')} {sign}".rstrip() + part
