"""The lock: every package that is needed, one release of each, and nothing that could stand in for its files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from importlib.metadata import version as installed
from pathlib import Path

import pytest
from locked import LOCK, PROJECT, ROOT, closure, declared, holds, lines, names, pins, version
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILES = ("all.txt", "run.txt", "tools.txt", "spark.txt", "build.txt", "spark_server.txt")
EXTRAS = PROJECT["project"]["optional-dependencies"]
BY_ITSELF = "spark"
"""An extra that is locked in a file of its own: its driver is on the index as source alone."""
PINNED = re.compile(r"[a-z0-9-]+==[^\s;]+( ; [^#]+?)?( --hash=sha256:[0-9a-f]{64})+")


def every_extra() -> list[Requirement]:
    listed = [Requirement(line) for name, extra in EXTRAS.items() if name != BY_ITSELF for line in extra]
    return [requirement for requirement in listed if requirement.name != PROJECT["project"]["name"]]


def built_with() -> list[Requirement]:
    return [Requirement(line) for line in PROJECT["build-system"]["requires"]]


def asked_of(name: str) -> list[Requirement]:
    return [Requirement(line) for line in lines(name)]


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_one_release_with_hashes(name: str) -> None:
    """So none is an option, an address or a folder: no index but the one that pip is set up with is asked."""
    found = lines(name)
    assert found
    assert [line for line in found if not PINNED.fullmatch(line)] == []
    assert len({line.partition("==")[0] for line in found}) == len(found)


@pytest.mark.parametrize("name", FILES)
def test_no_comment_names_a_host_or_a_folder_of_a_machine(name: str) -> None:
    comments = [line.strip() for line in (LOCK / name).read_text("utf-8").splitlines() if line.strip()[:1] == "#"]
    paths = {word for line in comments for word in line.split() if "/" in word}
    assert paths <= {"lock/all.txt", "lock/tools.in", "lock/build.in", "lock/spark_server.in"}


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("run.txt", declared()),
        ("all.txt", [*declared(), *every_extra(), *built_with()]),
        ("tools.txt", asked_of("tools.in")),
        ("spark.txt", [*declared(), *map(Requirement, EXTRAS[BY_ITSELF])]),
        ("build.txt", asked_of("build.in")),
        ("spark_server.txt", asked_of("spark_server.in")),
    ],
    ids=FILES[1:2] + FILES[:1] + FILES[2:],
)
def test_what_is_asked_for_is_locked_within_its_range(name: str, asked: list[Requirement]) -> None:
    locked = pins(name)
    assert names(asked) <= set(locked), "make lock"
    for requirement in asked:
        pin = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version(pin)), f"{pin}, but {requirement} is asked for: make lock"


def test_what_that_needs_in_turn_is_locked_within_its_range() -> None:
    locked = pins("all.txt")
    for requirement in closure([*declared(), *every_extra(), *built_with()]):
        name = canonicalize_name(requirement.name)
        assert name in locked, f"{requirement}: make lock"
        assert requirement.specifier.contains(version(locked[name])), f"{locked[name]}, but {requirement}: make lock"


def test_the_program_alone_brings_what_it_needs_and_no_more() -> None:
    alone, everything = pins("run.txt"), pins("all.txt")
    assert {name: everything.get(name) for name in alone} == alone
    assert {name for name, pin in alone.items() if holds(pin)} == names(closure(declared()))


def test_what_the_program_imports_is_declared_and_what_is_declared_is_imported() -> None:
    """Else a package would be there only as long as another one happens to bring it."""
    imported = set[str]()
    for path in (ROOT / "ltvtui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    homes = packages_distributions()
    optional = {Requirement(line).name for extra in ("png", "duckdb", "postgres") for line in EXTRAS[extra]}
    optional |= {"pyspark"}  # of pyspark-client
    later = {"compression"}  # of the standard library from Python 3.14 on
    foreign = imported - sys.stdlib_module_names - later - {"ltvtui"}
    foreign = {module for module in foreign if canonicalize_name(module) not in optional}
    assert {canonicalize_name(home) for module in foreign for home in homes[module]} == names(declared())


@pytest.mark.skipif(Path(sys.prefix).resolve() != ROOT / ".venv", reason="make's own environment is the locked one")
def test_what_runs_here_is_what_is_locked() -> None:
    locked = {name: version(pin) for name, pin in pins("all.txt").items() if holds(pin)}
    assert {name: installed(name) for name in locked} == locked


def test_the_driver_of_spark_is_at_home_among_what_runs_here() -> None:
    """It is installed beside all else: what both need is one release."""
    everything, driver = pins("all.txt"), pins("spark.txt")
    assert {name: driver[name] for name in driver.keys() & everything} == {
        name: everything[name] for name in driver.keys() & everything
    }


@pytest.mark.parametrize(("target", "lock"), [(".venv/.ready", "all.txt"), ("build/tools/.ready", "tools.txt")])
def test_make_installs_nothing_without_a_hash(target: str, lock: str) -> None:
    """Once its lock has changed; the project itself is installed with what is there, and fetches nothing."""
    command = ["make", "--dry-run", "--print-data-base", f"--what-if=lock/{lock}", target]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.search(rf"^{re.escape(target)}:.* lock/{re.escape(lock)}$", done.stdout, re.MULTILINE)
    installs = [line.split() for line in done.stdout.splitlines() if re.match(r"\S+/(python -m )?pip ", line)]
    fetching = [words for words in installs if not {"--no-deps", "--no-build-isolation"} <= set(words)]
    assert [words[-1] for words in fetching] == [f"lock/{lock}"]
    assert {"--require-hashes", "--only-binary"} <= set(fetching[0])


def test_the_lock_is_made_for_the_oldest_python_that_is_promised() -> None:
    (oldest,) = Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    assert oldest.operator == ">="
    made_for = re.findall(r"--python-version (\S+)", (ROOT / "Makefile").read_text("utf-8"))
    refused_below = re.findall(r"OLDEST, NEWEST = \((\d+), (\d+)\)", (LOCK / "which_python.py").read_text("utf-8"))
    assert [oldest.version] == made_for == [".".join(pair) for pair in refused_below]
