"""Every number in the sentence of a screen stands in its tables, under its key figures, or follows from them: on
eight shops."""

from __future__ import annotations

import re

import polars as pl
import pytest
from said import REGISTRY, ask, check, known_of

from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
from ltvtui.analytics.forecast.backtest import in_short
from ltvtui.analytics.forecast.gate import SHORTEST_HISTORY
from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.of_snapshot import gate_of
from ltvtui.analytics.forecast.summary import forecast_summary
from ltvtui.analytics.forecast.win_back import UNLIKELY, at_risk_together, by_state, win_back
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.segments import profile
from ltvtui.present.headline import sentence
from ltvtui.query.query import Filter, Query
from ltvtui.session.comparison import drivers_of, period_change_of
from ltvtui.session.forecast import backtest
from ltvtui.session.headline_facts import prices_of
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.compare.periods import chosen
from ltvtui.tui.views.compare.state import BOARDS as COMPARED
from ltvtui.tui.views.compare.state import DIFFERENCE, DRIVERS, PERIODS, WHEN, CompareState
from ltvtui.tui.views.forecast.state import BOARDS as FORECAST_BOARDS
from ltvtui.tui.views.forecast.state import WIN_BACK, ForecastState, on_board
from ltvtui.tui.views.matrix.state import BOARDS, MatrixState


def test_overview(opened: OpenedDataset) -> None:
    location, answer = ask(opened, "overview")
    known = known_of(opened, location, answer)
    prices = prices_of(opened.dataset, location.query, opened.budget)
    assert prices is not None
    known.money += [price for price in (prices.of_all, prices.of_paid) if price is not None]
    known.counts.add(prices.left_out)
    ltv = opened.dataset.ask(profile, location.query)["ltv"][0]
    known.money += [] if ltv is None else [ltv / opened.budget.target]
    check(opened, location, answer, known)


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
            known.counts |= {FEW, *range(table.height)}  # how many are too small to be compared
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
        untold = rows.filter(pl.col("XYZ").cast(pl.String) == "–")["customers"].sum()
        known.shares.append(untold / max(int(rows["customers"].sum()), 1))
    elif board == "life cycle":
        known.counts |= {abs(int(change)) for change in rows["change"].drop_nulls()}
        lapsed = rows.filter(pl.col("stage").is_in(["lost", "one-time"]))["customers"].sum()
        known.counts.add(lapsed)
        known.shares.append(lapsed / max(opened.dataset.snapshot(location.query).customers.height, 1))
    else:
        cells = answer.tables[0].frame  # shares of rows; under "all" whole numbers
        sizes = cells["cell 0"].to_list()
        shares = cells.select(pl.col("^cell [1-9]$")).rows()
        known.counts |= {round(n * (s or 0)) for n, row in zip(sizes[:-1], shares[:-1], strict=True) for s in row}
        known.counts |= {round(n * (s or 0)) for n, row in zip(sizes[-1:], shares[-1:], strict=True) for s in row}
        known.shares += [s for row in shares for s in row if s is not None]
        new = cells.filter(pl.col("name") == "new")["cell 0"].sum()  # who had no order on the first day
        known.shares.append(new / max(sizes[-1], 1))
        stayed = sum(round(n * (s or 0)) for n, s in cells.filter(name="VIP").select("cell 0", "cell 1").rows())
        known.counts.add(round(sizes[-1] * (shares[-1][0] or 0)) - stayed)  # who became VIP
    check(opened, location, answer, known)


def test_budget(opened: OpenedDataset) -> None:
    location, answer = ask(opened, "budget")
    known = known_of(opened, location, answer)
    found = answer.found  # type: ignore[attr-defined]
    whole = found.blended.row(0, named=True)
    known.shares.append(whole["free_share"] or 0.0)
    known.money += [v for v in (whole["ltv"], whole["max_cac"]) if v is not None]
    known.money += [v / opened.budget.target for v in (whole["ltv"], found.paid["ltv"][0]) if v is not None]
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
    rows = account.rows_left_out
    known.counts.add(account.orders_left_out)
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
        cells = [cell for table in answer.tables for row in table.cells(0, table.height) for cell in row]
        written = (re.findall(r"-?\d[\d ]*(?:\.\d+)?", cell.replace("−", "-")) for cell in cells)
        known.money += [float(figure.replace(" ", "")) for figures in written for figure in figures]
        known.money += [-figure for figure in known.money]  # A − B, or B − A
        known.counts |= {FEW, *range(location.query.horizon + 1)}
    if board == WHEN:
        known.counts.add(int(answer.tables[0].frame["orders"].sum()))
    if board == PERIODS:
        periods = chosen(location.state(CompareState), opened.dataset.as_of(location.query))
        share = period_change_of(opened.dataset, location.query, *periods).share
        known.shares += [] if share is None else [abs(share)]
        known.texts |= {period.name for period in periods}
    if board == DRIVERS:
        repeat = drivers_of(opened.dataset, location.query, "repeat", hindsight=False)
        known.shares += [v for end in ("best", "worst") for v in repeat.rows[f"{end}_figure"].drop_nulls()]
        known.texts |= {v for end in ("best", "worst") for v in repeat.rows[f"{end}_value"].drop_nulls()}
        known.counts |= {repeat.days, FEW}
    check(opened, location, answer, known)


@pytest.mark.parametrize("board", FORECAST_BOARDS)
def test_forecast(opened: OpenedDataset, board: str) -> None:
    location, _ = ask(opened, "forecast")
    location = on_board(location, board)
    answer = REGISTRY.view("forecast").complete(opened.dataset, location, lambda progress: None)
    if answer.shown is None:  # type: ignore[attr-defined]
        found = gate_of(opened.dataset.snapshot(location.query))
        assert found.why.lower().startswith(sentence(answer.headline).rstrip(".").lower())
        return
    known = known_of(opened, location, answer)
    months = location.state(ForecastState).months
    totals = found = opened.dataset.ask(forecast_summary, location.query)
    left = found.customers - round(found.p_alive)
    known.counts |= {months, found.customers, left, found.lapsed, found.lapsed_once, found.lapsed - found.lapsed_once}
    known.shares += [left / found.customers, found.lapsed / found.customers]
    accuracy = backtest(opened.dataset, location.query).accuracy
    ginis = accuracy.filter(pl.col("method") == "model")["gini_value"].drop_nulls()
    known.money += [found.value_at_risk, 1, 0, *known.shares]  # 1 is perfect, 0 is chance
    known.money += [] if ginis.is_empty() else [float(ginis.mean())]  # type: ignore[arg-type]
    known.counts.add(365 + SHORTEST_HISTORY + Horizon.of_months(months).whole_days)
    known.counts.add(found.history_days)
    if board == WIN_BACK:
        found = win_back(opened.dataset.snapshot(location.query))
        for people, *worth in by_state(found, months).values():
            known.counts.add(people)
            known.money += worth
        known.shares.append(UNLIKELY)
        sums = at_risk_together(found, totals.value_at_risk)
        known.counts |= {sums["half"], int(REGISTRY.view("matrix").key)}
        known.shares.append(sums["half"] / sums["customers"])
    else:
        every = in_short(backtest(opened.dataset, location.query))
        longest = months if months in every["months"] else every["months"].max()  # of a horizon that can be tested
        short = every.filter(pl.col("months") == longest)
        known.counts.add(longest)  # type: ignore[arg-type]
        known.counts |= set(short["attempts"])  # which all past forecasts are too
        known.shares += short["error_value"].drop_nulls().to_list()
    check(opened, location, answer, known)
