"""The main screen as its parts see it: they stand below it and know no more of it than this."""

from __future__ import annotations

from typing import Protocol

from ltvtui.tui.action_context import ActionContext
from ltvtui.tui.main_screen.answers import Answers
from ltvtui.tui.main_screen.frame import Frame
from ltvtui.tui.main_screen.live_status import LiveStatus
from ltvtui.tui.main_screen.navigator import Navigator
from ltvtui.tui.main_screen.reading_state import ReadingState
from ltvtui.tui.registry import Registry


class Whole(ActionContext, Protocol):
    """What actions may ask, and the parts that other parts work with."""

    @property
    def shop_name(self) -> str:
        """What stands first in the trail."""

    @property
    def registry(self) -> Registry:
        """The screens and commands there are."""

    @property
    def navigator(self) -> Navigator:
        """Where the analyst is, was and wants to be."""

    @property
    def state(self) -> ReadingState:
        """How far the shop is read."""

    @property
    def live(self) -> LiveStatus:
        """Changes of a shop that is watched."""

    @property
    def answers(self) -> Answers:
        """Answers that are there or asked for."""

    @property
    def frame(self) -> Frame:
        """The widget that holds all others."""
