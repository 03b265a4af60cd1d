"""A frozen value hides no dict: what grows with questions is remembered in the one result cache."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from shops import ROOT

CONTAINERS = {"dict", "list", "set", "defaultdict", "deque", "OrderedDict", "Counter", "WeakKeyDictionary"}
FILLED_ONCE = {
    "OpenRequest.terms": "what the command line said, whole when the request is made",
    "OpenRequest.user_state": "what was saved of the user, whole when the request is made",
    "OpenRequest.cleaning": "what the command line said, whole when the request is made",
    "Settings.keys": "what the settings file says of keys, read at once",
    "SavedMapping.cleaning": "a table of the mapping file, read at once",
    "SavedMapping.shop": "a table of the mapping file, read at once",
    "SavedMapping.aliases": "a table of the mapping file, read at once",
    "SavedMapping.criteria": "a table of the mapping file, read at once",
    "SavedMapping.leads": "a table of the mapping file, read at once",
    "Candidate.finds": "what was found in a table, handed over by who looked",
    "ViewSpec.actions": "what a screen says of itself, whole when it is registered",
    "MatrixTable.blocks": "tiles of a board, whole when the board is made",
    "Notebook.notes": "whoever writes a note gets another notebook",
}
"""Fields of frozen values that are containers by default, each with the reason why nothing is put in later."""
CHANGES = {
    "append",
    "add",
    "update",
    "pop",
    "popitem",
    "clear",
    "setdefault",
    "extend",
    "insert",
    "remove",
    "discard",
}
MOST_METHODS = 25


@cache
def classes() -> tuple[ast.ClassDef, ...]:
    """All classes of the package."""
    paths = sorted((ROOT / "ltvtui").rglob("*.py"))
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return tuple(node for node in nodes if isinstance(node, ast.ClassDef))


def is_frozen(node: ast.ClassDef) -> bool:
    return any(
        isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith("dataclass")
        and any(option.arg == "frozen" and ast.literal_eval(option.value) for option in call.keywords)
        for call in node.decorator_list
    )


def factories(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """Fields of a dataclass that are made for each value, and what makes them: of a lambda what it gives."""
    for field in node.body:
        if isinstance(field, ast.AnnAssign) and isinstance(field.value, ast.Call):
            for option in field.value.keywords:
                if option.arg == "default_factory":
                    made = option.value.body if isinstance(option.value, ast.Lambda) else option.value
                    yield ast.unparse(field.target), made.func if isinstance(made, ast.Call) else made


def is_container(made: ast.expr) -> bool:
    literals = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
    return isinstance(made, literals) or ast.unparse(made).rpartition(".")[2] in CONTAINERS


def test_containers_in_frozen_values_are_filled_once() -> None:
    found = {
        f"{node.name}.{name}"
        for node in classes()
        if is_frozen(node)
        for name, made in factories(node)
        if is_container(made)
    }
    assert found == set(FILLED_ONCE)


def test_one_frozen_value_holds_a_cache() -> None:
    holders = [
        f"{node.name}.{name}"
        for node in classes()
        if is_frozen(node)
        for name, made in factories(node)
        if "Cache" in ast.unparse(made)
    ]
    assert holders == ["Dataset.results"]


def test_no_frozen_value_puts_anything_into_itself() -> None:
    """Nor into what another value holds: `self.x[…] = …` and `self.x.append(…)`, however deep. A dataset gives back
    what its cache holds."""
    changes = []
    for node in filter(is_frozen, classes()):
        for part in ast.walk(node):
            targets = list(part.targets) if isinstance(part, ast.Assign | ast.Delete) else []
            targets += [part.target] if isinstance(part, ast.AugAssign) else []
            puts = [target.value for target in targets if isinstance(target, ast.Subscript)]
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in CHANGES:
                puts.append(part.func.value)
            changes += [f"{node.name}: {ast.unparse(put)}" for put in puts if ast.unparse(put).startswith("self.")]
    assert changes == ["Dataset: self.results"]


def test_classes_of_analytics_are_small() -> None:
    """One thought each: what is more is a part of its own."""
    large = {}
    for path in sorted((ROOT / "ltvtui" / "analytics").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                methods = sum(isinstance(part, ast.FunctionDef) for part in node.body)
                if methods > MOST_METHODS:
                    large[node.name] = methods
    assert large == {}
