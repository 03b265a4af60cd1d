"""A shop that was opened in the same way before, and is the same byte by byte, is not read again.

Most tests of the screen are of a few small shops, and about what is on the screen: reading each shop anew, and
counting it anew, took a tenth of their time. What is kept is only ever read: a dataset does not change.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.storage.settings_file import config_dir
from ltvtui.tui.shop import reading

MOST = 12
"""Shops that are kept at a time: those opened last."""
KEPT: OrderedDict[Hashable, OpenedDataset] = OrderedDict()


def watch(patch: pytest.MonkeyPatch) -> None:
    """Have the app open shops so."""
    patch.setattr(reading, "open_shop", open_once)


def open_once(
    request: OpenRequest,
    progress: Callable[[int, int], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
    today: int | None = None,
    early: Callable[[OpenedDataset], None] | None = None,
    **others: Any,
) -> OpenedDataset:
    """As open_shop. What is saved for a shop, or written beside it, is read as ever."""
    name = _name(request, today)
    if name in KEPT:
        KEPT.move_to_end(name)
        return KEPT[name]
    opened: OpenedDataset = open_shop(request, progress, cancelled, today, early, **others)
    if name is not None and opened.store is None:
        KEPT[name] = opened
        while len(KEPT) > MOST:
            KEPT.popitem(last=False)
    return opened


def _name(request: OpenRequest, today: int | None) -> tuple[Any, ...] | None:
    """All that an opening depends on; None where that is more than the file and what was said."""
    path = request.path
    if path is None or not path.is_file() or config_dir().exists() or request.config or request.spend_file:
        return None
    if any(path.parent.glob(f"{path.name}-*")):
        return None
    content = path.read_bytes()
    if not content.startswith(b"SQLite format 3\0") or content[18:20] != b"\1\1":  # in WAL mode
        return None
    said = repr(replace(request, uri=path.name))  # without the folder, which is another one in every test
    return path.name, sha256(content).digest(), said, today
