"""Quality as a registered screen."""

from __future__ import annotations

from typing import Final

from ltvtui.present.definitions import DOUBTS
from ltvtui.tui.views.quality.compute import quality
from ltvtui.tui.views.quality.view import QualityScreen
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec


def _entry(outlook: Outlook) -> Expected:
    return Expected((outlook.location.at("quality", outlook.location.query),))


QUALITY: Final = ViewSpec(
    "quality",
    QualityScreen,
    quality,
    key="8",
    title="Quality",
    help="What was read, what was left out and why; the mapping.",
    vocabulary=("left out", "noted", "mapping", *DOUBTS),
    reads=frozenset(),
    is_selection=False,
    is_grouped=False,
    describe=lambda location: "quality",
    entry=_entry,
    is_cheap=True,
)
