"""Work within a library that hears nothing until it is done, so that Ctrl-C and a cancel are heard meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Event, Thread
from typing import Any, Final, TypeVar

from ltvtui.errors import Cancelled
from ltvtui.sources.base import Stop

T = TypeVar("T")

LISTEN: Final = 0.05
"""Seconds between two looks at whether somebody wants it to stop."""
_END: Final = object()


def unblocked(work: Callable[[], T], stopped: Stop = lambda: False) -> T:
    """What `work` returns or raises, done in a thread of its own.

    Cancelled when `stopped`, KeyboardInterrupt on Ctrl-C: then nobody waits for the work any more, and it does not
    keep the program from ending.
    """
    answer: list[T] = []
    failure: list[BaseException] = []
    done = Event()

    def run() -> None:
        try:
            answer.append(work())
        except BaseException as error:  # a panic of a library is no Exception; it is raised where it is asked for
            failure.append(error)
        finally:
            done.set()

    Thread(target=run, name="ltvtui-unblocked", daemon=True).start()
    while not done.wait(LISTEN):
        if stopped():
            raise Cancelled
    if failure:
        raise failure[0]
    return answer[0]


def each_unblocked(found: Iterable[T]) -> Iterator[T]:
    """The same items, each of them waited for so that Ctrl-C is heard."""
    items = iter(found)
    while True:
        item: Any = unblocked(lambda: next(items, _END))
        if item is _END:
            return
        yield item
