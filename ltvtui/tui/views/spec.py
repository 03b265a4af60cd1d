"""What a screen is: one registered value, from which keys, footer, help, palette, saved views and prefetch follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ltvtui.analytics.dimensions import FORECAST_BANDS
from ltvtui.present.definitions import EVERYWHERE
from ltvtui.query.query import Query, Step
from ltvtui.session.dataset import Dataset
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.action_context import Action
from ltvtui.tui.command import Command
from ltvtui.tui.location import Location, ViewState
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.view import View

Part = Literal["trail", "by", "show", "spend", "settings"]
"""What of a location, or beside it, an answer may depend on besides the query, the rows and the view's own state.
settings: what other views save for the shop (Location.settings)."""
Report = Callable[[str], None]
"""Says how far a long computation is; it raises where nobody waits for it any more, so it must not be called from
within an answer that the dataset remembers."""


@dataclass(frozen=True)
class Outlook:
    """Where the analyst is, for a view that tells where they will probably go."""

    dataset: Dataset
    location: Location
    row: tuple[Step, ...] = ()
    """Filters of the row under the cursor."""
    customer: int | None = None
    """Code of the customer under the cursor."""
    months: tuple[Query, ...] = ()
    """The query of a month earlier and of a month later, as far as there are such."""
    last_dimension: tuple[str, ...] = ()
    """Dimensions that were chosen last: they are offered again."""
    direction: int = 0
    """-1 or 1 where a month back or on led here: who walks through time goes on walking."""
    changed: frozenset[str] = frozenset()
    """Fields of the view's state of which another value led here: who goes through them goes on."""

    @property
    def below(self) -> Query:
        """The query narrowed to the row under the cursor."""
        query = self.location.query
        for step in self.row:
            query = query & step
        return query

    def free(self, query: Query) -> list[tuple[str, ...]]:
        """Dimensions that the trail of `query` has not settled, but for those that need a forecast: to make one ahead
        would hold up keys."""
        excluded = query.fixed_dimensions | set(FORECAST_BANDS)
        return [(name,) for name in self.dataset.dimensions if name not in excluded]


@dataclass(frozen=True)
class Expected:
    """Locations that will probably be wanted."""

    soon: Sequence[Location] = ()
    """The likeliest first."""
    later: Sequence[Location] = ()
    """Less often, or with a second key: many of them, of which some take long."""


def nothing(outlook: Outlook) -> Expected:
    """No location is expected."""
    return Expected()


def _no_state(opened: OpenedDataset) -> ViewState | None:
    return None


def _completed(dataset: Dataset, location: Location, report: Report) -> Answer:
    raise NotImplementedError("only a view with preliminary answers completes them")


def _describe_nothing(location: Location) -> str:
    return ""


def _no_order(location: Location) -> tuple[str, bool] | None:
    return None


def _no_dimensions(location: Location) -> tuple[str | None, ...]:
    return ()


def _no_preparations(dataset: Dataset, location: Location) -> Sequence[Callable[[], object]]:
    return ()


@dataclass(frozen=True)
class ViewSpec:
    """One screen. Adding one: a folder in tui/views with such a value, and its name in views/registry.py."""

    name: str
    """Stable: it stands in saved views and in names of exported files."""
    widget: Callable[[], View]
    """Makes what shows the answer."""
    compute: Callable[[Dataset, Location], Answer]
    """The answer for a location; runs in a worker, may take long, touches no widget. Raises LtvError."""
    complete: Callable[[Dataset, Location, Report], Answer] = _completed
    """The whole answer where `compute` gave a preliminary one; runs in a worker. Raises LtvError."""
    key: str = ""
    """Key that leads to it; blank: only drilling does."""
    title: str = ""
    """Its name in the footer; blank where it has no key."""
    help: str = ""
    """One sentence, for help, palette and README."""
    synonyms: tuple[str, ...] = ()
    """Other words by which somebody may look for it in the palette."""
    vocabulary: tuple[str, ...] = EVERYWHERE
    """Words that it shows, for help: names of present.definitions.DEFINITIONS."""
    state: type[ViewState] | None = None
    """What it shows besides query and rows; None: nothing."""
    start: Callable[[OpenedDataset], ViewState | None] = _no_state
    """What it shows at first of a shop that was opened; None: its default."""
    reads: frozenset[Part] = frozenset({"trail", "show"})
    """What else its answer depends on: locations that differ elsewhere have one answer."""
    is_selection: bool = True
    """Whether it shows a selection of customers, over which the key figures stand."""
    is_grouped: bool = True
    """Whether a row or cell is a group of customers."""
    needs_customer: bool = False
    """Whether its location names one customer."""
    rows_name: str = ""
    """What its rows are called in names of exported files; blank: its own name."""
    describe: Callable[[Location], str] = _describe_nothing
    """What it adds to the trail."""
    order: Callable[[Location], tuple[str, bool] | None] = _no_order
    """Column by which its rows are sorted unless another is chosen, and whether it falls; None: by no one column."""
    dimensions: Callable[[Location], tuple[str | None, ...]] = _no_dimensions
    """Dimensions without which a saved view of it cannot be shown."""
    actions: Mapping[str, Action] = field(default_factory=dict)
    """How commands that not every view has are carried out here, by their id."""
    commands: tuple[Command, ...] = ()
    """Commands that no other view has."""
    expected: Callable[[Outlook], Expected] = nothing
    """Where keys lead from here: answered while nobody presses one."""
    entry: Callable[[Outlook], Expected] = nothing
    """Locations of this view that keys lead to from a table of segments."""
    is_hub: bool = False
    """Whether other views are often gone to from here: their entries are expected too."""
    is_cheap: bool = False
    """Whether it is answered in no time: there is time for it while a large shop is read on."""
    preparations: Callable[[Dataset, Location], Sequence[Callable[[], object]]] = _no_preparations
    """Each computes, in a moment, a part of what `compute` will need; done once, it costs nothing."""

    def action(self, id: str) -> Action | None:
        """What carries out the command of that id here; None where it does not work."""
        own = next((command.run for command in self.commands if command.id == id), None)
        return own or self.actions.get(id)
