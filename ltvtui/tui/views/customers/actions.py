"""What Customers lets one do beside what all lists of rows do."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.analytics.forecast.forecast import PEOPLE
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.views.customers.compute import shows_forecast
from ltvtui.tui.views.customers.state import CustomersState


def toggle_forecast(main_screen: ActionContext) -> None:
    """Show or hide what each customer is expected to bring; hidden columns sort nothing."""
    wanted, shown = main_screen.wanted, shows_forecast(main_screen.wanted)
    if shown and wanted.sort is not None and wanted.sort[0] in PEOPLE:
        wanted = replace(wanted, sort=None)
    main_screen.go(wanted.changed(CustomersState, forecast=not shown), way="stay")
