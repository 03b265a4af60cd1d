"""The card of a customer as a registered screen: drilling leads to it."""

from __future__ import annotations

from typing import Final

from ltvtui.present.definitions import EVERYWHERE
from ltvtui.tui.actions.sets import NOTED, PLOT, SEARCHED
from ltvtui.tui.views.customer.compute import customer
from ltvtui.tui.views.customer.view import CustomerScreen
from ltvtui.tui.views.spec import ViewSpec

CUSTOMER: Final = ViewSpec(
    "customer",
    CustomerScreen,
    customer,
    is_selection=False,
    vocabulary=(
        *EVERYWHERE,
        "VIP, middle, economy",
        "stage",
        "lapsed",
        "lost, one-time",
        "RFM",
        "Lost (RFM)",
        "due",
        "next order",
        "recorded",
    ),
    is_grouped=False,
    needs_customer=True,
    rows_name="orders",
    actions={**SEARCHED, **PLOT, **NOTED},
    preparations=lambda dataset, location: dataset.activity_index.preparations,
)
