"""How far a reading is."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from ltvtui.present.numbers import percent


class Progress(Widget):
    """A bar that moves when something was read, and at no other time: over a slow line each frame of an
    animation costs more than it tells."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"progress--done", "progress--left"}
    DEFAULT_CSS = """
    Progress { width: 40; height: 1; }
    Progress > .progress--done { color: $primary; }
    Progress > .progress--left { color: $surface-lighten-2; }
    """

    share: reactive[float | None] = reactive(None)
    """0…1; None where it is not known how much there is."""

    def render(self) -> Text:
        """The bar and the percentage."""
        share = "" if self.share is None else f"{percent(self.share, 0):>6}"
        room = max(self.size.width - 6, 0)
        done = round(room * (self.share or 0))
        return Text.assemble(
            ("━" * done, self.get_component_rich_style("progress--done")),
            ("━" * (room - done), self.get_component_rich_style("progress--left")),
            share,
            no_wrap=True,
            end="",
        )
