"""Places as JSON, for saved views: named fields, of which those that are as usual are left out.

A view that holds what is not known, as one of a later version may, is refused in words, never half understood.
Terms stand as the words that the command line takes, steps as remembered.steps has them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import polars as pl

from ltvtui.analytics.budget_rows import FIGURES
from ltvtui.analytics.cohort_metrics import COHORT_METRICS
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.analytics.lapsed import LAPSED_SHARE
from ltvtui.analytics.segment_metrics import MATRIX_METRICS
from ltvtui.analytics.segments import INTERVAL, MEASURES
from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError
from ltvtui.present.columns import customer_columns
from ltvtui.query.grammar.errors import FilterError
from ltvtui.query.query import Filter, Where
from ltvtui.session.apply_filters import step_of
from ltvtui.session.dataset import Dataset
from ltvtui.session.settings import query_from
from ltvtui.tui.commands import TABLES
from ltvtui.tui.location import BOARDS, Location
from ltvtui.user_state.filter_steps import Unreadable, trail_fields, trail_of

FORM: Final = 1
"""Of the JSON; a later one is not understood."""
_ELSEWHERE: Final = frozenset({"query", "customer", "own_terms", "agreed"})
"""Fields that are kept in a way of their own, and what is agreed on about spend: that is the shop's."""
_DAYS: Final = frozenset({"since", "until"})
"""Fields that are days."""


@dataclass(frozen=True)
class Saved:
    """What a saved view says, before it is held against a shop."""

    location: Location
    """Without a customer code: codes belong to one reading."""
    customer: str | None = None
    """The shop's own id, of the card."""

    def words(self) -> str:
        """What it shows, in one phrase."""
        own = f"customer {self.customer}" if self.customer is not None else self.location.words()
        return own if own.startswith(self.location.view) else f"{self.location.view} {own}".strip()


def write_place(location: Location, customer: str | None = None) -> str:
    """`place` as JSON; `customer` is the shop's own id of the one on the card."""
    query = location.query
    terms = query.terms() | ({} if query.as_of is None else {"as_of": iso(query.as_of)})
    told = {
        "form": FORM,
        **_differing(location, Location("")),
        **({"terms": terms} if terms else {}),
        **({"trail": trail_fields(query.trail)} if query.trail else {}),
        **({"customer": customer} if customer is not None else {}),
    }
    return json.dumps(told, ensure_ascii=False)


def read_place(text: str) -> Saved:
    """What `write_place` wrote. Raises Unreadable for anything else."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The view cannot be read.") from error
    if not isinstance(told, dict) or told.pop("form", None) != FORM:
        raise Unreadable("The view was saved in an unknown format.")
    terms, trail, customer = told.pop("terms", {}), told.pop("trail", []), told.pop("customer", None)
    if not isinstance(terms, dict) or not all(isinstance(word, str) for word in terms.values()):
        raise Unreadable("The settings of the view cannot be read.")
    if not isinstance(customer, str | None):
        raise Unreadable("The customer of the view cannot be read.")
    location = _made(Location(""), told)
    try:
        query = replace(query_from(terms), trail=trail_of(trail))
    except LtvError as error:
        raise Unreadable(f"The view cannot be read: {error.what}") from error
    _check(location, customer)
    return Saved(replace(location, query=query), customer)


def in_shop(saved: Saved, dataset: Dataset, now: Location) -> Location:
    """The place that a view means in the shop that is read; what the shop has agreed on is taken from `now`.

    Raises LtvError where the shop has no such dimension, field, customer or day any more.
    """
    location, names = saved.location, now.query.rules.rfm.names
    rules = replace(location.query.rules, rfm=replace(location.query.rules.rfm, names=names))
    query = replace(location.query, rules=rules)
    dataset.as_of(query)
    tried = location.budget.tried
    wanted = (
        *(step.dimension for step in query.trail if isinstance(step, Filter)),
        *(location.by if location.view == "explore" else ()),
        *(name for name in (location.cohorts.by,) if location.view == "cohorts"),
        *((tried.dimension, tried.then) if location.view == "budget" else ()),
    )
    for name in wanted:
        if name is not None and name not in dataset.dimensions:
            raise LtvError(f"This shop has no dimension {name!r}.", f"Choose from: {', '.join(dataset.dimensions)}.")
    for step in query.trail:
        if isinstance(step, Where):
            try:
                step_of(dataset, query.whole(), step.words())
            except FilterError as error:
                raise LtvError(f"{error.what} The filter was: {step.words()}.", error.mend) from error
    there = {None, *dataset.dimensions}
    if not {tried.dimension, tried.then} <= there:
        tried = now.budget.agreed
    columns = (column.key for column in customer_columns(dataset.people.attributes, True))
    known = {*dataset.dimensions, *columns, *MEASURES, *INTERVAL, *FIGURES, LAPSED_SHARE}
    return replace(
        location,
        query=query,
        customer=None if saved.customer is None else _code(dataset, saved.customer),
        by=location.by if set(location.by) <= there else ("tier",),
        sort=location.sort if location.sort and location.sort[0] in known else None,
        cohorts=location.cohorts if location.cohorts.by in there else replace(location.cohorts, by=None),
        budget=replace(location.budget, agreed=now.budget.agreed, tried=tried),
        own_terms=True,
    )


def _code(dataset: Dataset, customer: str) -> int:
    found = (dataset.cleaned.customer_ids.cast(pl.String) == customer).arg_true()
    if found.is_empty():
        raise LtvError(f"This shop has no customer {customer!r}.", "The shop may have changed since it was saved.")
    return int(found[0])


def _check(location: Location, customer: str | None) -> None:
    """Words that stand for one of several are among them."""
    known = (
        location.view in TABLES,
        (location.view == "customer") == (customer is not None),
        1 <= len(location.by) <= 2,
        location.cohorts.bucket in BUCKETS,
        location.cohorts.metric in COHORT_METRICS,
        location.matrix.measure in MATRIX_METRICS,
        location.matrix.board in BOARDS,
    )
    if not all(known):
        raise Unreadable("The view has an unknown screen.")


# -- named fields ------------------------------------------------------------------------------------


def _differing(value: Any, usual: Any) -> dict[str, Any]:
    """Fields of a dataclass that are not as usual; dataclasses in them likewise."""
    told: dict[str, Any] = {}
    for each in _kept(value):
        here, there = getattr(value, each.name), getattr(usual, each.name)
        if here == there:
            continue
        if is_dataclass(here):
            inner = _differing(here, there)
            told |= {each.name: inner} if inner else {}
        else:
            told[each.name] = iso(here) if each.name in _DAYS and here is not None else here
    return told


def _made(usual: Any, told: object) -> Any:
    """The dataclass of `_differing`. Raises Unreadable for a field that is not known, or of another kind."""
    if not isinstance(told, Mapping):
        raise Unreadable("The view cannot be read.")
    known = {each.name: each for each in _kept(usual)}
    hints = get_type_hints(type(usual))
    made: dict[str, Any] = {}
    for name, value in told.items():
        if name not in known:
            raise Unreadable(f"The view has an unknown field: {str(name)[:40]}.")
        if is_dataclass(there := getattr(usual, name)):
            made[name] = _made(there, value)
            continue
        made[name] = _day(value) if name in _DAYS and isinstance(value, str) else _frozen(value)
        if not _fits(made[name], hints[name]):
            raise Unreadable(f"The view has an invalid {name}.")
    return replace(usual, **made)


def _kept(value: Any) -> list[Field[Any]]:
    return [each for each in fields(value) if each.name not in _ELSEWHERE]


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
