"""Where the analyst stands: a view and a lens. Frozen; a new place is made, never a changed one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ltvtui.lens import Lens


@dataclass(frozen=True)
class Place:
    """One place on the desk."""

    view: str
    """overview, explore, customers, customer or quality."""
    lens: Lens = field(default_factory=Lens)
    by: tuple[str, ...] = ("tier",)
    """One dimension or two, of overview and explore."""
    customer: int | None = None
    """Customer code, of the card."""
    search: str = ""
    """Text that narrows the rows."""
    sort: tuple[str, bool] | None = None
    """Column and whether it falls; None: the table's own order."""

    def under(self, lens: Lens) -> Place:
        """The same place and trail, under the terms of `lens`."""
        return replace(self, lens=replace(lens, trail=self.lens.trail))

    def words(self) -> str:
        """What the view itself adds to the trail."""
        by = " × ".join(self.by)
        return {"explore": f"by {by}", "customers": "customers", "quality": "quality"}.get(self.view, "")
