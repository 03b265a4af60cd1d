"""Steps of a trail as named fields, for JSON that outlives this version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.analytics.lifecycle.migration import AFTER, BEFORE
from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError
from ltvtui.query.query import Active, Filter, Moved, Step, Where

MEND: Final = "It may be from a later version of ltvtui: update ltvtui, or save it again."


class Unreadable(LtvError):
    """What was kept is not understood."""

    def __init__(self, what: str) -> None:
        super().__init__(what, MEND)


def trail_fields(trail: Sequence[Step]) -> list[dict[str, Any]]:
    """Every step, widest first, as fields that `trail_of` reads."""
    return [_fields(step) for step in trail]


def trail_of(fields: object) -> tuple[Step, ...]:
    """The steps of `trail_fields`. Raises Unreadable for anything else."""
    if not isinstance(fields, list):
        raise Unreadable("The trail cannot be read.")
    return tuple(_step(each) for each in fields)


def _fields(step: Step) -> dict[str, Any]:
    match step:
        case Filter(dimension, value):
            return {"dimension": dimension, "value": value}
        case Active(bucket, offset, complete):
            return {"active_in": bucket, "offset": offset, "complete": complete}
        case Moved(cut, since, before, after):
            return {"moved": cut, "since": iso(since), "before": before, "after": after}
        case Where(node):
            return {"where": node.describe()}


def _step(fields: object) -> Step:
    try:
        match fields:
            case {"dimension": str(dimension), "value": str() | None as value}:
                return Filter(dimension, value)
            case {"active_in": str(bucket), "offset": int(offset), "complete": bool(complete)} if bucket in BUCKETS:
                return Active(bucket, offset, complete)
            case {"moved": "tier" | "stage" as cut, "since": str(since), "before": before, "after": after}:
                if before in (None, *BEFORE[cut]) and after in (None, *AFTER[cut]) and (before or after):
                    return Moved(cut, parse_day(since), before, after)
            case {"where": str(text)}:
                from ltvtui.query.grammar.parsing import parse  # grammars take long to load

                return Where(parse(text))
    except LtvError as error:
        raise Unreadable(f"A step of the trail cannot be read: {error.what}") from error
    raise Unreadable(f"A step of the trail cannot be read: {str(fields)[:80]}.")
