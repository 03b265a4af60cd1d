"""What one cell or row of a board says in a sentence: whom it holds, and what to do with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.lifecycle.migration import AFTER, BEFORE, NEW, NOT_YET, Moves
from ltvtui.days import iso
from ltvtui.present.blocks import Place
from ltvtui.present.headline.words import share
from ltvtui.present.matrix import MatrixTable, Side
from ltvtui.present.numbers import count, counted

ABC_WORDS: Final = {
    "A": "customers of most revenue",
    "B": "customers of some revenue",
    "C": "customers of least revenue",
}
XYZ_WORDS: Final = {
    "X": "who order evenly",
    "Y": "who order less evenly",
    "Z": "who order unevenly",
    "–": "who have ordered too few times to tell how evenly",
}
WIN_BACK: Final = "Win back only"
"""What to do with those who have lapsed, whatever their name makes one do."""
MOST: Final = 0.5
"""Share from which on something holds of most."""
CellWords = Sequence[Sequence[str]]
"""By row and column of a MatrixTable, the column of names first; blank where nothing is to be said."""


def advice(name: str, actions: Mapping[str, str]) -> str:
    """Champions → Reward; show new things first."""
    action = actions.get(name, "")
    return f"{name} → {action}" if action else name


def rfm_cell_words(
    cells: MatrixTable,
    actions: Mapping[str, str],
    down: Sequence[str],
    across: Sequence[str],
    lapsed: Mapping[Place, float],
    away: Collection[str] = (),
    people: Mapping[Place, Sequence[tuple[str, int]]] | None = None,
) -> CellWords:
    """Of each cell the name that most of it have, with what to do: to win back where most of the cell have `lapsed`
    and the name is none of those of who stays `away`. `people`: all names in a cell and their customers, most
    first."""

    def words(row: int, column: int) -> str:
        tile = cells.blocks.get((row, column))
        place = " × ".join(title.partition(" ")[0] for title in (down[row], across[column]))
        if tile is None or tile.badge is None:
            return f"{place}: nobody"
        name, others = tile.badge.name, names_words((people or {}).get((row, column), ()))
        if (share_of := lapsed.get((row, column), 0.0)) >= MOST:
            action = actions.get(name, "") if name in away else WIN_BACK
            lapse = f"{place}, most are {name}{others}, {share(share_of)} have lapsed"
            return f"{lapse} → {action}" if action else lapse
        action = actions.get(name, "")
        return f"{place}, most are {name}{others}{f' → {action}' if action else ''}"

    return [["", *(words(row, column) for column in range(len(across)))] for row in range(len(down))]


def names_words(people: Sequence[tuple[str, int]]) -> str:
    """(1 492; Promising 989, About to sleep 997): the customers of the first of the names, and of the others; blank
    where there is one."""
    if len(people) < 2:
        return ""
    (_, most), *others = people
    return f" ({count(most)}; {', '.join(f'{name} {count(part)}' for name, part in others)})"


def to_do_by_cell(
    cell_names: pl.DataFrame,
    sides: tuple[Side, Side],
    actions: Mapping[str, str],
    lapsed: Mapping[Place, float],
    away: Collection[str],
) -> dict[Place, str]:
    """Of each cell, by row and column, what to do with most of it; where most have `lapsed`, how many, unless the
    name is one of those of who stays `away`. `cell_names`: rfm.cells.names_by_cell."""
    down, across = sides
    in_cells = cell_names.select(down.dimension, across.dimension, "RFM")
    names = {(one, other): name for one, other, name in in_cells.iter_rows()}

    def words(place: Place, cell: tuple[str | None, str | None]) -> str:
        part, name = lapsed.get(place, 0.0), names.get(cell, "")
        is_lapsed = part >= MOST and name not in away
        return f"{share(part)} have lapsed: win back" if is_lapsed else actions.get(name, "")

    return {
        (row, column): words((row, column), (one, other))
        for row, one in enumerate(down.values)
        for column, other in enumerate(across.values)
    }


def abc_xyz_words(abc: str | None, xyz: str | None = None, is_anybody: bool = True) -> str:
    """A × X: customers of most revenue, who order evenly; unless there `is_anybody`: nobody."""
    cell = " × ".join(part for part in (abc, xyz) if part)
    if not is_anybody:
        return f"{cell}: nobody"
    return f"{cell}: {ABC_WORDS.get(abc or '', '')}{f', {XYZ_WORDS[xyz]}' if xyz in XYZ_WORDS else ''}"


def move_cell_words(found: Moves) -> CellWords:
    """Of each cell of matrix.moved who was what, and is what."""
    first, last = iso(found.since), iso(found.until)
    counts = {(was, now): n for was, now, n in found.frame.select("before", "after", "customers").iter_rows()}
    before, after = BEFORE[found.cut], AFTER[found.cut]
    everybody = sum(counts.values())
    rows = []
    for was in before:
        whole = sum(counts[was, now] for now in after)
        of = [f" ({share(counts[was, now] / whole)} of them)" if whole else "" for now in after]
        called = NOT_YET if was == NEW and found.cut == "tier" else was
        moved = [
            f"{counted(counts[was, now], 'customer')}: {called} on {first} → {now} on {last}{part}"
            for now, part in zip(after, of, strict=True)
        ]
        of_row = f"{counted(whole, 'customer')}: {called} on {first}"
        rows.append([of_row, of_row, *moved])
    sums = [sum(counts[was, now] for was in before) for now in after]
    everyone = f"{counted(everybody, 'customer')} by {last}"
    now_there = [f"{counted(n, 'customer')}: {now} on {last}" for now, n in zip(after, sums, strict=True)]
    return [*rows, [everyone, everyone, *now_there]]
