"""What the lock files and the project say of packages, read as pip reads it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from shops import ROOT

LOCK = ROOT / "lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def lines(name: str) -> list[str]:
    """The lines of a lock file as pip sees them: continued ones joined, comments left out."""
    joined = (LOCK / name).read_text("utf-8").replace("\\\n", " ")
    return [" ".join(line.split()) for line in joined.splitlines() if line.strip() and line.strip()[0] != "#"]


def pins(name: str) -> dict[str, Requirement]:
    """The pinned packages of a lock file by name."""
    found = [Requirement(line.partition(" --hash")[0]) for line in lines(name)]
    return {canonicalize_name(pin.name): pin for pin in found}


def version(pin: Requirement) -> str:
    (only,) = pin.specifier
    return only.version


def holds(requirement: Requirement, extras: Iterable[str] = ()) -> bool:
    """Whether a requirement counts on this machine, of a package that is asked for with these extras."""
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras))


def declared() -> list[Requirement]:
    """What the program itself needs."""
    return [Requirement(line) for line in PROJECT["project"]["dependencies"]]


def wanted_of(requirement: Requirement) -> Iterator[Requirement]:
    """What an installed package needs here in turn; of one that is not installed nothing is known."""
    try:
        needed = [Requirement(line) for line in requires(requirement.name) or ()]
    except PackageNotFoundError:
        return
    yield from (need for need in needed if holds(need, requirement.extras))


def closure(roots: Iterable[Requirement]) -> list[Requirement]:
    """Every requirement that follows from these on this machine, themselves included."""
    waiting, found = [root for root in roots if holds(root)], dict[str, Requirement]()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) not in found:
            found[str(requirement)] = requirement
            waiting.extend(wanted_of(requirement))
    return list(found.values())


def names(requirements: Iterable[Requirement]) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements}


def section(text: str, mark: str) -> str:
    """What stands between `<!-- mark -->` and `<!-- /mark -->`."""
    found = re.search(rf"<!-- {mark} -->\n(.*?)<!-- /{mark} -->", text, re.DOTALL)
    assert found is not None, f"no <!-- {mark} -->"
    return found.group(1)
