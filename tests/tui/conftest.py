"""Every test of the screen has settings of its own."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import opened_once
import pytest
import quiet
from shops import corner_shop
from textual_internals import paint_nothing, parse_styles_once


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder that nobody else uses, and a workspace."""
    folder = tmp_path / "settings"
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(folder))
    monkeypatch.setenv("LTVTUI_DATA_DIR", str(tmp_path / "data"))
    for name in ("LTVTUI_THEME", "LTVTUI_MOUSE", "NO_COLOR", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(autouse=True)
def no_idle_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pilot waits for what is to be done, not for time to pass."""
    quiet.watch(monkeypatch)


OPENS = frozenset(
    {
        *("test_opening_on_screen", "test_first_picture", "test_early_on_screen", "test_file_on_screen"),
        *("test_live_on_screen", "test_reloading", "test_ahead", "test_one_more_metric"),
        *("test_one_picture", "test_pauses", "test_workers"),
    }
)
"""Modules that are about opening, about what is asked when, or that have figures made in another way."""


@pytest.fixture(autouse=True)
def shops_opened_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, settings: Path) -> None:
    """The same shop is opened once; but where a test replaces parts of the program its figures are its own."""
    replaces = "monkeypatch" in inspect.signature(request.function).parameters
    if not replaces and request.path.stem not in OPENS:
        opened_once.watch(monkeypatch)


PAINTS = frozenset({"test_one_picture", "test_first_picture", "test_grid"})
"""Modules that are about what is drawn, and when."""


@pytest.fixture(autouse=True)
def nothing_painted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The screen is drawn where a test reads it, and at the end."""
    if request.path.stem not in PAINTS:
        paint_nothing(monkeypatch)


@pytest.fixture(autouse=True, scope="session")
def styles_parsed_once() -> Iterator[None]:
    """Every app has the same style sheets."""
    with pytest.MonkeyPatch.context() as patch:
        parse_styles_once(patch)
        yield


@pytest.fixture
def corner(tmp_path: Path) -> Path:
    """The shop that is checked by hand (fixtures/corner_shop.sql)."""
    return corner_shop(tmp_path)
