"""What stands in specs of screens and commands in place of modules that are loaded later."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from ltvtui.tui.on_demand import OnDemand, modules_on_demand
from ltvtui.tui.views.registry import VIEWS

NEVER_AT_ONCE = (
    *("lark", "ltvtui.tui.views.plan.actions", "ltvtui.tui.views.budget.view"),
    *("ltvtui.tui.dialogs.terms", "ltvtui.tui.exporting", "ltvtui.sources.reduction.reduce"),
)


def test_a_stand_in_calls_what_it_names() -> None:
    assert OnDemand("ltvtui.days").iso(0) == "1970-01-01"


def test_a_stand_in_of_a_name_that_is_not_there_says_so_when_it_is_called() -> None:
    with pytest.raises(AttributeError, match="no_such_thing"):
        OnDemand("ltvtui.days").no_such_thing()


def test_all_modules_that_are_loaded_later_are_there() -> None:
    assert len(VIEWS) <= len(modules_on_demand())
    for module in modules_on_demand():
        import_module(module)


def test_the_first_screen_loads_none_of_the_others() -> None:
    """Each would stand between the analyst and the first figures."""
    found = subprocess.run(
        [sys.executable, "-c", "import sys, ltvtui.tui.app_parts; print(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert not set(NEVER_AT_ONCE) & set(found.stdout.split())
