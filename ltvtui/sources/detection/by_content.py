"""What the columns of a table could be by what they hold, where their names say nothing.

Used for two things: to fill roles that no name fills, where exactly one column could play each, and to name in a
question only columns that could be the answer.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Final

from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.candidate import REQUIRED, Candidate
from ltvtui.sources.detection.content import ENOUGH, content_of, example_of
from ltvtui.sources.detection.find import Find
from ltvtui.sources.detection.vocabulary import group, has_word, meaning
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import is_select, listing
from ltvtui.sources.sql import Value, quote
from ltvtui.sources.values.date_guess import guess_formats

SURE: Final = 0.5
"""A role below this score is not filled by a name."""
BY_CONTENT: Final = 0.55
"""Score of a role that only content fills."""
MOST_ROWS: Final = 200_000
"""Rows of a table that are counted through."""
SECONDS: Final = 2.0
"""Longest time one such count is given."""
_FEWEST: Final = 10
"""Rows from which on content decides anything, and customers that it believes in."""
_DENSE: Final = 0.9
_REPEATS: Final = 0.9
_CALENDAR: Final = frozenset(("julian", "excel"))
"""Formats of dates that any number could be."""


def could_be(role: str, column: CatalogColumn) -> bool:
    """Whether the values of a column do not speak against a required role."""
    content = content_of(column)
    if not content.present or (content.constant and role == "customer"):
        return False
    if role == "date" or _dated(column):
        return role == "date" and _dated(column)
    if role == "amount":
        ids = column.pk or column.unique or column.references is not None or group("id") & set(meaning(column.name))
        return content.numeric >= 0.8 and content.money > 0.3 and not ids
    return not column.unique and (content.numeric < 0.8 or content.whole) and not content.signed


def choices(role: str, candidate: Candidate) -> list[CatalogColumn]:
    """Columns of a table that could play a required role, likeliest first."""
    used = {f.column for r, f in candidate.finds.items() if r != role and f.score >= SURE}
    others = {
        "customer": group("not_party") | group("things") | group("order") | group("date") | group("quantity"),
        "date": group("never_ordered"),
        "amount": group("amount_bad") | group("quantity"),
    }[role]
    free = [
        c
        for c in candidate.columns
        if c.name not in used
        and could_be(role, c)
        and (_name_score(role, c) > 0 or not others & set(meaning(c.name)))
    ]
    if role == "amount":
        free = [c for c in free if _name_score(role, c) > 0] + _like_money(
            [c for c in free if not _name_score(role, c)]
        )
    return sorted(
        free, key=lambda c: (-_name_score(role, c), has_word(c.name) and _name_score(role, c) == 0, -_fit(role, c))
    )


def blank(role: str, candidate: Candidate) -> CatalogColumn | None:
    """A column that is named for a required role and holds nothing."""
    return next((c for c in candidate.columns if content_of(c).empty and _called(role, c)), None)


def with_example(column: CatalogColumn) -> str:
    """The name of a column and a value that it holds."""
    example = example_of(column)
    return f"{column.name} (such as {example})" if example else column.name


def completed(database: Database, candidate: Candidate, overrides: Overrides) -> Candidate | None:
    """`candidate` with the roles that its names leave open filled by content.

    None where there is nothing to fill, or more or fewer than one way to do so.
    """
    table = candidate.table
    missing = _missing(candidate, overrides)
    if not missing:
        return None
    used = {f.column for r, f in candidate.finds.items() if r not in missing}
    free = [c for c in table.columns if c.name not in used]
    counted = _Counted(database, table, candidate.orders)
    fitting = _all_fitting(candidate, missing, free, counted)
    ways = [way for way in product(*fitting.values()) if len({c.name for c in way}) == len(way)]
    if len(ways) != 1:
        return None
    filled = dict(zip(missing, ways[0], strict=True))
    why = "by content: the only column that fits"
    finds = candidate.finds | {role: Find(column.name, BY_CONTENT, why) for role, column in filled.items()}
    chosen = dict(filled)
    if "order_id" not in finds and overrides.order_id is None:
        key = _order_id([c for c in free if c not in filled.values()], counted, finds)
        if key is not None:
            finds["order_id"] = Find(key.name, BY_CONTENT, "by content")
            chosen["order_id"] = key
    dates = candidate.dates
    if "date" in filled:
        dates = guess_formats(scoring.as_text(filled["date"].sample))
    listed = listing([f"{with_example(c)} for the {role.replace('_', ' ')}" for role, c in chosen.items()])
    flags = listing([f"--{role.replace('_', '-')} COLUMN" for role in chosen])
    notice = (
        f"The column names in {candidate.title} are not clear. Chosen by content: {listed}. "
        f"If this is wrong, name other columns: {flags}."
    )
    return replace(
        candidate,
        score=max(candidate.score, BY_CONTENT),
        finds=finds,
        dates=dates,
        notices=(*candidate.notices, notice),
        why="; ".join(f"{role} {finds[role].column} ({finds[role].score:.2f})" for role in REQUIRED),
    )


def narrowed(database: Database, candidate: Candidate, overrides: Overrides) -> Candidate:
    """`candidate` with the open roles filled that one column alone could play: only the others are asked about."""
    missing = _missing(candidate, overrides)
    used = {f.column for r, f in candidate.finds.items() if r not in missing}
    free = [c for c in candidate.columns if c.name not in used]
    fitting = _all_fitting(candidate, missing, free, _Counted(database, candidate.table, candidate.orders))
    filled = {role: columns[0] for role, columns in fitting.items() if len(columns) == 1}
    why = "by content: the only column that fits"
    finds = {role: Find(column.name, BY_CONTENT, why) for role, column in filled.items()}
    return replace(candidate, finds=candidate.finds | finds)


def _missing(candidate: Candidate, overrides: Overrides) -> list[str]:
    """Required roles that neither a name fills nor the user; none where there are too few rows to decide."""
    sample = max((len(c.sample) for c in candidate.columns), default=0)
    if sample < _FEWEST or any(getattr(overrides, r) == "" for r in REQUIRED):
        return []
    return [r for r in REQUIRED if getattr(overrides, r) is None and candidate.finds[r].score < SURE]


def _all_fitting(
    candidate: Candidate, missing: list[str], free: list[CatalogColumn], counted: _Counted
) -> dict[str, list[CatalogColumn]]:
    """Columns that each of the missing roles could be filled with."""
    fitting = {role: _fitting(role, free, counted) for role in missing}
    if "customer" in fitting:
        date_columns = [c for c in candidate.columns if c.name == candidate.finds["date"].column]
        fitting["customer"] = _on_several_days(fitting["customer"], fitting.get("date") or date_columns, counted)
    return fitting


class _Counted:
    """How many different values columns have, counted through the rows and not in the sample alone."""

    def __init__(self, database: Database, table: CatalogTable, orders: str) -> None:
        self._database = database
        self._source = f"({orders.strip().rstrip(';')}\n)" if is_select(orders) else quote(table.name)

    def distinct(self, *columns: str) -> tuple[int, int]:
        """Rows in which the first of `columns` is filled, and how many combinations they have."""
        names = ", ".join(map(quote, columns))
        inner = f"SELECT {names} FROM {self._source} LIMIT {MOST_ROWS}"  # noqa: S608
        filled = f"{self._database.dialect.as_string(quote(columns[0]))} <> ''"
        sql = (
            f"SELECT (SELECT count(*) FROM ({inner}) WHERE {filled}),"  # noqa: S608
            f" (SELECT count(*) FROM (SELECT DISTINCT * FROM ({inner}) WHERE {filled}))"
        )
        try:
            rows = self._database.query(sql, seconds=SECONDS)
        except TooSlow:
            return 0, 0
        return _count(rows[0][0]), _count(rows[0][1])


def _count(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _fitting(role: str, free: list[CatalogColumn], counted: _Counted) -> list[CatalogColumn]:
    """Columns that a role without a named column could be; of several kinds the likeliest."""
    by_name = [c for c in free if _name_score(role, c) > 0 and could_be(role, c)]
    plain = [c for c in free if _is_neutral(c) and could_be(role, c)]
    fitting = by_name or plain
    if role == "amount":
        money = _like_money([c for c in fitting if not content_of(c).counts])
        return by_name or [c for c in money if not _is_dense(c, counted)]
    if role == "customer":
        fitting = [c for c in fitting if not content_of(c).counts and _are_many(*counted.distinct(c.name))]
        fitting = [c for c in fitting if c in by_name or _repeats(*counted.distinct(c.name))]
        declared = [c for c in fitting if c.references is not None]
        return declared or [c for c in fitting if _is_coded(c)] or fitting
    return [c for c in fitting if not content_of(c).constant] or fitting


def _like_money(columns: list[CatalogColumn]) -> list[CatalogColumn]:
    """Those with cents or a currency sign, where there are any."""
    return [c for c in columns if content_of(c).signed or not content_of(c).whole] or columns


def _on_several_days(
    customers: list[CatalogColumn], days: list[CatalogColumn], counted: _Counted
) -> list[CatalogColumn]:
    """Without what never comes on two days: that numbers orders of several lines."""
    if len(customers) < 2 or len(days) != 1:
        return customers
    return [c for c in customers if counted.distinct(c.name, days[0].name)[1] > counted.distinct(c.name)[1]]


def _is_dense(column: CatalogColumn, counted: _Counted) -> bool:
    """Whether whole numbers leave hardly a gap between the smallest and the largest, as what is numbered does."""
    content = content_of(column)
    return (
        content.whole
        and not content.signed
        and (counted.distinct(column.name)[1] >= _DENSE * (content.high - content.low + 1))
    )


def _repeats(rows: int, distinct: int) -> bool:
    """Whether values repeat more than money does by chance."""
    return distinct <= _REPEATS * rows


def _are_many(rows: int, distinct: int) -> bool:
    """Whether values repeat, and are more than the kinds of something are."""
    return max(_FEWEST, rows // 1000) <= distinct < rows if rows >= 5 * _FEWEST else 2 < distinct < rows


def _order_id(free: list[CatalogColumn], counted: _Counted, finds: dict[str, Find]) -> CatalogColumn | None:
    """What numbers the rows, or groups those of one customer and day; None where nothing or several do."""
    around = [finds[role].column for role in ("customer", "date")]
    visits = counted.distinct(*around)[1]
    found: list[CatalogColumn] = []
    for column in free:
        content = content_of(column)
        if not _is_neutral(column) or not content.present or _dated(column) or content.counts:
            continue
        if content.numeric >= 0.8 and not content.whole:
            continue
        rows, distinct = counted.distinct(column.name)
        each = column.unique or (rows >= ENOUGH and distinct == rows)
        if each or (distinct > visits / 2 and counted.distinct(column.name, *around)[1] == distinct):
            found.append(column)
    keys = [c for c in found if c.pk or c.unique]
    return keys[0] if len(keys) == 1 else found[0] if len(found) == 1 else None


def _is_neutral(column: CatalogColumn) -> bool:
    """Whether no word of the name has a meaning that speaks against a role."""
    neutral = group("id") | group("plain")
    return not any(has_word(word) and word not in neutral for word in meaning(column.name))


def _is_coded(column: CatalogColumn) -> bool:
    """Whether the values look like ids rather than like words."""
    texts = [v for v in column.sample if isinstance(v, str) and v.strip()]
    coded = sum("@" in v or any(c.isdigit() for c in v) for v in texts)
    return coded >= 0.8 * len(texts)


def _dated(column: CatalogColumn) -> bool:
    guess = guess_formats(scoring.as_text(column.sample))
    if guess.readable < 0.9 or not guess.formats or _CALENDAR & set(guess.formats):
        return False
    return guess.formats != ("ym",) or not all(isinstance(v, int | float) for v in column.sample)


def _name_score(role: str, column: CatalogColumn) -> float:
    if role == "date":
        return scoring.date_score(column)[0]
    return scoring.customer_score(column) if role == "customer" else scoring.amount_score(column)


def _called(role: str, column: CatalogColumn) -> bool:
    name_words = set(meaning(column.name))
    if role == "date":
        return bool(name_words & group("date")) and not name_words & group("date_bad")
    words, others = ("party", "not_party") if role == "customer" else ("amount", "amount_bad")
    return bool(name_words & group(words)) and not name_words & group(others)


def _fit(role: str, column: CatalogColumn) -> float:
    content = content_of(column)
    if role == "amount":
        return content.money * (1.0 if content.signed or not content.whole else 0.8)
    return float(content.repeats) if role == "customer" else 0.0
