"""What Customers lets one do beside what all lists of rows do."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.analytics.forecast.forecast import PEOPLE
from ltvtui.present.forecast.columns import CHOICE, chosen_columns
from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.dialogs.columns import ColumnsDialog
from ltvtui.tui.views.customers.compute import shows_forecast
from ltvtui.tui.views.customers.state import CustomersState


def toggle_forecast(main_screen: ActionContext) -> None:
    """Show or hide what each customer is expected to bring; hidden columns sort nothing."""
    wanted, shown = main_screen.wanted, shows_forecast(main_screen.wanted)
    if shown and wanted.sort is not None and wanted.sort[0] in PEOPLE:
        wanted = replace(wanted, sort=None)
    main_screen.go(wanted.changed(CustomersState, forecast=not shown), way="stay")


def choose_columns(main_screen: ActionContext) -> None:
    """Ask which columns of the forecast stand beside customers; none hides them all."""
    wanted = main_screen.wanted
    all_columns = {column.key: f"{column.title}: {column.help}" for column in chosen_columns(CHOICE)}
    usual = [column.key for column in chosen_columns(wanted.state(CustomersState).columns)]

    def chosen(keys: tuple[str, ...] | None) -> None:
        if keys is None:
            return
        there = main_screen.wanted
        if there.sort is not None and there.sort[0] in PEOPLE and there.sort[0] not in keys:
            there = replace(there, sort=None)
        main_screen.go(there.changed(CustomersState, forecast=bool(keys), columns=keys), way="stay")

    dialog = ColumnsDialog("Columns of the forecast", all_columns, usual if shows_forecast(wanted) else ())
    main_screen.app.push_screen(dialog, chosen)
