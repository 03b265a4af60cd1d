"""Tables as text: aligned for a terminal, or as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ltvtui.present.fitting import fit
from ltvtui.present.tables import Column, Table


def text_table(table: Table) -> str:
    """The whole table as aligned text."""
    rows = table.cells(0, table.height)
    widths = table.widths
    lines = [_join(fit(text, w) for text, w in _group_spans(table.columns, widths))] if table.grouped else []
    lines.append(_join(fit(c.heading, w, c.right) for c, w in zip(table.columns, widths, strict=True)))
    lines.append(_join("─" * w for w in widths))
    lines += [_join(c.fit(v, w) for v, w, c in zip(row, widths, table.columns, strict=True)) for row in rows]
    return "\n".join(lines) + "\n"


def markdown_table(table: Table) -> str:
    """The whole table as a Markdown table."""
    return markdown_head(table) + markdown_rows(table, 0, table.height)


def markdown_head(table: Table) -> str:
    """The first two lines of a Markdown table."""
    titles = [_in_markdown(f"{c.heading} ({c.group})" if c.group else c.heading) for c in table.columns]
    return _markdown_lines((titles, ["---:" if c.right else "---" for c in table.columns]))


def markdown_rows(table: Table, start: int, stop: int) -> str:
    """Rows start…stop-1 of a Markdown table."""
    return _markdown_lines([_in_markdown(cell) for cell in row] for row in table.cells(start, stop))


def _in_markdown(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _markdown_lines(rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _group_spans(columns: Sequence[Column], widths: Sequence[int]) -> Iterable[tuple[str, int]]:
    """Each group's heading with the width of the columns that it covers (two cells between columns)."""
    spans: list[tuple[str, int]] = []
    for column, width in zip(columns, widths, strict=True):
        if spans and spans[-1][0] == column.group:
            spans[-1] = (column.group, spans[-1][1] + 2 + width)
        else:
            spans.append((column.group, width))
    return spans


def _join(cells: Iterable[str]) -> str:
    return "  ".join(cells).rstrip()
