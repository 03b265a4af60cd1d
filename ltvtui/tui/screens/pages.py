"""Pages: what places show, kept while it may be wanted again or is expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ltvtui.present.figures import Figures
from ltvtui.session.dataset import Dataset
from ltvtui.session.result_cache import ResultCache
from ltvtui.tui.location import Location
from ltvtui.tui.screens.watching import Before

ROOM: Final = 128 * 2**20
"""Bytes of frames on pages kept; most of them are those that the dataset remembers too."""


@dataclass(frozen=True, eq=False)
class Page:
    """All that `place` shows."""

    dataset: Dataset
    location: Location
    figures: Figures
    as_of: int
    """Day it is of, since 1970-01-01."""
    answer: Any
    """What the view's `ask` gave."""
    before: Before | None
    """What the place showed before others wrote to the shop."""

    def serves(self, dataset: Dataset) -> bool:
        """Whether it is of this shop as it is; what is typed in about spend is seen on Budget alone."""
        return self.dataset is dataset or (self.dataset.cleaned is dataset.cleaned and self.location.view != "budget")


class Pages:
    """The latest pages by what they answer. Any thread may put one in."""

    def __init__(self) -> None:
        self._kept = ResultCache(ROOM)

    def put(self, page: Page) -> None:
        """Keep `page`."""
        self._kept.keep(page.location.question, page, page.answer)

    def get(self, dataset: Dataset, location: Location) -> Page | None:
        """The page of `place` in `dataset`, if it is there."""
        page: Page | None = self._kept.find(location.question)
        return page if page is not None and page.serves(dataset) else None

    def clear(self) -> None:
        """None serves any more; nor do they hold the shop."""
        self._kept.clear()
