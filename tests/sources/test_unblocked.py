"""Work that is waited for so that somebody can stop the waiting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest
from shops import ROOT

from ltvtui.errors import Cancelled
from ltvtui.sources.files.unblocked import each_unblocked, unblocked


def test_what_it_returns_and_raises() -> None:
    assert unblocked(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        unblocked(lambda: 1 // 0)
    assert list(each_unblocked(iter("abc"))) == ["a", "b", "c"]


def test_a_cancel_is_heard_while_it_works() -> None:
    forever = threading.Event()
    try:
        with pytest.raises(Cancelled):
            unblocked(lambda: forever.wait(60), lambda: True)
    finally:
        forever.set()


def test_an_interrupt_ends_the_program_while_it_works() -> None:
    code = (
        "import sys, threading; from ltvtui.sources.files.unblocked import unblocked\n"
        "def work():\n    print('begun', flush=True)\n    threading.Event().wait(600)\n"
        "try:\n    unblocked(work)\nexcept KeyboardInterrupt:\n    sys.exit(130)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        child.send_signal(signal.SIGINT)
        assert child.wait(60) == 130
