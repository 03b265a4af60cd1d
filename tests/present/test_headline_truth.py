"""Every number in the sentence of a screen stands in its tables, under its key figures, or follows from them: on
eight shops."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from shops import COSTS, ROOT, SALES, build, corner_shop, moving_shop

from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.segments import profile
from ltvtui.present.headline import sentence
from ltvtui.present.tables import Table
from ltvtui.query.query import Filter, Query
from ltvtui.session.comparison import drivers_of
from ltvtui.session.open_dataset import OpenedDataset, open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.overrides import Overrides
from ltvtui.tui.location import Location
from ltvtui.tui.registry import registry_of
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.compare.state import BOARDS as COMPARED
from ltvtui.tui.views.compare.state import DIFFERENCE, DRIVERS, WHEN, CompareState
from ltvtui.tui.views.matrix.state import BOARDS, MatrixState
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


@pytest.fixture(scope="module", params=SHOPS)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedDataset]:
    make, table = SHOPS[request.param]
    path = make(tmp_path_factory.mktemp("shop"))
    patch = pytest.MonkeyPatch()
    patch.setenv("LTVTUI_CONFIG_DIR", str(path.parent / "settings"))
    yield open_shop(OpenRequest(path, Overrides(orders=table or None)))
    patch.undo()


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
        text = re.sub(rf"(?<![\w.])(?<!\d ){re.escape(name)}(?!\w)(?![ .]\d)", "NAME", text) if name.strip() else text
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
    known.counts |= {dataset.snapshot(query).churn_gap.days, query.horizon, int(opened.budget.target)}
    return known


def check(opened: OpenedDataset, location: Location, answer: Answer, known: Known | None = None) -> None:
    said = sentence(answer.headline)
    assert said
    assert said[0].isupper() or not said[0].isalpha()
    assert untold(said, known or known_of(opened, location, answer)) == [], said


def test_overview(opened: OpenedDataset) -> None:
    location, answer = ask(opened, "overview")
    known = known_of(opened, location, answer)
    ltv = opened.dataset.ask(profile, location.query)["ltv"][0]
    known.money += [] if ltv is None else [ltv / opened.budget.target]
    check(opened, location, answer, known)


def test_what_overview_says_one_may_pay_is_what_budget_says(opened: OpenedDataset) -> None:
    said = re.search(r"pay up to ([\d .]+\d)", sentence(ask(opened, "overview")[1].headline))
    found = ask(opened, "budget")[1].found  # type: ignore[attr-defined]
    if found.left_out or found.blended["max_cac"][0] is None:
        assert found.left_out or said is None
        return
    assert said is not None
    assert float(said[1].replace(" ", "")) == pytest.approx(found.blended["max_cac"][0], abs=0.5)


def test_explore_by_every_dimension(opened: OpenedDataset) -> None:
    for dimension in opened.dataset.dimensions_of(Query()):
        location, answer = ask(opened, "explore", by=(dimension,))
        known = known_of(opened, location, answer)
        few = answer.tables[0].frame["few"]
        known.counts |= {int(few.sum()), few.len()}
        check(opened, location, answer, known)


def test_explore_crossed_and_filtered(opened: OpenedDataset) -> None:
    for filters in ((), (Filter("tier", "VIP"),), (Filter("tier", "economy"),)):
        location, answer = ask(opened, "explore", *filters, by=("orders band", "first year"))
        known = known_of(opened, location, answer)
        few = answer.tables[0].frame["few"]
        known.counts |= {int(few.sum()), few.len()}
        check(opened, location, answer, known)


@pytest.mark.parametrize("metric", COHORT_METRICS)
@pytest.mark.parametrize("by", [None, "tier"])
def test_cohorts(opened: OpenedDataset, metric: str, by: str | None) -> None:
    for bucket in ("month", "quarter"):
        for relative in (False, True):
            state = CohortsState(bucket=bucket, by=by, metric=metric, relative=relative)
            location, _ = ask(opened, "overview")
            location = location.at("cohorts", location.query).having(state)
            answer = REGISTRY.view("cohorts").compute(opened.dataset, location)
            known = known_of(opened, location, answer)
            table = answer.tables[0]
            known.counts |= {0, 1, 3, 6, 12, *range(1, 7)}  # offsets, and how many of the newest
            if COHORT_METRICS[metric].unit == "money" or relative:
                known.money += [v for k in table.columns[2:] for v in table.frame[k.key].drop_nulls()]
            check(opened, location, answer, known)


@pytest.mark.parametrize("board", BOARDS)
def test_matrix(opened: OpenedDataset, board: str) -> None:
    location, _ = ask(opened, "overview")
    location = location.at("matrix", location.query).having(MatrixState().on(board))
    answer = REGISTRY.view("matrix").compute(opened.dataset, location)
    known = known_of(opened, location, answer)
    rows = answer.tables[1].frame
    if board == "RFM":
        pairs = opened.dataset.ask(profile, location.query, ("R score", "F score"))
        gone = pairs.filter(pl.col("R score").cast(pl.String) <= "2", pl.col("F score").cast(pl.String) >= "4")
        known.counts.add(int(gone["customers"].sum()))
        known.shares.append(float(gone["revenue_share"].sum()))
    elif board == "ABC × XYZ":
        sums = rows.group_by("ABC").agg(pl.col("customers", "customer_share", "revenue_share").sum())
        known.counts |= set(sums["customers"])
        known.shares += [*sums["customer_share"], *sums["revenue_share"]]
    elif board == "life cycle":
        known.counts |= {abs(int(change)) for change in rows["change"].drop_nulls()}
    else:
        cells = answer.tables[0].frame  # shares of rows; under "all" whole numbers
        sizes = cells["cell 0"].to_list()
        shares = cells.select(pl.col("^cell [1-9]$")).rows()
        known.counts |= {round(n * (s or 0)) for n, row in zip(sizes[:-1], shares[:-1], strict=True) for s in row}
        known.counts |= {round(n * (s or 0)) for n, row in zip(sizes[-1:], shares[-1:], strict=True) for s in row}
        known.shares += [s for row in shares for s in row if s is not None]
    check(opened, location, answer, known)


def test_budget(opened: OpenedDataset) -> None:
    location, answer = ask(opened, "budget")
    known = known_of(opened, location, answer)
    found = answer.found  # type: ignore[attr-defined]
    whole = found.blended.row(0, named=True)
    known.shares.append(whole["free_share"] or 0.0)
    known.money += [v for v in (whole["ltv"], whole["max_cac"]) if v is not None]
    known.counts |= {whole["within_months"], found.paid["within_months"][0], *range(found.rows.height)}
    check(opened, location, answer, known)


def test_customers(opened: OpenedDataset) -> None:
    for filters in ((), (Filter("tier", "VIP"),)):
        location, answer = ask(opened, "customers", *filters)
        known = known_of(opened, location, answer)
        rows = answer.tables[0].frame
        gone = int((rows["silent"] >= opened.dataset.snapshot(location.query).churn_gap.days).sum())
        known.counts |= {rows.height, int(rows["orders"].sum()), gone}
        known.money.append(rows["revenue"].sum() / 10_000)
        known.shares += [gone / max(rows.height, 1)]
        if rows.height and rows["revenue"].sum():
            known.shares.append(int(rows["revenue"].max()) / int(rows["revenue"].sum()))  # type: ignore[call-overload]
        known.texts = set(rows["id"].cast(pl.String))
        check(opened, location, answer, known)


def test_card(opened: OpenedDataset) -> None:
    customers = opened.dataset.snapshot(opened.query).customers["customer"]
    for code in {int(customers[0]), int(customers[customers.len() // 2]), int(customers[-1])}:
        location, answer = ask(opened, "customer", customer=code)
        known = known_of(opened, location, answer)
        card = answer.card  # type: ignore[attr-defined]
        facts, gaps = card.facts, card.orders["gap"].drop_nulls()
        gaps = gaps.filter(gaps > 0)
        known.counts |= {card.rank, card.of, facts["orders"], facts["silent"], *(int(g) for g in gaps)}
        known.money.append(facts["revenue"] / 10_000)
        if gaps.len():
            known.money += [gaps.median(), facts["silent"] - gaps.median()]  # type: ignore[list-item, operator]
        check(opened, location, answer, known)


def test_quality(opened: OpenedDataset) -> None:
    location, answer = ask(opened, "quality")
    known = known_of(opened, location, answer)
    account = answer.account  # type: ignore[attr-defined]
    left = [each for each in account.counts if each.excluded]
    rows = sum(each.rows for each in left)
    known.counts |= {account.rows_read, rows, account.quiet.days, len(opened.dataset.doubts)}
    known.counts |= {each.rows for each in left}
    known.money += [each.amount / 10_000 for each in left]
    known.shares.append(rows / account.rows_read)
    check(opened, location, answer, known)


@pytest.mark.parametrize("board", COMPARED)
def test_compare(opened: OpenedDataset, board: str) -> None:
    location, _ = ask(opened, "compare")
    location = location.changed(CompareState, board=board)
    answer = REGISTRY.view("compare").compute(opened.dataset, location)
    shown = answer.shown  # type: ignore[attr-defined]
    if shown is None:
        assert "no other customers" in answer.why  # type: ignore[attr-defined]
        return
    known = known_of(opened, location, answer)
    if board == DIFFERENCE:  # figures of its rows stand as text, each with the unit of its row
        cells = " ".join(cell for row in answer.tables[0].cells(0, answer.tables[0].height) for cell in row)
        assert all(found.lstrip("-") in cells for found in re.findall(r"-?\d+\.\d\d", sentence(answer.headline)))
        return
    if board == WHEN:
        known.counts.add(int(answer.tables[0].frame["orders"].sum()))
    if board == DRIVERS:
        repeat = drivers_of(opened.dataset, location.query, "repeat", hindsight=False)
        known.shares += [v for end in ("best", "worst") for v in repeat.rows[f"{end}_figure"].drop_nulls()]
        known.texts |= {v for end in ("best", "worst") for v in repeat.rows[f"{end}_value"].drop_nulls()}
        known.counts |= {repeat.days, FEW}
    check(opened, location, answer, known)
