"""What docs/architecture.md, CONTRIBUTING.md and docs/glossary.md name is there: files, packages, tests and names."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from shops import ROOT

PACKAGE = ROOT / "ltvtui"
PAGES = ("docs/architecture.md", "docs/glossary.md", "CONTRIBUTING.md")
PATH = re.compile(r"`((?:[\w<>.-]+/)+[\w.-]*|[\w-]+\.(?:py|csv|toml|md|tcss|sql))`")
"""A file or folder: with a slash, or an ending of ours."""
OF_USERS = {"postgresql://", "shop.db", "orders.csv"}


def text_of(page: str) -> str:
    """A page without the addresses of shops that it gives as examples."""
    return re.sub(r"`\w+:///[^`]*`", "", (ROOT / page).read_text("utf-8"))


@cache
def names() -> frozenset[str]:
    """Names that modules of ours give to classes, functions, constants, attributes and fields."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        found.add(path.stem)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    found.add(name)
                case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                    found.add(name)
                case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                    found.add(name)
    return frozenset(found)


def is_there(path: str) -> bool:
    """Whether a path leads somewhere from the repository, from ltvtui/, or from a package of it by its end."""
    places = (ROOT, PACKAGE, ROOT / "docs", *(folder for folder in PACKAGE.rglob("*") if folder.is_dir()))
    return any((place / path).exists() for place in places)


@pytest.mark.parametrize("page", PAGES)
def test_every_path_leads_somewhere(page: str) -> None:
    paths = [path for path in PATH.findall(text_of(page)) if path not in OF_USERS and "<" not in path]
    assert [path for path in paths if not is_there(path)] == []


def test_paths_are_found_and_missed() -> None:
    assert PATH.findall("`tui/location.py`, `formats.py`, `sources/` and `a.b`") == [
        *("tui/location.py", "formats.py", "sources/"),
    ]
    assert is_there("tui/location.py")
    assert not is_there("tui/no_such_module.py")


def test_every_name_is_one_of_the_code() -> None:
    """Dotted names and those in capitals and camel case: `storage.lock.Lock`, `ViewSpec.reads`, `CODES`."""
    text = text_of("docs/architecture.md")
    dotted = re.findall(r"`([A-Za-z_]+(?:\.[A-Za-z_]+)*)(?:\([^`]*\))?`", text)
    parts = {part for name in dotted if "." in name or name[0].isupper() for part in name.split(".")}
    assert parts - names() - {path.name for path in PACKAGE.rglob("*") if path.is_dir()} - ENDINGS == set()


ENDINGS = {"py", "csv", "db", "md", "metrics", "shop", "orders", "systems"}
"""Of files, which the test of paths looks for."""


def test_the_tree_of_packages_is_that_of_the_repository() -> None:
    (tree,) = re.findall(r"^    ltvtui/\n((?:      .*\n)+)", text_of("docs/architecture.md"), re.MULTILINE)
    above: list[Path] = []
    missing = []
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2 - 3
        listed = re.split(r"\s{2,}", line.strip())[0].split()
        entries = [entry for entry in listed if entry.endswith(("/", ".py")) and "<" not in entry]
        folder = Path(*above[:depth]) if depth else Path()
        missing += [str(folder / entry) for entry in entries if not (PACKAGE / folder / entry).exists()]
        above[depth:] = [Path(entries[0])] if entries and entries[0].endswith("/") else []
    assert missing == []
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages <= set(re.findall(r"^ {6}(\w+)/", tree, re.MULTILINE))
