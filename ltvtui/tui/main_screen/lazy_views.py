"""The views of the main screen. Each is made when it is wanted first: most widgets of the app are in views, and few
of these are visited."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import ContentSwitcher

from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.main_screen.loading import Loading
from ltvtui.tui.registry import LOADING, Registry
from ltvtui.tui.views.view import View
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.user_state.state import UserState
from ltvtui.user_state.tier_history import TierChange


class LazyViews(ContentSwitcher, FixedSizeWidget):
    """One view at a time. A view is told at its making what all views were told before."""

    DEFAULT_CSS = "LazyViews { height: 1fr; }"
    BLANK = True

    def __init__(self, registry: Registry) -> None:
        super().__init__(initial=LOADING)
        self._registry = registry
        self._made: dict[str, View] = {}
        self._opened: OpenedDataset | None = None
        self._user_state = UserState()

    def compose(self) -> ComposeResult:
        """What is shown while a shop is read."""
        yield Loading(id=LOADING)

    async def make(self, name: str) -> None:
        """Make the view of that name, behind what is on screen, unless it was made. While the app is being left
        there may be none afterwards."""
        if name in self._made:
            return
        view = self._registry.view(name).widget()
        await self.add_content(view, id=name)
        if not view.is_mounted:
            return
        self._made[name] = view
        if self._opened is not None:
            view.set_shop(self._opened)
        view.show_user_state(self._user_state)

    def has_made(self, name: str) -> bool:
        """Whether the view of that name was made."""
        return name in self._made

    def made(self, name: str) -> View:
        """The view of that name, on screen or not; it was made."""
        return self._made[name]

    def set_shop(self, opened: OpenedDataset) -> None:
        """A shop was read: views store what they tell of the reading itself."""
        self._opened = opened
        for view in self._made.values():
            view.set_shop(opened)

    def show_user_state(self, user_state: UserState) -> None:
        """Show what is remembered, where a view does."""
        self._user_state = user_state
        for view in self._made.values():
            view.show_user_state(user_state)

    def show_history(self, customer: str, changes: Sequence[TierChange]) -> None:
        """Recorded tiers of a customer, by the shop's own id, were looked up for a view."""
        for view in self._made.values():
            view.show_history(customer, changes)
