"""Customers as a registered screen: drilling leads to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ltvtui.exporting.customers import DEAREST_FIRST
from ltvtui.present.definitions import SEGMENTS
from ltvtui.tui.actions import drilling
from ltvtui.tui.actions.sets import FILTERED, INTERVALS, NOTED, SEARCHED, SORTED
from ltvtui.tui.command import Command
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.customers.state import CustomersState
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.customers import actions, compute, view
else:
    actions, compute, view = on_demand_in("ltvtui.tui.views.customers", "actions", "compute", "view")


def _expected(outlook: Outlook) -> Expected:
    """The card of the customer under the cursor."""
    return Expected() if outlook.customer is None else Expected((outlook.location.card(outlook.customer),))


FORECAST: Final = Command(
    "forecast_columns", "F", "F", "forecast", "Show or hide what each customer is expected to bring.", "Show",
    run=actions.toggle_forecast, footer=27, why_not="Only the list of customers has these columns: press c.",
    synonyms=("p alive", "expected", "next order", "value at risk", "win back"),
)  # fmt: skip

CHOOSE: Final = Command(
    "choose_columns", "K", "K", "its columns", "Choose which columns of the forecast are shown.", "Show",
    run=actions.choose_columns, why_not="Only the list of customers has these columns: press c.",
    synonyms=("column chooser", "3 months", "6 months"),
)  # fmt: skip

CUSTOMERS: Final = ViewSpec(
    "customers",
    view.CustomersScreen,
    compute.customers,
    vocabulary=SEGMENTS,
    state=CustomersState,
    is_grouped=False,
    describe=lambda location: "customers",
    order=lambda location: DEAREST_FIRST,
    actions={**FILTERED, **SORTED, **SEARCHED, **INTERVALS, **NOTED, "drill": drilling.into_customer},
    commands=(FORECAST, CHOOSE),
    expected=_expected,
)
