"""No pause that is felt between a key and its picture.

Python stops everything to look for garbage, and the longest of these stops grow with all that is alive: 60 to
100 ms in an app of widgets and style sheets. What the app is made of stays to its end, so it need not be visited.
And a thread that answers a question hands over to the one that paints every 5 ms only; 1 ms costs it nothing.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

YOUNG: Final = (20_000, 20, 20)
"""Objects after which the youngest are collected, and how often until older ones are (gc.set_threshold)."""
HAND_OVER: Final = 0.001
"""Seconds after which a thread gives way to another one that waits."""


def shorten() -> None:
    """Set the process to short pauses; call it when the app stands and no data is read yet.

    Data that is alive now would never be let go where it is part of a cycle.
    """
    gc.freeze()
    gc.set_threshold(*YOUNG)
    sys.setswitchinterval(HAND_OVER)
