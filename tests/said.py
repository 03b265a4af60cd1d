"""What screens say of a shop, held against the figures that they may have it from; and the shops that are asked."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from shops import COSTS, ROOT, SALES, build, corner_shop, moving_shop

from ltvtui.analytics.lifecycle.lifecycle import warning_gap
from ltvtui.analytics.segments import profile
from ltvtui.present.headline import sentence
from ltvtui.present.tables import Table
from ltvtui.query.query import Filter
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.location import Location
from ltvtui.tui.registry import registry_of
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.registry import VIEWS

DATA = ROOT.parent / "shared" / "data"
REGISTRY = registry_of(VIEWS)
GENERATED = 600
"""Customers of the generated shop."""


def _generated(folder: Path) -> Path:
    path = folder / "generated.sqlite"
    words = (str(path), "--customers", str(GENERATED), "--until", "2026-06-30")
    subprocess.run([sys.executable, str(ROOT / "fixtures" / "generate.py"), *words], check=True, capture_output=True)
    return path


def _sales(folder: Path) -> Path:
    return build(folder, SALES + COSTS)


def _real(name: str) -> Callable[[Path], Path]:
    def copied(folder: Path) -> Path:
        if not DATA.is_dir():
            pytest.skip(f"the real shops are not at hand: {DATA}")
        target = folder / f"{name}.sqlite"
        packed = DATA / f"{name}.sqlite.gz"
        if packed.exists():
            with gzip.open(packed) as source, target.open("wb") as out:
                shutil.copyfileobj(source, out)
        else:
            shutil.copy(DATA / f"{name}.sqlite", target)
        return target

    return copied


SHOPS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "corner": (corner_shop, ""),
    "moving": (moving_shop, ""),
    "sales": (_sales, ""),
    "generated": (_generated, ""),
    "cdnow": (_real("cdnow"), "CDNOW_sample"),
    "rfm_orders": (_real("rfm_orders"), ""),
    "yandex_afisha": (_real("yandex_afisha"), ""),
    "chinook": (_real("chinook"), ""),
    "northwind": (_real("northwind"), ""),
    "uci": (_real("uci_online_retail"), ""),
}


@dataclass
class Known:
    """Numbers that may be said, by kind."""

    counts: set[int] = field(default_factory=set)
    money: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)

    def take(self, table: Table) -> None:
        """The cells of a table, column by column, in full precision."""
        is_share = getattr(table, "unit", "") == "share"
        for column in table.columns:
            values = table.frame[column.key].drop_nulls()
            match column.kind:
                case "text":
                    self.texts |= {str(v) for v in values.cast(pl.String).to_list()}
                case "count":
                    self.counts |= {int(v) for v in values}
                case "money":
                    self.money += [v / 10_000 for v in values]
                case "units" | "months":
                    self.money += [float(v) for v in values]
                case "share":
                    self.shares += [float(v) for v in values]
                case "ratio":
                    (self.shares if is_share else self.money).extend(v / (100 if is_share else 1) for v in values)

    def row(self, row: dict[str, Any]) -> None:
        """A row of segments.profile."""
        self.counts |= {row["customers"], row["orders"], row["within_months"]}
        self.money += [v for key in ("revenue", "ltv", "ltv_lower", "ltv_upper") if (v := row.get(key)) is not None]


NUMBER = re.compile(r"(?<![\w-])-?\d{1,3}(?: \d{3})+(?:\.\d+)?(?= |[^\d\w]|$)|(?<![\w.])-?\d+(?:\.\d+)?")


def untold(text: str, known: Known) -> list[str]:
    """The numbers in `text` that are not `known`."""
    for name in sorted(known.texts, key=len, reverse=True):
        if name.strip() and name in text:  # a pattern for each customer would take longer than all else
            text = re.sub(rf"(?<![\w.])(?<!\d ){re.escape(name)}(?!\w)(?![ .]\d)", "NAME", text)
    text = re.sub(r"\d{4}-\d{2}(-\d{2})?", "DAY", text).replace("(F4, F5)", "").replace("(R1, R2)", "")
    text = text.replace("95 % interval", "").replace("F score of 4 or 5", "")
    wrong = []
    for found in NUMBER.finditer(text):
        said = found[0].replace(" ", "")
        decimals = len(said.partition(".")[2])
        value, slack = float(said), 0.5 * 10**-decimals + 1e-9
        if text[found.end() :].startswith(" %"):
            before = text[: found.start()]
            least, most = before.lower().endswith("less than "), before.endswith("more than ") and value == 99.9
            there = any(
                0 < s * 100 < value + slack
                if least
                else value - slack < s * 100 < 100
                if most
                else abs(s * 100 - value) <= slack
                for s in known.shares
            )
        elif decimals == 0 and int(value) in known.counts:
            there = True
        else:
            there = any(abs(m - value) <= slack for m in known.money)
        if not there:
            wrong.append(found[0])
    return wrong


def ask(opened: OpenedDataset, view: str, *filters: Filter, **changes: Any) -> tuple[Location, Answer]:
    query = opened.query
    for each in filters:
        query = query & each
    states = [s for spec in REGISTRY.views if (s := spec.start(opened)) is not None]
    location = Location(view, query, **changes).having(*states)
    return location, REGISTRY.view(view).compute(opened.dataset, location)


def known_of(opened: OpenedDataset, location: Location, answer: Answer) -> Known:
    """What the tables of a screen tell, its key figures, and the settings."""
    dataset, query = opened.dataset, location.query
    known = Known()
    for table in answer.tables:
        known.take(table)
    known.row(dataset.ask(profile, query, (), True).row(0, named=True))
    snapshot = dataset.snapshot(query)
    usual = int(warning_gap(snapshot.totals.gaps, snapshot.churn_gap.days))
    known.counts |= {snapshot.churn_gap.days, usual, query.horizon, int(opened.budget.target)}
    return known


def check(opened: OpenedDataset, location: Location, answer: Answer, known: Known | None = None) -> None:
    said = sentence(answer.headline)
    assert said
    assert said[0].isupper() or not said[0].isalpha()
    found = untold(said, known or known_of(opened, location, answer))
    assert found == [], said
