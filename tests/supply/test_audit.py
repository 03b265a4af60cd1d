"""`make audit` says that all is well only when it was told so of every package, by one who would know."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from locked import ROOT

LOCK = """\
one==1.0 \\
    --hash=sha256:00
    # via ltvtui (pyproject.toml)
two==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:00
"""
HOLE = {"id": "PYSEC-0-1", "fix_versions": ["2.1", "3.0"]}
UNMENDED = {"id": "PYSEC-0-2", "fix_versions": []}
CANARY = {"name": "jinja2", "version": "2.10", "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"]}]}


def known(name: str, version: str, *holes: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": version, "vulns": list(holes)}


def skipped(name: str) -> dict[str, Any]:
    return {"name": name, "skip_reason": "not found"}


def audited(folder: Path, stdout: str, stderr: str = "", lock: str = LOCK) -> subprocess.CompletedProcess[str]:
    """Run the audit of a lock with a pip-audit that says this; what it is asked for is left in asked.txt."""
    (folder / "lock.txt").write_text(lock, "utf-8")
    program = folder / "pip-audit"
    program.write_text(
        f"#!{sys.executable}\nimport shutil, sys\nshutil.copy(sys.argv[-1], 'asked.txt')\n"
        f"sys.stdout.write({stdout!r})\nsys.stderr.write({stderr!r})\nsys.exit(1)\n",
        "utf-8",
    )
    program.chmod(0o755)
    command = [sys.executable, str(ROOT / "lock" / "audit.py"), str(program), "lock.txt"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def answer(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_all_is_well_when_every_package_is_known_and_none_has_a_hole(tmp_path: Path) -> None:
    done = audited(tmp_path, answer(known("one", "1.0"), known("two", "2.0"), CANARY))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("lock.txt: 2 packages, no known vulnerability on 2")
    asked = (tmp_path / "asked.txt").read_text("utf-8")
    assert asked == "one==1.0\ntwo==2.0\njinja2==2.10\n"  # one of another platform is asked for as well


def test_a_hole_is_told_with_what_mends_it(tmp_path: Path) -> None:
    done = audited(tmp_path, answer(known("one", "1.0", UNMENDED), known("two", "2.0", HOLE), CANARY))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "lock.txt: one 1.0: PYSEC-0-2, mended in no release yet",
        "lock.txt: two 2.0: PYSEC-0-1, mended in 2.1, 3.0",
        "lock.txt: `make lock UPGRADE=1` takes newer releases.",
    ]


@pytest.mark.parametrize("canary", [skipped("jinja2"), known("jinja2", "2.10")], ids=["skipped", "without a hole"])
def test_an_index_that_keeps_no_list_clears_nothing(tmp_path: Path, canary: dict[str, Any]) -> None:
    done = audited(tmp_path, answer(known("one", "1.0"), known("two", "2.0"), canary))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "lock.txt: not audited: the package index in use keeps no list of vulnerabilities: it knows none of jinja2 "
        "2.10, which has some. Run `make audit` where pypi.org itself answers.\n"
    )


def test_one_package_that_is_not_known_is_named(tmp_path: Path) -> None:
    done = audited(tmp_path, answer(skipped("one"), known("two", "2.0"), CANARY))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "lock.txt: not audited: the index says nothing of one 1.0. Look these up by hand.\n"


@pytest.mark.parametrize("stdout", ["", "No known vulnerabilities found", "[]", "{}"])
def test_an_audit_that_fails_is_told_in_a_sentence(tmp_path: Path, stdout: str) -> None:
    done = audited(tmp_path, stdout, "Traceback (most recent call last):\n  File\nConnectionError: no such host\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "lock.txt: not audited: pip-audit got no answer (ConnectionError: no such host). Run `make audit` where "
        "pypi.org can be reached.\n"
    )


def test_a_lock_without_packages_is_not_well(tmp_path: Path) -> None:
    done = audited(tmp_path, answer(CANARY), lock="# nothing\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "lock.txt: not audited: it pins no package. Make it with `make lock`.\n"
