"""When Python looks for garbage: after a picture, never within it; all of it in a rest."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest

from ltvtui.tui.terminal import gc_tuning
from ltvtui.tui.terminal.gc_tuning import OLD_AT_ONCE, OLD_FROM, REST, TIDY_AFTER, GcTuning


class Clock:
    """A timer that is due when the test says so."""

    def __init__(self, after: float, act: Callable[[], None]) -> None:
        self.after = after
        self.act = act
        self.over = False
        self.begun_anew = 0

    def reset(self) -> None:
        self.begun_anew += 1

    def stop(self) -> None:
        self.over = True

    def ring(self) -> None:
        assert not self.over
        self.over = True
        self.act()


class App:
    """Keeps the timers that were set."""

    def __init__(self) -> None:
        self.clocks: list[Clock] = []

    def set_timer(self, after: float, act: Callable[[], None]) -> Clock:
        self.clocks.append(Clock(after, act))
        return self.clocks[-1]

    def due(self, after: float) -> list[Clock]:
        return [clock for clock in self.clocks if clock.after == after and not clock.over]


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Generations that were collected; the process itself stays as it is."""
    found: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda generation=2: found.append(generation) or 0)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(gc, "set_threshold", lambda *_: None)
    monkeypatch.setattr(gc, "get_count", lambda: (gc_tuning.TIDY_FROM, 0, 0))
    monkeypatch.setattr(gc_tuning.sys, "setswitchinterval", lambda _: None)
    return found


def painted(app: App, kept: GcTuning) -> None:
    """One picture, and the moment after it."""
    kept.after_picture()
    (clock,) = app.due(TIDY_AFTER)
    clock.ring()


def test_nothing_is_done_before_pauses_are_wanted(collected: list[int]) -> None:
    app = App()
    GcTuning(app).after_picture()  # type: ignore[arg-type]
    assert not app.clocks


def test_the_young_are_collected_after_a_picture_the_old_in_a_rest(collected: list[int]) -> None:
    app = App()
    kept = GcTuning(app)  # type: ignore[arg-type]
    kept.shorten()
    for _ in range(OLD_FROM):
        painted(app, kept)
    assert collected == [1] * OLD_FROM
    assert not app.due(REST)
    painted(app, kept)
    (rest,) = app.due(REST)
    painted(app, kept)
    assert rest.begun_anew == 1  # another picture: the rest begins anew
    rest.ring()
    assert collected == [1] * (OLD_FROM + 2) + [2]
    painted(app, kept)
    assert not app.due(REST)


def test_who_never_rests_is_looked_through_all_the_same(collected: list[int]) -> None:
    app = App()
    kept = GcTuning(app)  # type: ignore[arg-type]
    kept.shorten()
    for _ in range(OLD_AT_ONCE):
        painted(app, kept)
    assert collected == [1] * (OLD_AT_ONCE - 1) + [2]
