"""The list of packages in docs/dependencies.md and their licences against what the packages themselves declare."""

from __future__ import annotations

import re
from importlib.metadata import metadata

from locked import ROOT, declared, names, pins, section

PAGE = (ROOT / "docs" / "dependencies.md").read_text("utf-8")

SPELT = {"Apache License, Version 2.0": "Apache-2.0", "MIT License": "MIT", "BSD License": "BSD"}
"""What older metadata says, as SPDX says it; which of the BSD licences is meant, it leaves open."""


def licence(name: str) -> str:
    """As the package declares it: its SPDX expression, else its classifier, else the field of free text."""
    told = metadata(name)
    if expression := told.get("License-Expression"):
        return str(expression)
    classifiers = [str(text) for text in told.get_all("Classifier") or () if text.startswith("License :: ")]
    said = [text.rpartition(" :: ")[2] for text in classifiers] or [str(told.get("License") or "").strip()]
    assert all(text and "\n" not in text for text in said), f"{name} declares no licence in a line"
    return " or ".join(SPELT.get(text, text) for text in said)


def brought_along() -> dict[str, str]:
    """The packages that come with the declared ones, and their licences."""
    return {name: licence(name) for name in pins("run.txt") if name not in names(declared())}


def test_every_package_that_is_asked_for_stands_in_the_table_with_its_licence() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| (.+) \| (.+) \|$", section(PAGE, "packages"), re.MULTILINE)[
        2:
    ]  # below the head
    assert [(name, told) for name, _, told in rows] == [(name, licence(name)) for name in sorted(names(declared()))]
    assert all(re.search(r"\w", purpose) for _, purpose, _ in rows)


def test_every_package_that_comes_along_stands_below_with_its_licence() -> None:
    along = brought_along()
    groups = {told: sorted(name for name in along if along[name] == told) for told in sorted(set(along.values()))}
    assert section(PAGE, "brought") == "".join(f"- {told}: {', '.join(found)}\n" for told, found in groups.items())


def test_none_asks_that_what_uses_it_be_under_its_own_licence() -> None:
    """The page says so; ltvtui is under MIT."""
    assert [name for name in pins("run.txt") if re.search(r"GPL|EUPL|SSPL|CC-BY-SA", licence(name))] == []
