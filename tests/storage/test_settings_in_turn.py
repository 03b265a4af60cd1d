"""Several sessions that change the settings at once: no change of another is lost, and nobody waits for ever."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from shops import ROOT

from ltvtui.storage import lock
from ltvtui.storage.lock import Lock
from ltvtui.storage.settings_file import save_setting, save_terms

CHILD = """
import sys
from ltvtui.storage import lock
from ltvtui.storage.settings_file import save_setting, save_terms
lock.PATIENCE = 60.0  # of a busy machine: what becomes of those who wait too long is another test's matter
sys.stdin.readline()
for turn in range(15):
    save_setting(f"{sys.argv[1]}{turn}", "x")
    save_terms(f"shop {sys.argv[1]}{turn}", {"horizon": "9"})
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "config"))
    return tmp_path / "config" / "config.toml"


def test_what_others_change_at_the_same_time_stays(settings: Path) -> None:
    others = [
        subprocess.Popen([sys.executable, "-c", CHILD, name], cwd=ROOT, stdin=subprocess.PIPE, text=True)
        for name in "abc"
    ]
    for other in others:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
    for other in others:
        other.communicate()
        assert other.returncode == 0
    told = tomllib.loads(settings.read_text())
    assert len(told.pop("shops")) == 45
    assert len(told) == 45
    assert [path.name for path in settings.parent.iterdir()] == ["config.toml"]


def test_who_is_stuck_keeps_nobody_from_writing(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.05)
    save_setting("theme", "nord")
    with Lock(settings.parent):
        save_setting("theme", "gruvbox")
        save_terms("shop", {"horizon": "9"})
    assert tomllib.loads(settings.read_text()) == {"theme": "gruvbox", "shops": {"shop": {"horizon": "9"}}}
