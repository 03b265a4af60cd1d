"""Ctrl-\\: a run ends at once, with 131 as a shell says it, without an image of its memory on disk."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import Final, NoReturn

CODE: Final = 128 + 3
GRACE: Final = 1.0
"""Seconds in which a run may clean up behind itself."""


def leave_on_quit() -> None:
    """Leave in order on SIGQUIT; and all the same where a library is at work and does not look up.

    Does nothing where the signal is ignored, is not known, or somebody else looks after it.
    """
    number = getattr(signal, "SIGQUIT", None)
    if number is None or threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(number) is not signal.SIG_DFL:
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(number, _leave)
    threading.Thread(target=_exit_at_last, args=(reader, number), name="quit", daemon=True).start()


def _leave(number: int, frame: object) -> NoReturn:
    sys.exit(CODE)


def _exit_at_last(reader: int, number: int) -> None:
    while signals := os.read(reader, 64):
        if number in signals:
            time.sleep(GRACE)
            os._exit(CODE)
