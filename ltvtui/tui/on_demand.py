"""Functions and classes of modules that are loaded when the first of them is called.

Who opens a shop sees one screen. To load all others first would take longer than to read a small shop, and most of
them are never gone to in a sitting.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

_MODULES: set[str] = set()


class OnDemand:
    """Stands in place of a module: what it names can be called, and is looked up then."""

    def __init__(self, module: str) -> None:
        self._module = module
        _MODULES.add(module)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(_call, self._module, name)


def on_demand_in(package: str, *modules: str) -> tuple[OnDemand, ...]:
    """A stand-in of each of these modules of a package.

    Who uses it imports the modules themselves for the checker of types alone, which then knows every name.
    """
    return tuple(OnDemand(f"{package}.{module}") for module in modules)


def modules_on_demand() -> tuple[str, ...]:
    """All modules that have a stand-in, whether they were loaded or not."""
    return tuple(sorted(_MODULES))


def _call(module: str, name: str, *arguments: Any, **keywords: Any) -> Any:
    return getattr(import_module(module), name)(*arguments, **keywords)
