"""Signals by which a terminal ends the app. Windows has neither of them: there they have the number that they have
elsewhere, for the exit code, and nobody sends them."""

from __future__ import annotations

import signal
from typing import Final

HANG_UP: Final = int(getattr(signal, "SIGHUP", 1))
"""The terminal is gone."""
QUIT: Final = int(getattr(signal, "SIGQUIT", 3))
"""Ctrl-\\\\."""
