"""Locations as JSON, for saved views: named fields, of which those that are as usual are left out.

A view that holds what is not known, as one of a later version may, is refused in words, never half understood.
Settings stand as the words that the command line takes, steps as user_state.filter_steps has them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import polars as pl

from ltvtui.analytics.budget.rows import FIGURES
from ltvtui.analytics.lifecycle.lapsed import LAPSED_SHARE
from ltvtui.analytics.segments import INTERVAL, MEASURES
from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError
from ltvtui.present.columns import customer_columns
from ltvtui.query.grammar.errors import FilterError
from ltvtui.query.query import Filter, Where
from ltvtui.session.apply_filters import step_of
from ltvtui.session.dataset import Dataset
from ltvtui.session.settings import query_from
from ltvtui.tui.action_context import Screens
from ltvtui.tui.location import Location
from ltvtui.user_state.filter_steps import Unreadable, trail_fields, trail_of

FORM: Final = 1
"""Of the JSON; a later one is not understood."""


@dataclass(frozen=True)
class Saved:
    """What a saved view says, before it is held against a shop."""

    location: Location
    """Without a customer code: codes belong to one reading."""
    customer: str | None = None
    """The shop's own id, of the card."""

    def describe(self, registry: Screens) -> str:
        """What it shows, in one phrase."""
        words = registry.view(self.location.view).describe(self.location)
        own = f"customer {self.customer}" if self.customer is not None else words
        return own if own.startswith(self.location.view) else f"{self.location.view} {own}".strip()


def write_location(location: Location, registry: Screens, customer: str | None = None) -> str:
    """`location` as JSON; `customer` is the shop's own id of the one on the card."""
    query = location.query
    terms = query.terms() | ({} if query.as_of is None else {"as_of": iso(query.as_of)})
    fields = _differing(location, Location(""))
    show = {name: fields.pop(name) for name in ("show",) if name in fields}
    states = {name: _differing(location.state(kind), kind()) for name, kind in registry.states.items()}
    written = {
        "form": FORM,
        **fields,
        **{name: state for name, state in states.items() if state},
        **show,
        **({"terms": terms} if terms else {}),
        **({"trail": trail_fields(query.trail)} if query.trail else {}),
        **({"customer": customer} if customer is not None else {}),
    }
    return json.dumps(written, ensure_ascii=False)


def read_location(text: str, registry: Screens) -> Saved:
    """What `write_location` wrote. Raises Unreadable for anything else."""
    try:
        written = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The view cannot be read.") from error
    if not isinstance(written, dict) or written.pop("form", None) != FORM:
        raise Unreadable("The view was saved in an unknown format.")
    terms, trail, customer = written.pop("terms", {}), written.pop("trail", []), written.pop("customer", None)
    if not isinstance(terms, dict) or not all(isinstance(word, str) for word in terms.values()):
        raise Unreadable("The settings of the view cannot be read.")
    if not isinstance(customer, str | None):
        raise Unreadable("The customer of the view cannot be read.")
    states = [_made(kind(), written.pop(name)) for name, kind in registry.states.items() if name in written]
    location = _made(Location(""), written).having(*states)
    try:
        query = replace(query_from(terms), trail=trail_of(trail))
    except LtvError as error:
        raise Unreadable(f"The view cannot be read: {error.what}") from error
    is_valid = registry.has_view(location.view) and 1 <= len(location.by) <= 2
    if not is_valid or registry.view(location.view).needs_customer != (customer is not None):
        raise Unreadable("The view has an unknown screen.")
    return Saved(replace(location, query=query), customer)


def in_shop(saved: Saved, registry: Screens, dataset: Dataset, now: Location) -> Location:
    """The location that a view means in the shop that is read; what the shop has agreed on is taken from `now`.

    Raises LtvError where the shop has no such dimension, field, customer or day any more.
    """
    location, names = saved.location, now.query.rules.rfm.names
    rules = replace(location.query.rules, rfm=replace(location.query.rules.rfm, names=names))
    query = replace(location.query, rules=rules)
    dataset.as_of(query)
    filtered = (step.dimension for step in query.trail if isinstance(step, Filter))
    for name in (*filtered, *registry.view(location.view).dimensions(location)):
        if name is not None and name not in dataset.dimensions:
            raise LtvError(f"This shop has no dimension {name!r}.", f"Choose from: {', '.join(dataset.dimensions)}.")
    for step in query.trail:
        if isinstance(step, Where):
            try:
                step_of(dataset, query.whole(), step.describe())
            except FilterError as error:
                raise LtvError(f"{error.what} The filter was: {step.describe()}.", error.mend) from error
    there = {None, *dataset.dimensions}
    states = (location.state(kind).with_saved(now.state(kind)) for kind in registry.states.values())
    columns = (column.key for column in customer_columns(dataset.people.attributes, True, True))
    sortable = {*dataset.dimensions, *columns, *MEASURES, *INTERVAL, *FIGURES, LAPSED_SHARE}
    return replace(
        location.having(*states).within(there),
        query=query,
        customer=None if saved.customer is None else _code(dataset, saved.customer),
        by=location.by if set(location.by) <= there else ("tier",),
        sort=location.sort if location.sort and location.sort[0] in sortable else None,
        own_terms=True,
    )


def _code(dataset: Dataset, customer: str) -> int:
    found = (dataset.cleaned.customer_ids.cast(pl.String) == customer).arg_true()
    if found.is_empty():
        raise LtvError(f"This shop has no customer {customer!r}.", "The shop may have changed since it was saved.")
    return int(found[0])


# -- named fields ------------------------------------------------------------------------------------


def _differing(value: Any, usual: Any) -> dict[str, Any]:
    """Fields of a dataclass that are not as usual; dataclasses in them likewise."""
    written: dict[str, Any] = {}
    for each in _saved(value):
        here, there = getattr(value, each.name), getattr(usual, each.name)
        if here == there:
            continue
        if is_dataclass(here):
            inner = _differing(here, there)
            written |= {_name(each): inner} if inner else {}
        else:
            written[_name(each)] = iso(here) if _is_day(each) and here is not None else here
    return written


def _made(usual: Any, written: object) -> Any:
    """The dataclass of `_differing`. Raises Unreadable for a field that is not known, or of another kind."""
    if not isinstance(written, Mapping):
        raise Unreadable("The view cannot be read.")
    by_name = {_name(each): each for each in _saved(usual)}
    hints = get_type_hints(type(usual))
    made: dict[str, Any] = {}
    for name, value in written.items():
        if name not in by_name:
            raise Unreadable(f"The view has an unknown field: {str(name)[:40]}.")
        each = by_name[name]
        if is_dataclass(there := getattr(usual, each.name)):
            made[each.name] = _made(there, value)
            continue
        read = _day(value) if _is_day(each) and isinstance(value, str) else _frozen(value)
        choices = each.metadata.get("choices")
        if not _fits(read, hints[each.name]) or (choices is not None and read not in choices):
            raise Unreadable(f"The view has an invalid {name}.")
        made[each.name] = read
    return replace(usual, **made)


def _saved(value: Any) -> list[Field[Any]]:
    return [each for each in fields(value) if not each.metadata.get("unsaved")]


def _name(field: Field[Any]) -> str:
    """What a field is called in a saved view."""
    return str(field.metadata.get("saved_as", field.name))


def _is_day(field: Field[Any]) -> bool:
    return bool(field.metadata.get("day"))


def _day(text: str) -> int:
    try:
        return parse_day(text)
    except LtvError as error:
        raise Unreadable(f"The view cannot be read: {error.what}") from error


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


def _fits(value: object, hint: Any) -> bool:
    """Whether a value is of the kind that a field is declared to be."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if parts[1:] == (Ellipsis,):
            return all(_fits(each, parts[0]) for each in value)
        return len(value) == len(parts) and all(map(_fits, value, parts))
    if hint is None or hint is NoneType:
        return value is None
    if hint in (int, float):
        return isinstance(value, int if hint is int else (int, float)) and not isinstance(value, bool)
    return isinstance(value, hint)
