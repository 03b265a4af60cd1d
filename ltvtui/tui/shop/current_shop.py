"""What the app knows of the shop that is open."""

from __future__ import annotations

from dataclasses import dataclass

from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources.mapping import Mapping


@dataclass
class CurrentShop:
    """The shop, as it was asked for and as it was read last."""

    request: OpenRequest
    today: int | None = None
    """Days since 1970-01-01; None: the clock's."""
    mapping: Mapping | None = None
    """How the columns are understood; None before the first reading."""
    opened: OpenedDataset | None = None
    """None until it is read and settled."""
    before: OpenedDataset | None = None
    """What was opened before it was read again."""

    @property
    def key(self) -> str:
        """Under which choices for this shop are stored."""
        return self.request.shop_key

    def read_again(self) -> None:
        """It is being read: what is there stays until another reading succeeds."""
        self.opened, self.before = None, self.opened or self.before

    def understand(self, request: OpenRequest) -> None:
        """Its columns mean something else: nothing that was read holds."""
        self.request = request
        self.opened = self.before = None
