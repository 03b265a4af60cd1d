"""The card of a customer as a registered screen: drilling leads to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ltvtui.present.definitions import EVERYWHERE
from ltvtui.tui.actions.sets import NOTED, PLOT, SEARCHED
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.spec import ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.customer import compute, view
else:
    compute, view = on_demand_in("ltvtui.tui.views.customer", "compute", "view")

CUSTOMER: Final = ViewSpec(
    "customer",
    view.CustomerScreen,
    compute.customer,
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
