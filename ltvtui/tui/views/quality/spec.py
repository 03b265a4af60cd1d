"""Quality as a registered screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ltvtui.present.definitions import DOUBTS
from ltvtui.tui.on_demand import on_demand_in
from ltvtui.tui.views.spec import Expected, Outlook, ViewSpec

if TYPE_CHECKING:
    from ltvtui.tui.views.quality import compute, view
else:
    compute, view = on_demand_in("ltvtui.tui.views.quality", "compute", "view")


def _entry(outlook: Outlook) -> Expected:
    return Expected((outlook.location.at("quality", outlook.location.query),))


QUALITY: Final = ViewSpec(
    "quality",
    view.QualityScreen,
    compute.quality,
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
