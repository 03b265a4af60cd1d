"""One colour for one thing: it stays when rows are sorted, filtered or tried in another way."""

from __future__ import annotations

from itertools import permutations

import polars as pl

from ltvtui.analytics.tiers.tiers import TIER
from ltvtui.present.colours import SERIES, bar_roles, orders_of, roles

CHANNELS = ("search", "social", "organic", "market", "email", "affiliates")


def test_a_channel_keeps_its_colour_in_every_order_and_company() -> None:
    of_all = dict(zip(CHANNELS, roles([(name,) for name in CHANNELS], [CHANNELS]), strict=True))
    assert list(of_all.values()) == [f"accent{n}" for n in range(1, 7)]
    for some in permutations(CHANNELS, 3):
        assert roles([(name,) for name in some], [CHANNELS]) == [of_all[name] for name in some]


def test_tiers_have_their_order_from_their_column() -> None:
    rows = pl.DataFrame({"tier": pl.Series(["economy", "VIP"], dtype=TIER)})
    orders = orders_of(rows, ("tier",), ())
    assert roles([("economy",), ("VIP",)], orders) == ["accent3", "accent1"]


def test_no_two_of_eight_share_a_colour_and_the_unknown_has_none() -> None:
    many = [f"country {n:02}" for n in range(40)]
    shown = [(many[at],) for at in (1, 9, 17, 3, 25, 33, 2, 0)]
    found = roles(shown, [many])
    assert len(set(found)) == SERIES
    assert found[0] == "accent2"  # the first of the order comes before those that would share its colour
    assert roles([(None,), (many[0],)], [many]) == ["muted", "accent1"]


def test_months_that_follow_each_other_differ() -> None:
    assert len(set(roles([(f"2024-{month:02}",) for month in range(1, 7)], ()))) == 6


def test_of_many_bars_the_first_of_the_order_are_coloured() -> None:
    many = [f"country {n:02}" for n in range(20)]
    found = bar_roles([(name,) for name in many], [many])
    assert found[:SERIES] == [f"accent{n}" for n in range(1, SERIES + 1)]
    assert set(found[SERIES:]) == {"muted"}


def test_bars_of_months_and_of_crossed_values_have_one_colour() -> None:
    assert bar_roles([("2024-01",), ("2024-02",)], [()]) == []
    assert bar_roles([("search", "DK"), ("social", "DE")], [CHANNELS, ("DK", "DE")]) == []
