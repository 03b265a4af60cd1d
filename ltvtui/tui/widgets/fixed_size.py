"""What is as large as it is shown."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widget import Widget


class FixedSizeWidget(Widget):
    """A widget without scrollbars: in another size its parts have their places already.

    Textual lays the whole screen out once more, and paints it twice, when the size of what a widget could
    scroll over has changed: its scrollbars may come or go.
    """

    virtual_size = Reactive(Size(0, 0), repaint=False)
