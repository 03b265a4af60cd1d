"""Shops and selections in which little can be said: nobody, one customer, no revenue, all equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ltvtui.present.headline import sentence
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.registry import registry_of
from ltvtui.tui.views.matrix.state import BOARDS, MatrixState
from ltvtui.tui.views.registry import VIEWS

REGISTRY = registry_of(VIEWS)
ALONE = [("ann", 0, 10.0)]
EQUAL = [(who, day, 10.0) for who in "abcdefghij" for day in (0, 40)]
UNDONE = [*((who, 0, 10.0) for who in "abc"), *((who, 5, -10.0) for who in "abc")]
LONG_AGO = [*((f"c{n}", n, 5.0 + n) for n in range(40)), ("late", 900, 1.0)]
SHOPS = {"alone": ALONE, "equal": EQUAL, "undone": UNDONE, "long ago": LONG_AGO}


def everywhere(dataset: Dataset, query: Query) -> dict[str, str]:
    """The sentence of every screen and board."""
    said = {}
    for spec in REGISTRY.views:
        for board in BOARDS if spec.name == "matrix" else ("",):
            location = Location(spec.name, query, customer=0 if spec.needs_customer else None)
            if board:
                location = location.having(MatrixState().on(board))
            said[f"{spec.name} {board}".strip()] = sentence(spec.compute(dataset, location).headline)
    return said


@pytest.mark.parametrize("shop", SHOPS)
def test_there_is_something_to_say_of_every_shop(shop: str, dataset_of: Callable[..., Dataset]) -> None:
    for screen, text in everywhere(dataset_of(SHOPS[shop]), Query()).items():
        assert text.endswith("."), screen
        assert not any(word in text for word in ("None", "nan", "inf", "  ", "..")), text


@pytest.mark.parametrize("shop", SHOPS)
def test_nobody_is_said_to_be_nobody(shop: str, dataset_of: Callable[..., Dataset]) -> None:
    nobody = Query() & Filter("tier", "VIP") & Filter("stage", "fading") & Filter("tier", "economy")
    said = everywhere(dataset_of(SHOPS[shop]), nobody)
    assert said["forecast"].startswith("Not enough data for a forecast: ")  # whoever is selected
    for screen, text in said.items():
        if screen not in ("customer", "quality", "forecast"):
            assert text in ("No customers in this selection.", "No new customers and no spend in this period."), (
                screen
            )


def test_one_customer(dataset_of: Callable[..., Dataset]) -> None:
    said = everywhere(dataset_of(ALONE), Query())
    assert said["overview"].startswith(
        "The only customer is in tier VIP, with 10.00 of revenue; this customer has not"
    )
    assert said["explore"] == "The only customer is in one segment (VIP), with 10.00 of revenue."
    assert said["customers"].startswith("1 customer brought 10.00 in 1 order; this customer has not lapsed")
    assert said["cohorts"] == "No month after the first is complete yet."
    assert said["customer"].startswith("VIP, rank 1 of 1 by revenue: 10.00 in 1 order; last order today")
    assert said["quality"].startswith("The only row counts")


def test_no_tiers_where_all_are_equal(dataset_of: Callable[..., Dataset]) -> None:
    said = everywhere(dataset_of(EQUAL), Query())
    assert said["overview"].startswith(
        "All 10 customers are in tier VIP, with 200.00 of revenue; none of them has lapsed"
    )
    assert said["matrix ABC × XYZ"].startswith("8 customers of class A (80 %) bring 80 % of revenue")


def test_no_revenue(dataset_of: Callable[..., Dataset]) -> None:
    said = everywhere(dataset_of(UNDONE), Query())
    assert said["overview"].startswith("All 3 customers are in tier economy, with 0.00 of revenue")
    by = Location("explore", Query(), by=("orders band",))
    assert "one segment" in sentence(REGISTRY.view("explore").compute(dataset_of(UNDONE), by).headline)


def test_all_lapsed_but_one(dataset_of: Callable[..., Dataset]) -> None:
    said: dict[str, Any] = everywhere(dataset_of(LONG_AGO), Query())
    assert "all of them have lapsed (no order for" in said["overview"]
    assert "40 of them (98 %) have lapsed" in said["customers"]
