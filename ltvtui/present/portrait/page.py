"""A portrait, or a plan, as one page of HTML, which needs no other file and runs no script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Final

from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.order_store import HOURS
from ltvtui.analytics.portrait.order_times import OrderTimes
from ltvtui.analytics.retention import FEW
from ltvtui.present.numbers import amount
from ltvtui.present.plain import plain
from ltvtui.present.tables import Table

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .6rem; border-bottom: 1px solid #8884; text-align: left; }
td { white-space: nowrap; } th { vertical-align: bottom; } .wide { overflow-x: auto; }
.r { text-align: right; } .heat td { padding: .15rem .3rem; font-size: 11px; text-align: right; }
.muted { color: #777; } pre { white-space: pre-wrap; font: inherit; }
@media print { body { margin: 0; max-width: none; } }
"""
_FULL: Final = 100
"""Points of an index from 100 at which a cell has its full colour."""


def write_page(
    title: str,
    headline: str,
    head: Sequence[str],
    sections: Sequence[tuple[str, Table | str]],
    notes: Sequence[str],
    times: OrderTimes | None = None,
) -> str:
    """The page, ending in a line break. All texts are escaped: what a shop holds is never markup.

    With `times` their hours stand as a heat map under the weekdays.
    """
    body = [
        f"<h1>{_safe(title)}</h1>",
        f"<p>{_safe(headline)}</p>",
        f'<p class="muted">{_safe(" · ".join(head))}</p>',
    ]
    for name, content in sections:
        body.append(f"<h2>{_safe(name)}</h2>")
        body.append(f"<pre>{_lines(content)}</pre>" if isinstance(content, str) else _table(content))
        if times is not None and name == "When: weekday":
            body.append(_heat(times))
    body.append(f'<ul class="muted">{"".join(f"<li>{_safe(note)}</li>" for note in notes)}</ul>')
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{_safe(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _safe(text: str) -> str:
    return escape(plain(text))


def _lines(text: str) -> str:
    return "\n".join(_safe(line) for line in text.splitlines())


def _table(table: Table) -> str:
    right = [' class="r"' if column.right else "" for column in table.columns]
    titles = [_safe(column.heading) for column in table.columns]
    head = "".join(f"<th{side}>{title}</th>" for side, title in zip(right, titles, strict=True))
    rows = (
        "".join(f"<td{side}>{_safe(cell)}</td>" for side, cell in zip(right, row, strict=True))
        for row in table.cells(0, table.height)
    )
    body = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return f'<div class="wide"><table>\n{_groups(table)}<tr>{head}</tr>\n{body}</table></div>'


def _groups(table: Table) -> str:
    """A row with the headings over several columns, where there are any."""
    if not table.grouped:
        return ""
    spans = ((name, len(list(columns))) for name, columns in groupby(table.columns, lambda column: column.group))
    return f"<tr>{''.join(f'<th colspan={width}>{_safe(name)}</th>' for name, width in spans)}</tr>\n"


def _heat(times: OrderTimes) -> str:
    """The index of every hour of the week, its colour beside its number; blank where orders are few."""
    if times.hours is None:
        return ""
    hours = times.hours.filter(times.hours["base_orders"] >= FEW)
    index = {(row["weekday"], row["hour"]): row["index"] for row in hours.iter_rows(named=True)}
    head = "".join(f'<th class="r">{hour}</th>' for hour in range(HOURS))
    rows = (
        f"<tr><th>{name[:3]}</th>{''.join(_cell(index.get((day, hour))) for hour in range(HOURS))}</tr>\n"
        for day, name in enumerate(WEEKDAYS)
    )
    table = f"<tr><th>index by hour</th>{head}</tr>\n{''.join(rows)}"
    return f'<div class="wide"><table class="heat">\n{table}</table></div>'


def _cell(index: float | None) -> str:
    if index is None:
        return "<td></td>"
    strength = min(abs(index - 100) / _FULL, 1.0)
    colour = "#2a9d8f" if index >= 100 else "#e76f51"
    return f'<td style="background:{colour}{round(strength * 160):02x}">{amount(index, 0)}</td>'
