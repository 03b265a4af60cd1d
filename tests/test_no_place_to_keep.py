"""Settings, mappings, views and notes that cannot be read or kept: what can be done is done, and the rest is said."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shops import ROOT, build

from ltvtui.cli import main
from ltvtui.errors import LtvError
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.storage import settings_file
from ltvtui.storage.settings_file import config_dir, load_settings, unreachable, workspace_path
from ltvtui.storage.workspace import Workspace
from ltvtui.user_state.state import SavedView, ViewChange

ASKING = ("report", "check", "config", "cohorts", "retention", "migration", "budget")
BOUND = ("setpriv", "--inh-caps=-dac_override,-dac_read_search", "--bounding-set=-dac_override,-dac_read_search")
"""Before a command of root's: rights count for it too."""
RUN_ALL = """
import json
import sys
from click.testing import CliRunner
from ltvtui.cli import main
shop, *commands = sys.argv[1:]
done = [(command, CliRunner().invoke(main, [command, shop], catch_exceptions=False)) for command in commands]
print(json.dumps([(command, told.exit_code, told.output) for command, told in done]))
"""
"""Every command in one process, which starts longer than they take."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return build(
        tmp_path,
        "CREATE TABLE orders (order_id INTEGER, customer_id TEXT, day TEXT, amount REAL); INSERT INTO orders VALUES"
        " (1, 'ann', '2024-01-01', 5), (2, 'bob', '2024-01-02', 7), (3, 'ann', '2024-02-02', 7);",
    )


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / "home" / name.lower()))


def run(*words: object) -> Result:
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done


def a_file(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")


def below_a_file(folder: Path) -> None:
    a_file(folder.parent)


def a_loop(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(folder)


BROKEN: dict[str, Callable[[Path], None]] = {"file": a_file, "below a file": below_a_file, "loop": a_loop}


@pytest.mark.parametrize("how", BROKEN)
def test_a_folder_of_settings_that_is_none(shop: Path, how: str) -> None:
    BROKEN[how](config_dir())
    for command in ASKING:
        done = run(command, shop)
        assert done.exit_code == 0, done.output
        assert "settings and saved mappings are not used" in done.output
        assert "LTVTUI_CONFIG_DIR" in done.output
    assert run("names").exit_code == 0
    done = run("config", shop, "--write")
    assert done.exit_code == 1
    assert "could not be written" in done.stderr
    with pytest.raises(LtvError, match="cannot be written") as told:
        settings_file.save_setting("theme", "x")
    assert "LTVTUI_CONFIG_DIR" in told.value.mend


def test_a_folder_of_settings_that_may_not_be_looked_into(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system refuses it to anybody but root."""
    lstat = Path.lstat

    def refuse(path: Path) -> os.stat_result:
        if path.parent == config_dir():
            raise PermissionError(13, "Permission denied", str(path))
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", refuse)
    told = unreachable()
    assert told is not None
    assert "Permission denied" in told
    assert any("saved mappings are not used" in notice for notice in open_shop(OpenRequest(shop)).notices)
    assert settings_file.load_terms("shop") == {}


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"theme = ", b"[", b"a = " + b"[" * 5_000, b"a = 1\na = 2", b"\0", bytes(range(256))],
    ids=["no text", "no value", "half", "deep", "twice", "zero", "bytes"],
)
def test_damaged_settings_are_said_and_left_alone(shop: Path, content: bytes) -> None:
    config_dir().mkdir(parents=True)
    path = config_dir() / "config.toml"
    path.write_bytes(content)
    for command in ASKING:
        done = run(command, shop)
        assert done.exit_code == 0, done.output
        assert str(path) in done.output
    assert load_settings().cache_limit == 0
    assert "turned off: the settings cannot be read" in run("cache").stdout
    with pytest.raises(LtvError, match=r"config\.toml"):
        settings_file.save_setting("theme", "x")
    assert path.read_bytes() == content


def test_settings_that_are_a_folder(shop: Path) -> None:
    (config_dir() / "config.toml").mkdir(parents=True)
    done = run("report", shop)
    assert done.exit_code == 0
    assert "config.toml is a folder, not a file." in done.stderr
    assert "Move it away." in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "it is not UTF-8 text"),
        (b"[mapping", "it is not valid TOML"),
        (b"a = " + b"[" * 5_000, "it is not valid TOML"),
        (b"[mapping]\norders = 5", "must be text in quotes"),
        (b"[tomorrow]\nx = 1", "[tomorrow] is unknown"),
        (b'[mapping]\norders = "o"\ncustomer = "c"\ndate = "d"\namount = "a"\nhue = "x"', "mapping.hue is unknown"),
    ],
)
def test_a_saved_mapping_that_is_damaged_is_never_passed_over(shop: Path, content: bytes, said: str) -> None:
    """Without it figures would be others."""
    path = OpenRequest(shop).mapping_file
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    for command in ASKING:
        done = run(command, shop)
        assert done.exit_code == 2
        assert said in done.stderr
        assert str(path) in done.stderr
    assert path.read_bytes() == content


@pytest.mark.parametrize("how", BROKEN)
def test_a_folder_of_data_that_is_none(shop: Path, how: str) -> None:
    BROKEN[how](workspace_path().parent)
    assert run("budget", shop).exit_code == 0
    for command in ("views", "notes"):
        done = run(command)
        assert str(workspace_path().parent) in done.stderr
        assert done.exit_code == (1 if how == "loop" else 0)


def test_data_that_may_not_be_read(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stat = Path.stat

    def refuse(path: Path, **how: bool) -> os.stat_result:
        if path == workspace_path():
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **how)

    monkeypatch.setattr(Path, "stat", refuse)
    done = run("budget", shop)
    assert done.exit_code == 0
    assert "cannot be used: Permission denied. Spend entered on Budget is left out." in done.stderr
    done = run("notes")
    assert done.exit_code == 1
    assert "LTVTUI_DATA_DIR" in done.stderr


@pytest.mark.parametrize("name", ["CONFIG", "DATA", "CACHE"])
def test_without_a_home_nothing_is_written_where_one_happens_to_be(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A container's user of whom nothing is known: `~` stays `~`."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv(f"LTVTUI_{name}_DIR")
    monkeypatch.setattr(settings_file, f"user_{name.lower()}_path", lambda *_, **__: Path("~/somewhere/ltvtui"))
    for command in ("report", "budget", "config"):
        done = run(command, shop)
        assert done.exit_code == 0, done.output
    told = {"CONFIG": "There is no home folder", "DATA": "", "CACHE": ""}[name]
    assert told in run("report", shop).stderr
    if name == "CONFIG":
        with pytest.raises(LtvError, match="cannot be written"):
            settings_file.save_setting("theme", "x")
    if name == "DATA":
        with pytest.raises(LtvError, match="cannot be used"):
            Workspace(workspace_path()).change("shop", ViewChange("x", SavedView("x", "{}")))
    assert list(here.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root is refused nothing here")
@pytest.mark.parametrize("name", ["CONFIG", "DATA", "CACHE"])
@pytest.mark.parametrize("mode", [0o000, 0o500])
def test_rights_as_the_system_has_them(shop: Path, tmp_path: Path, name: str, mode: int) -> None:
    folder = tmp_path / "home" / name.lower()
    folder.mkdir(parents=True)
    folder.chmod(mode)
    bound = BOUND if os.geteuid() == 0 else ()
    commands = ("report", "budget", "config", "check")
    try:
        done = subprocess.run(
            [*bound, sys.executable, "-c", RUN_ALL, str(shop), *commands],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        folder.chmod(0o700)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert [command for command, *_ in answers] == list(commands)
    for command, code, output in answers:
        assert code == 0, output
        assert "Traceback" not in output
        said = str(folder) in output
        assert said == (mode == 0 and (name == "CONFIG" or (name == "DATA" and command == "budget")))
