"""Completion as shells ask for it: by click's protocol, and in the shells that are there."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner
from shops import corner_shop

from ltvtui.cli import main


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a shop and a program called ltvtui."""
    folder = tmp_path_factory.mktemp("completion")
    corner_shop(folder).rename(folder / "corner.db")
    program = folder / "ltvtui"
    program.write_text(f"#!{sys.executable}\nfrom ltvtui.cli import main\nmain(prog_name='ltvtui')\n", "utf-8")
    program.chmod(0o755)
    return folder


def environment(place: Path, **more: str) -> dict[str, str]:
    folders = {f"LTVTUI_{kind}_DIR": str(place / kind.lower()) for kind in ("CONFIG", "CACHE", "DATA")}
    path = f"{place}{os.pathsep}{os.environ['PATH']}"
    root = str(Path(__file__).parents[2])
    return {**os.environ, **folders, "PATH": path, "PYTHONPATH": root, "HOME": str(place), **more}


def run(place: Path, *command: str, **more: str) -> str:
    done = subprocess.run(
        command, cwd=place, env=environment(place, **more), capture_output=True, text=True, check=False
    )
    assert done.stderr == "", done.stderr
    return done.stdout


def completed(place: Path, *words: str) -> list[str]:
    """What click answers for the last of the words, in this process: shells ask another one below."""
    line = shlex.join(("ltvtui", *words[:-1])) + f" {words[-1]}"
    asked = environment(place, COMP_WORDS=line, COMP_CWORD=str(len(words)), _LTVTUI_COMPLETE="bash_complete")
    with chdir(place):
        done = CliRunner().invoke(main, prog_name="ltvtui", env=asked, catch_exceptions=False)
    assert done.stderr == "", done.stderr
    return [text.partition(",")[2] for text in done.stdout.splitlines() if text.startswith("plain,")]


def test_commands_and_options(place: Path) -> None:
    assert completed(place, "re") == ["report", "retention"]
    assert completed(place, "report", "corner.db", "--ho") == ["--horizon"]
    assert completed(place, "corner.db", "--liv") == ["--live"]  # as `open`
    assert completed(place, "completion", "") == ["bash", "zsh", "fish"]


def test_dimensions_of_the_shop(place: Path) -> None:
    assert completed(place, "report", "corner.db", "--by", "c") == ["country", "channel"]
    assert completed(place, "report", "corner.db", "--by", "tier,c") == ["tier,country", "tier,channel"]
    assert completed(place, "cohorts", "corner.db", "--by", "age") == ["age-band"]
    assert completed(place, "corner.db", "--by", "first-m") == ["first-month"]


def test_columns_tables_and_metrics(place: Path) -> None:
    assert "customer_id" in completed(place, "report", "corner.db", "--customer", "cust")
    assert completed(place, "report", "corner.db", "--orders", "ord") == ["orders"]
    assert completed(place, "cohorts", "corner.db", "--metric", "cum") == ["cumulative-LTV"]
    assert completed(place, "export", "corner.db", "--columns", "customer_id,rev") == ["customer_id,revenue"]


def test_filters_with_their_values(place: Path) -> None:
    def where(text: str) -> list[str]:
        return completed(place, "report", "corner.db", "--where", f'"{text}')

    assert where("coun") == ["country"]
    assert where("country = ") == ["country = DK", "country = SE"]
    assert where("tier = V") == ["tier = VIP"]
    assert where("orders >= 3 and country = D") == ["orders >= 3 and country = DK"]


def test_what_cannot_be_looked_into_completes_what_every_shop_has(place: Path) -> None:
    (place / "broken.db").write_bytes(b"no database at all")
    for shop in ("nothing.db", "broken.db", "."):
        assert completed(place, "report", shop, "--by", "st") == ["stage"], shop
        assert completed(place, "report", shop, "--customer", "c") == []


def test_nothing_is_written(place: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    completed(place, "report", "corner.db", "--where", '"country = ')
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(shell: str) -> None:
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0, done.output
    assert f"_LTVTUI_COMPLETE={shell}_complete" in done.stdout


def test_bash(place: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    script = """
        eval "$(ltvtui completion bash)"
        COMP_WORDS=(ltvtui report corner.db --by c) COMP_CWORD=4
        _ltvtui_completion ltvtui
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    assert run(place, "bash", "-c", script).split() == ["country", "channel"]


def test_fish(place: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed: its protocol is that of the other tests")
    script = "ltvtui completion fish | source; complete -C 'ltvtui report corner.db --by c'"
    assert run(place, "fish", "--no-config", "-c", script).split() == ["channel", "country"]


def test_zsh(place: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed: its protocol is that of the other tests")
    # Outside its line editor zsh completes nothing: what would be offered is printed in its place.
    script = """
        compdef() { : }
        compadd() { print -rl -- ${(P)${@[-1]}} }
        eval "$(ltvtui completion zsh)"
        words=(ltvtui report corner.db --by c) CURRENT=5
        _ltvtui_completion
    """
    assert {"country", "channel"} <= set(run(place, "zsh", "-f", "-c", script).split())
