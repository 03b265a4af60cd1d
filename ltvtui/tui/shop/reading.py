"""Reads a shop, beside the keyboard, and posts how far it has come and what becomes of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from textual.message import Message

from ltvtui.errors import Cancelled, LtvError
from ltvtui.present.charts import prepare as prepare_charts
from ltvtui.session.dataset import Dataset
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.storage import settings_file
from ltvtui.tui.shop.messages import OpeningFailed, RowsRead, ShopCompleted, ShopOpened, StepBegun

POST_EVERY: Final = 0.1
"""Seconds between two signs of progress: often enough to be seen to move."""


def read_shop(
    request: OpenRequest,
    today: int | None,
    in_two: bool,
    prepare: Callable[[Dataset], object],
    post: Callable[[Message], object],
    stopped: Callable[[], bool],
) -> None:
    """Read the shop of `request` until `stopped` says so.

    `in_two`: of a large one the figures may come before order ids, attributes and people; `prepare` is called with
    the shop as it is with them, before it is posted. `today` as open_shop takes it.
    """
    drawing = threading.Thread(target=prepare_charts, daemon=True)
    drawing.start()
    posted_at, begun = 0.0, False
    user_state: dict[str, str] = {}

    def advance(done: int, total: int) -> None:
        nonlocal posted_at
        now = time.monotonic()
        if now - posted_at >= POST_EVERY or done >= total:
            posted_at = now
            post(RowsRead(done, total))

    def begin_step(doing: str, number: int, steps: int) -> None:
        post(StepBegun(doing, number, steps))

    def begin(opened: OpenedDataset) -> None:
        nonlocal begun
        drawing.join()  # else the first painting would wait for it
        if not stopped():
            begun = True
            post(ShopOpened(opened, user_state, is_complete=False))

    try:
        user_state = settings_file.load_terms(request.shop_key)
        with_state = replace(request, user_state=user_state)
        shown = begin if in_two else None
        opened = open_shop(with_state, advance, stopped, today, shown, doing=begin_step)
    except Cancelled:
        return
    except LtvError as error:
        post(OpeningFailed(error))
        return
    drawing.join()
    if stopped():
        return
    if begun:
        prepare(opened.dataset)
        post(ShopCompleted(opened))
    else:
        post(ShopOpened(opened, user_state, is_complete=True))
