"""Names in code say what a thing is: no verbs and participles of a private language."""

import ast
from collections.abc import Iterator
from pathlib import Path

import ltvtui

ROOT = Path(ltvtui.__file__).parent
BANNED = frozenset(
    (
        *("told", "tell", "tells", "telling", "said", "say", "says", "saying", "kept", "keep", "keeps", "keeping"),
        *("taken", "take", "takes", "taking", "took", "standing", "stand", "stands", "stretch", "stretches"),
        *(
            "laid",
            "lay",
            "lays",
            "book",
            "books",
            "judged",
            "judge",
            "judges",
            "borne",
            "reached",
            "reach",
            "reaches",
        ),
        *("looked", "look", "looks", "looking", "turned", "turns", "turning", "tried", "tries", "trying"),
        *("held", "hold", "holds", "settled", "settle", "settles", "known", "knows", "named", "agreed"),
        *("gone", "goes", "came", "comes", "remember", "remembers", "remembered", "remembering", "upon", "owed"),
        *("lineup", "yardstick", "desk", "stocked", "foresight", "foreseen", "shelf", "surely", "meant", "wish"),
        *("wishes", "lens", "inlet", "inlets", "outlet", "outlets", "filling", "columnar", "settling", "following"),
        *("knob", "knobs", "sending", "narrowing", "unscrolled", "tally", "pauses", "beginning", "acquired", "anew"),
        *("speak", "speaks", "spoken", "spoke", "hear", "heard", "hears", "whoever", "somebody", "reckon"),
        *("reckoned",),
    )
)
"""Words that hide what a thing is: a message, options, what is stored, used or excluded, totals, a dataset."""


def names_of(tree: ast.AST) -> Iterator[str]:
    """Names that a module gives: of functions, classes, parameters, variables and attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name


def banned_in(source: str) -> set[str]:
    """Names in `source` with a banned word among their parts."""
    return {name for name in names_of(ast.parse(source)) if not BANNED.isdisjoint(name.lower().split("_"))}


def test_names_say_what_a_thing_is() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in ROOT.rglob("*.py")
        for name in banned_in(path.read_text("utf-8"))
    }
    assert sorted(found) == []


def test_every_kind_of_name_is_found() -> None:
    source = """
import a as said
class Book:
    kept: int = 0
    def __init__(self, standing, *taken, **looked):
        self._told_once = standing
def tell_all(held=1):
    for turned, LAID in []:
        pass
    with open("x") as judged:
        pass
    if (reached := 1):
        pass
    match held:
        case {"a": tried, **stretch}:
            pass
        case [*keep]:
            pass
try:
    pass
except OSError as says:
    pass
plain = keeper = bookkeeping = lambda borne: borne.told
"""
    assert banned_in(source) == {
        *("said", "Book", "kept", "standing", "taken", "looked", "_told_once", "tell_all", "held", "turned", "LAID"),
        *("judged", "reached", "tried", "stretch", "keep", "says", "borne"),
    }
