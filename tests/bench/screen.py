"""The app on a terminal, as over SSH: when figures stand there, and what each key costs."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.fresh import environment
from bench.terminal import COLUMNS, LINES, Stroke, Terminal

FIGURES: Final = b"as of 20"
"""Stands in the trail as soon as there are figures."""
CANCELLED: Final = "The reading was cancelled"
"""Stands on screen after Esc."""
OVERVIEW: Final = "VIP top 20"
"""Stands on Overview and nowhere else."""
COLOURS: Final = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


@dataclass
class Session:
    """What one run of the app gave."""

    first_paint: float = 0.0
    """Seconds from the start of the process until something stands on the screen."""
    first_figures: float = 0.0
    start_bytes: int = 0
    """Up to the finished overview."""
    peak_mb: float = 0.0
    cpu: float = 0.0
    """Seconds of all cores, from the start to the end."""
    strokes: dict[str, list[Stroke]] = field(default_factory=lambda: defaultdict(list))


def session(
    shop: Path, home: Path, times: int, quiet: float, program: Sequence[str] = ("ltvtui",), words: Sequence[str] = ()
) -> Session:
    """Open `shop`, press every kind of key about `times` times, leave; settings and caches live in `home`.

    `quiet` is how many seconds without a byte end the answer to a key. `program`: module of Python and what it takes
    before the shop; `words`: options behind it.
    """
    found = Session()
    command = [sys.executable, "-m", *program, str(shop), *words]
    terminal = Terminal(command, _environment(home), quiet)
    found.first_paint = terminal.await_bytes(b"Opening")
    found.first_figures = terminal.await_bytes(FIGURES)
    terminal.settle()
    found.start_bytes = terminal.total
    for script in (_overview, _explore, _people, _cohorts, _matrix, _budget, _terms) if times else ():
        script(_Hands(terminal, found), times)
    found.peak_mb = terminal.close("q")
    found.cpu = terminal.cpu
    return found


def escapes(shop: Path, home: Path, moments: Sequence[float]) -> list[float]:
    """Seconds from Esc, that many seconds after the start, until it is said that the opening was cancelled."""
    took = []
    for moment in moments:
        terminal = Terminal([sys.executable, "-m", "ltvtui", str(shop), "--no-cache"], _environment(home))
        terminal.await_bytes(b"Opening")
        terminal.listen_until(moment)
        if FIGURES.decode() not in terminal.text:  # else there was nothing left to cancel
            stroke = terminal.press("escape", CANCELLED, FIGURES.decode())
            if CANCELLED in terminal.text:  # else the figures were faster
                took.append(stroke.milliseconds / 1_000)
        terminal.close("q")
    return took


def _environment(home: Path) -> dict[str, str]:
    """As over SSH, in a truecolor terminal, at a home of its own."""
    return environment(
        {
            **COLOURS,
            "COLUMNS": str(COLUMNS),  # as the terminal has, whatever that of the bench says
            "LINES": str(LINES),
            "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22",
            "LTVTUI_CONFIG_DIR": str(home / "settings"),
            "LTVTUI_CACHE_DIR": str(home / "cache"),
            "LTVTUI_DATA_DIR": str(home / "data"),
        }
    )


@dataclass
class _Hands:
    """Presses keys and notes what they cost."""

    terminal: Terminal
    found: Session

    def press(self, kind: str, *keys: str, until: str = "") -> None:
        """Press `keys` one by one, each noted as `kind`; blank: not noted. `until` is seen after the last."""
        for key in keys:
            stroke = self.terminal.press(key, until if key is keys[-1] else "")
            if kind:
                self.found.strokes[kind].append(stroke)

    def choose(self, kind: str, key: str, title: str, until: str) -> None:
        """Take the dimension to which `key` leads in the list of that `title`."""
        self.press("list of dimensions", "d", until=title)
        self.press("", key)
        self.press(kind, "enter", until=until)


def _overview(hands: _Hands, times: int) -> None:
    """Screens to and fro."""
    for _ in range(times):
        hands.press("switch to Explore", "2", until="rows by")
        hands.press("switch to Quality", "8", until="Column mapping")
        hands.press("switch to Overview", "1", until=OVERVIEW)


def _explore(hands: _Hands, times: int) -> None:
    """Another dimension; rows; into a row and back."""
    hands.press("", "2", until="rows by")
    for _ in range(times):
        for key, name in (("c", "by channel"), ("f", "by first year")):
            hands.choose("cut by another dimension", key, "Group by", name)
    for _ in range(times):
        hands.press("row of Explore", "down", "down", "up", "up")
    hands.press("", "1", until=OVERVIEW)
    for _ in range(times):
        hands.press("drill into a tier", "enter", until="▸ VIP")
        hands.press("back from a tier", "backspace", until=OVERVIEW)


def _cohorts(hands: _Hands, times: int) -> None:
    """The triangle: all periods, metrics, cohorts by an attribute, the people of a cell."""
    for _ in range(times):
        hands.press("switch to Cohorts", "3", until="metric: retention")
        hands.press("", "1", until=OVERVIEW)
    hands.press("", "3", until="metric: retention")
    for _ in range(max(times // 4, 1)):
        for bucket in ("quarter", "year", "week", "month"):
            hands.press("cohorts by another period", "b", until=f"per {bucket} (b)")
    hands.press("metric of cohorts", *["m"] * (7 * max(times // 7, 1)))
    hands.press("column of cohorts", *["right"] * times)
    for _ in range(times):
        for key, name in (("c", "cohorts by channel"), ("home", "cohorts by first month")):
            hands.choose("cohorts by another dimension", key, "Cohorts by", name)
    for _ in range(times):
        hands.press("", "down")
        hands.press("people of a cell", "enter", until="▸ customers")
        hands.press("", "backspace", until="metric: retention")
    hands.press("", "1", until=OVERVIEW)


def _matrix(hands: _Hands, times: int) -> None:
    """The boards, their measures, the people of a cell."""
    for _ in range(times):
        hands.press("switch to Matrix", "4", until="▸ RFM")
        hands.press("", "1", until=OVERVIEW)
    hands.press("", "4", until="▸ RFM")
    for _ in range(max(times // 4, 1)):
        for board in ("ABC × XYZ", "life cycle", "tier migration", "RFM"):
            hands.press("another board", "tab", until=f"▸ {board}")
    hands.press("measure of cells", *["m"] * (3 * max(times // 3, 1)))
    for _ in range(times):
        hands.press("", "right")
        hands.press("people of a board's cell", "c", until="▸ customers")
        hands.press("", "backspace", until="▸ RFM")
        hands.press("", "left")
    hands.press("", "1", until=OVERVIEW)


def _budget(hands: _Hands, times: int) -> None:
    """What may be paid for a customer: each value that is tried, the payback of other rows."""
    for _ in range(times):
        hands.press("switch to Budget", "5", until="▸ budget")
        hands.press("", "1", until=OVERVIEW)
    hands.press("", "5", until="▸ budget")
    hands.press("payback of another row", *["down", "up"] * times)
    hands.press("", "w")
    for _ in range(2):  # margin, target
        hands.press("what if", *["left", "right"] * times)
        hands.press("", "tab")
    hands.press("", "escape", "1", until=OVERVIEW)


def _people(hands: _Hands, times: int) -> None:
    """The table of customers: rows, pages, order; a card and back."""
    for _ in range(times):
        hands.press("customers of a tier", "c", until="▸ customers")
        hands.press("", "backspace", until=OVERVIEW)
    hands.press("", "c", until="▸ customers")
    hands.press("row of customers", *["down"] * (3 * times))
    hands.press("page of customers", *["pagedown"] * (2 * times))
    hands.press("sort customers the other way round", *["S"] * (2 * times))
    for _ in range(times):
        hands.press("", "down")
        hands.press("card of a customer", "enter", until="newest first")
        hands.press("back from a card", "backspace", until="▸ customers")
    hands.press("", "backspace", until=OVERVIEW)
    hands.press("", "end")  # economy, in which most are
    hands.press("", "c", until="▸ economy ▸ customers")
    for _ in range(times):
        hands.press("", "right")
        hands.press("sort customers by another column", "s")
        hands.press("last of the customers", "end")
        hands.press("", "home")
    hands.press("", "backspace", until=OVERVIEW)
    hands.press("", "home")


def _terms(hands: _Hands, times: int) -> None:
    """Overview under other terms, each time under others."""
    hands.press("as-of day a month earlier", *["["] * times)
    for days in range(91, 91 + times):
        hands.press("", "A", until="as-of day")
        hands.press("", "\t", "\t", *str(days))
        hands.press("another churn gap", "enter", until=f"churn gap {days} days")
    for percent in range(21, 21 + times):
        hands.press("", "t", until="Tier rule")
        hands.press("", *str(percent))
        hands.press("another tier rule", "enter", until=f"VIP top {percent} %")
