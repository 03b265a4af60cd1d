"""What can be tried on Budget: each value, its steps, and how it is read and written."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.days import iso, last_day_of, months_later, parse_day
from ltvtui.errors import LtvError
from ltvtui.query.terms import parse_discount, parse_horizon, parse_margin, parse_payback_limit, parse_target
from ltvtui.tui.widgets.parameter_bar import Parameter

_LONGEST: Final = 120
"""Months that terms take."""


@dataclass(frozen=True)
class _Number:
    """A value that is stepped evenly."""

    label: str
    step: float
    low: float
    high: float
    parse: Callable[[str], Any]
    write: Callable[[float], str]

    def stepped(self, value: float, steps: int) -> Any:
        """`steps` further, on whole steps: from between two the next one counts."""
        location = value / self.step
        multiple = round(location)
        if abs(location - multiple) > 1e-6:
            multiple = math.floor(location) if steps > 0 else math.ceil(location)
        return self.parse(f"{min(max((multiple + steps) * self.step, self.low), self.high):.10g}")


_NUMBERS: Final = {
    "margin": _Number("margin", 0.05, 0.05, 1, parse_margin, lambda v: f"{v * 100:.3g} %"),
    "target": _Number("target", 0.5, 0.5, 100, parse_target, lambda v: f"{v:g}"),
    "horizon": _Number("horizon", 1, 1, _LONGEST, parse_horizon, lambda v: f"{v:g} mo"),
    "payback_limit": _Number("payback ≤", 1, 1, _LONGEST, parse_payback_limit, lambda v: f"{v:g} mo"),
    "discount": _Number("discount", 0.01, 0, 1, parse_discount, lambda v: f"{v * 100:.3g} %"),
}
_DAYS: Final = {"since": "from", "until": "until"}
NAMES: Final = (*_NUMBERS, *_DAYS)
"""Fields of BudgetTerms that can be tried, as they stand in the line."""


@dataclass(frozen=True)
class BaseValues:
    """The values in force where nothing else is tried."""

    margin: float
    """Share of revenue that is kept: agreed on, or what the shop's own margins come to."""
    margin_note: str
    """What has to be known about it."""
    target: float
    horizon: int
    payback_limit: int
    discount: float
    since: int
    """Day of the first order."""
    until: int
    """As-of day."""


@dataclass(frozen=True)
class WhatIf:
    """Terms that are tried, over what is agreed on."""

    draft: BudgetTerms
    saved: BudgetTerms
    base: BaseValues

    def value(self, name: str) -> Any:
        """The value of that name that is in force."""
        value = getattr(self.draft, name)
        return getattr(self.base, name) if value is None else value

    def parameters(self) -> tuple[Parameter, ...]:
        """The values in force, those marked that differ from what is agreed on."""
        return tuple(Parameter(name, self._label(name), self._written(name), self._differs(name)) for name in NAMES)

    def stepped(self, name: str, steps: int) -> BudgetTerms:
        """With the value of that name `steps` further, as far as it goes."""
        value = self.value(name)
        if name in _NUMBERS:
            return self._with(name, _NUMBERS[name].stepped(value, steps))
        moved = _month_begins(value, steps) if name == "since" else _month_ends(value, steps)
        return self._with(name, self._within(name, moved))

    def typed(self, name: str, text: str) -> BudgetTerms:
        """With a value that was typed; a margin of 40 is one of 40 %. Raises LtvError where it cannot be."""
        written = text.strip().replace(",", ".")
        if name in _DAYS:
            day = _day(name, written)
            if day != self._within(name, day) and self.base.since <= day <= self.base.until:
                raise LtvError("The period would end before it starts.", "Change the other date first.", 2)
            chosen: dict[str, Any] = {name: self._within(name, day)}
            return replace(self.draft, **chosen)
        if name in ("margin", "discount") and written.replace(".", "", 1).isdigit() and float(written) > 1:
            written += "%"
        return self._with(name, _NUMBERS[name].parse(written))

    def reset(self, *names: str) -> BudgetTerms:
        """With the values of `names` as they are agreed on; of all of them where none is named."""
        return replace(self.draft, **{name: getattr(self.saved, name) for name in names or NAMES})

    def _with(self, name: str, value: Any) -> BudgetTerms:
        """What is agreed on is not tried: it goes on to follow what is agreed on."""
        same = value == getattr(self.base, name)
        return replace(self.draft, **{name: getattr(self.saved, name) if same else value})

    def _within(self, name: str, day: int) -> int:
        """`day` between the first order and the as-of day, and on its side of the other end of the period."""
        low = self.base.since if name == "since" else self.value("since")
        high = self.base.until if name == "until" else self.value("until")
        return int(min(max(day, low), high))

    def _differs(self, name: str) -> bool:
        return bool(getattr(self.draft, name) != getattr(self.saved, name))

    def _label(self, name: str) -> str:
        return _DAYS[name] if name in _DAYS else _NUMBERS[name].label

    def _written(self, name: str) -> str:
        if name == "since" and self.draft.since is None:
            return "the beginning"
        text = iso(self.value(name)) if name in _DAYS else _NUMBERS[name].write(self.value(name))
        note = self.base.margin_note if name == "margin" and self.draft.margin is None else ""
        return f"{text} {note}".rstrip()


def _month_begins(day: int, steps: int) -> int:
    """The first day of a month: so many on, or back; from within a month its own is the first one back."""
    own = parse_day(f"{iso(day)[:8]}01")
    return months_later(own, steps + (steps < 0 and day != own))


def _month_ends(day: int, steps: int) -> int:
    """The last day of a month: so many back, or on; from within a month its own is the first one on."""
    own = parse_day(f"{iso(day)[:8]}01")
    ends = months_later(own, 1) - 1
    return months_later(own, 1 + steps - (steps > 0 and day != ends)) - 1


def _day(name: str, text: str) -> int:
    """The day that was typed; of a month or a year its first, or its last."""
    if name != "since":
        return last_day_of(text)
    parts = text.split("-")
    is_part = len(parts) < 3 and all(part.isdigit() for part in parts) and len(parts[0]) == 4
    return parse_day("-".join([*parts, "01", "01"][:3]) if is_part else text)
