"""The shops whose screens are held against each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from said import SHOPS

from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources.overrides import Overrides


@pytest.fixture(scope="module", params=SHOPS)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedDataset]:
    make, table = SHOPS[request.param]
    path = make(tmp_path_factory.mktemp("shop"))
    patch = pytest.MonkeyPatch()
    patch.setenv("LTVTUI_CONFIG_DIR", str(path.parent / "settings"))
    yield open_shop(OpenRequest(path, Overrides(orders=table or None)))
    patch.undo()
