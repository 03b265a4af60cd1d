"""Pages: what locations show, stored while it may be wanted again or is expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ltvtui.present.figures import Figures
from ltvtui.session.dataset import Dataset
from ltvtui.session.result_cache import ResultCache
from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.live_status import Before
from ltvtui.tui.views.answer import Answer

ROOM: Final = 128 * 2**20
"""Bytes of frames on pages; most of them are those that the dataset stores too."""


@dataclass(frozen=True, eq=False)
class Page:
    """All that a location shows."""

    dataset: Dataset
    location: Location
    figures: Figures
    as_of: int
    """Day it is of, since 1970-01-01."""
    answer: Answer
    before: Before | None
    """What the location showed before others wrote to the shop."""
    reads_spend: bool
    """Whether spend that is typed in changes it."""

    def serves(self, dataset: Dataset) -> bool:
        """Whether it is of this shop as it is."""
        return self.dataset is dataset or (self.dataset.cleaned is dataset.cleaned and not self.reads_spend)


class Pages:
    """The latest pages by what they answer. Any thread may put one in."""

    def __init__(self, question: Callable[[Location], Location]) -> None:
        """`question` gives equal values for locations with one and the same answer."""
        self._question = question
        self._stored = ResultCache(ROOM)

    def put(self, page: Page) -> None:
        """Store `page`, unless a better one follows: who comes back asks for what is known by then."""
        if not page.answer.is_preliminary:
            self._stored.add(self._question(page.location), page, page.answer)

    def get(self, dataset: Dataset, location: Location) -> Page | None:
        """The page of `location` in `dataset`, if it is there."""
        page: Page | None = self._stored.find(self._question(location))
        return page if page is not None and page.serves(dataset) else None

    def clear(self) -> None:
        """None serves any more; nor do they hold the shop."""
        self._stored.clear()
