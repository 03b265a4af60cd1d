"""What two screens say of one thing is the same: on every shop that is at hand."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from said import REGISTRY, ask

from ltvtui.analytics.cohorts.metrics import COHORT_METRICS
from ltvtui.analytics.comparison.periods import CalendarPeriod, period_change
from ltvtui.analytics.forecast.summary import forecast_summary
from ltvtui.analytics.history import by_month
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.segments import profile, value_curves
from ltvtui.days import iso
from ltvtui.present.budget.plots import payback_plot
from ltvtui.present.budget.report import BudgetReport, as_json
from ltvtui.present.headline import sentence
from ltvtui.present.headline.budget import prices_in
from ltvtui.present.quality import quality_rows, summary
from ltvtui.session.budget import budget_of, spend_of
from ltvtui.session.headline_facts import prices_of
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.forecast.state import WIN_BACK, on_board
from ltvtui.tui.views.matrix.state import MatrixState

MONEY = r"(-?[\d .]*\d)"


def figure(pattern: str, text: str) -> float | None:
    """The number that `pattern` finds in `text`."""
    found = re.search(pattern.replace("#", MONEY), text)
    return None if found is None else float(found[1].replace(" ", ""))


def test_what_a_customer_may_cost(opened: OpenedDataset) -> None:
    """Overview and Budget name the largest CAC of all customers and that of the paid ones: the same two."""
    overview, budget = (sentence(ask(opened, view)[1].headline) for view in ("overview", "budget"))
    found = ask(opened, "budget")[1].found  # type: ignore[attr-defined]
    together, paid = found.blended.row(0, named=True), found.paid.row(0, named=True)
    assert figure("pay up to #", overview) == _cents(together["max_cac"])
    if paid["spend"] is None:
        assert "paid channels" not in overview
        return
    assert figure("paid channels: #", overview) == _cents(paid["max_cac"])
    if paid["cac"] is not None and paid["max_cac"] is not None:
        assert figure("the # .{0,2}that target", budget) == _cents(paid["max_cac"])
        assert figure("all customers: #", budget) == _cents(together["max_cac"])


def _cents(value: float | None) -> float | None:
    return None if value is None else round(value, 0 if value >= 10_000 else 2)


def test_prices_are_those_of_the_budget(opened: OpenedDataset) -> None:
    """Overview does without intervals, which take long of many customers; the figures are the same."""
    dataset, query = opened.dataset, opened.query
    budget = budget_of(dataset, query, opened.budget, spend_of(dataset, query, opened.budget))
    assert prices_of(dataset, query, opened.budget) == prices_in(budget)


def test_a_verdict_does_not_read_as_pay_more(opened: OpenedDataset) -> None:
    """Where one more customer costs more than max CAC, the table says cap, a remark says why, and the
    sentence does not tell to scale; programs have the verdict as it is, and the fact beside it."""
    answer = ask(opened, "budget")[1]
    found, table = answer.found, answer.tables[0]  # type: ignore[attr-defined]
    place = next(place for place, column in enumerate(table.columns) if column.key == "verdict")
    shown = {row[0]: row[place] for row in table.cells(0, found.rows.height)}
    report = BudgetReport(opened.dataset.snapshot(opened.query), "all", found, None, gross=False)
    written = as_json(report)
    for row in written["rows"]:
        name = row["channel"] or "unknown"
        dear = row["verdict"] in ("scale", "hold") and row["channel"] in written["costly_at_the_margin"]
        assert ("cap" if dear else row["verdict"] or "") == shown.get(name, row["verdict"])
        below = [line for line in answer.of_rows if f"by {name} costs" in line]  # type: ignore[attr-defined]
        assert [line.split(":")[0] for line in below] == (["cap"] if dear else [])
        scaled = re.search(r"; scale ([^;]*)", sentence(answer.headline))
        assert not (dear and scaled and name in re.split(", | and ", scaled[1]))


def test_few_is_what_the_legend_says(opened: OpenedDataset) -> None:
    """The legend names whom the mark counts: all customers, or those proven new where LTV is of them alone."""
    snapshot = opened.dataset.snapshot(opened.query)
    since = snapshot.entry.since
    who = "customers" if since is None else f"customers proven new since {iso(since)}"
    proven = pl.lit(True) if since is None else pl.col("first") >= since
    counted = snapshot.customers.with_columns(counts=proven)
    for dimension in opened.dataset.dimensions_of(opened.query):
        _, answer = ask(opened, "explore", by=(dimension,))
        rows = counted.with_columns(snapshot.by(dimension)[dimension].cast(pl.String).alias("value"))
        sizes = dict(rows.group_by("value").agg(pl.col("counts").sum()).iter_rows())
        frame = answer.tables[0].frame.select(pl.col(dimension).cast(pl.String), "few", "customers")
        assert all(few == (sizes.get(value, 0) < 30) for value, few, customers in frame.rows() if customers)
        legend = [part for part in answer.caption if part.startswith("few")]  # type: ignore[attr-defined]
        assert legend == ([f"few: small sample (< 30 {who})"] if frame["few"].any() else [])


def test_both_days_of_the_next_order_are_named(opened: OpenedDataset) -> None:
    """The card names the day by the customer's rhythm and that by the model; the latter is the one of Win back, where
    they have not probably left, and the former the one of the sentence."""
    location, answer = ask(opened, "forecast")
    if answer.shown is None:  # type: ignore[attr-defined]
        pytest.skip("no forecast of this shop")
    board = REGISTRY.view("forecast").compute(opened.dataset, on_board(location, WIN_BACK)).tables[-1]
    listed = board.part(0, 200)
    codes = dict(zip(opened.dataset.cleaned.customer_ids, range(listed.height * 10_000), strict=False))
    place = [column.key for column in board.columns].index("next_order_day")
    days = [row[0] for row in board.cells(0, listed.height, [place])]
    written = listed.with_columns(written=pl.Series(days, dtype=pl.String))
    rows = written.select("id", "written", "p_alive", "orders").rows()
    for name, day, alive, orders in rows[:: max(listed.height // 5, 1)]:
        _, card = ask(opened, "customer", customer=codes[name])
        facts = dict(card.facts)  # type: ignore[attr-defined]
        assert (alive < 0.5) == (day == "")
        assert facts.get("next") == (f"{day} by the model, if active" if day else None)
        rhythm = card.card.rhythm  # type: ignore[attr-defined]
        if rhythm is None:
            assert "due" not in facts
            continue
        assert orders > 1
        assert facts["due"].startswith(f"{iso(rhythm.due)}")
        assert rhythm.gaps == 1 or "by this rhythm" in sentence(card.headline)


def test_no_name_of_rfm_hides_who_has_lapsed(opened: OpenedDataset) -> None:
    """Names rank customers; where half or more of a block that is named as if they were still there have lapsed (§8),
    its line and the sentence say so, and its advice does not welcome them."""
    snapshot = opened.dataset.snapshot(opened.query)
    names, gap = snapshot.terms.rules.rfm.names, snapshot.churn_gap.days
    location, _ = ask(opened, "overview")
    matrix = location.at("matrix", location.query).having(MatrixState().on("RFM"))
    boards = REGISTRY.view("matrix").compute(opened.dataset, matrix)
    told = dict(boards.tables[1].frame.select(pl.col("RFM").cast(pl.String), "action").rows())
    said = sentence(boards.headline), sentence(ask(opened, "explore", by=("RFM",))[1].headline)
    for name, action in told.items():
        block = snapshot.by("RFM").filter(pl.col("RFM").cast(pl.String) == name)
        silent = snapshot.terms.as_of - block["last"]
        is_there = name not in {"At risk", "Can't lose", "Hibernating", "Lost"}
        if is_there and silent.median() >= gap:  # type: ignore[operator]
            assert action == f"Most lapsed, ≥ {gap} days: win back"
            assert 2 * int((silent >= gap).sum()) >= block.height
            assert all(f"have lapsed (no order for {gap} days)" in text for text in said)
        elif name == "Can't lose" and block["orders"].median() == 1:
            assert action == "Most ordered only once"
            assert all("ordered only once" in text for text in said if len(told) > 1)
        elif not action.startswith("Most not late"):
            assert action == names.actions[names.names.index(name)]


def test_a_month_has_one_revenue(opened: OpenedDataset) -> None:
    """The chart of months on Overview, and two months that are compared."""
    snapshot = opened.dataset.snapshot(opened.query)
    months = by_month(snapshot).tail(3).select("month", "revenue").rows()
    for (one, before), (other, after) in pairwise(months):
        periods = [CalendarPeriod("month", day.year * 12 + day.month - 1, "", 0, 0) for day in (one, other)]
        found = period_change(snapshot, *periods)
        assert (found.before.revenue, found.after.revenue) == (before / MONEY_SCALE, after / MONEY_SCALE)


def test_both_ltvs_of_a_cut_history_are_of_one_age(opened: OpenedDataset) -> None:
    """The LTV of all that stands beside that of those proven new is within as many months, and it says so."""
    dataset, query = opened.dataset, opened.query
    entry = dataset.snapshot(query).entry
    if entry.since is None:
        pytest.skip("everybody counts in this shop")
    own = dataset.ask(profile, query)
    months = int(own["within_months"][0])
    of_all = dataset.ask(profile, replace(query, entry="all", horizon=months))["ltv"][0]
    for view in ("overview", "explore"):
        (history,) = ask(opened, view)[1].history  # type: ignore[attr-defined]
        assert figure("of all (?:≥ )?#", history) == round(of_all, 2)
        assert history.endswith(f" ({months} of {query.horizon} mo)") == (months < query.horizon)


def test_who_has_lapsed_and_who_is_active_are_told_apart(opened: OpenedDataset) -> None:
    """Overview counts who has lapsed, by days; Forecast who is active, by a model. Where the model keeps everybody,
    Forecast says how many have lapsed all the same, and Win back sends to Matrix by a key that leads there."""
    location, answer = ask(opened, "forecast")
    if answer.shown is None:  # type: ignore[attr-defined]
        pytest.skip("no forecast of this shop")
    snapshot = opened.dataset.snapshot(opened.query)
    gap = snapshot.churn_gap.days
    lapsed = int((snapshot.terms.as_of - snapshot.customers["last"] >= gap).sum())
    found = opened.dataset.ask(forecast_summary, opened.query)
    told = f"{lapsed:,}".replace(",", " ")
    assert f"by the churn gap {told} (" in sentence(answer.headline)
    assert f"(no order for {gap} days)" in sentence(answer.headline)
    model = found.repeat
    board = REGISTRY.view("forecast").compute(opened.dataset, on_board(location, WIN_BACK))
    points_away = f"press {REGISTRY.view('matrix').key} for “At risk” and “Can't lose”" in sentence(board.headline)
    assert points_away == model.has_no_leavers
    warned = any("the model still counts them as active" in text for text in answer.cautions)  # type: ignore[attr-defined]
    assert warned == model.has_no_leavers


def test_a_band_on_one_side_says_why(opened: OpenedDataset) -> None:
    """Where the band of past errors begins, or ends, at what is expected, the sentence says that all past forecasts
    were wrong in that direction; and a season that moves the total is said to be of one year."""
    location, _ = ask(opened, "forecast")
    answer = REGISTRY.view("forecast").complete(opened.dataset, location, lambda progress: None)
    if answer.shown is None:  # type: ignore[attr-defined]
        pytest.skip("no forecast of this shop")
    row = answer.tables[0].frame.filter(pl.col("months") == 12).row(0, named=True)
    said, season = sentence(answer.headline), answer.shown.season  # type: ignore[attr-defined]
    if row["value_low"] is not None:
        assert ("past forecasts were too low" in said) == (row["value_low"] == row["value"])
        assert ("past forecasts were too high" in said) == (row["value_high"] == row["value"])
    else:
        assert "past forecasts were too" not in said
    told = " ".join(answer.cautions)  # type: ignore[attr-defined]
    for title, key in (("value", "value"), ("order days", "order_days")):
        for months, total, low, high in (
            answer.tables[0].frame.select("months", key, f"{key}_low", f"{key}_high").rows()
        ):
            is_low, is_high = low is not None and low == total, high is not None and high == total
            assert bool(re.search(rf"too low for [^.]*{title} over {months} months? \(\d+ tests", told)) == is_low
            assert bool(re.search(rf"too high for [^.]*{title} over {months} months? \(\d+ tests", told)) == is_high
    assert season == "season unknown" or season.endswith(" from one year")
    moved = (
        row["season_value"] is not None and max(abs(row[f"season_{of}"] - 1) for of in ("value", "order_days")) >= 0.1
    )
    cautions = " ".join(answer.cautions)  # type: ignore[attr-defined]
    assert ("from one year, which cannot tell a season from a trend" in cautions) == moved


def test_every_row_is_accounted_for_once(opened: OpenedDataset) -> None:
    """Rows left out, further lines and rows that count make the rows that were read; these make the orders and
    refunds, and those left out of them."""
    account = opened.dataset.quality(opened.query)
    made = account.orders + account.refunds + account.rows_of("after_as_of")
    left = sum(c.rows for c in account.counts if c.excluded)
    lost = account.rows_of("only_refunds")
    if account.line_level:
        # Lines are summed; a row without an order id, of which these shops have none, is an order alone.
        assert account.rows_counted == account.rows_of("lines_summed")
        dropped = account.orders_left_out - lost - account.rows_of("after_as_of")
        assert opened.dataset.cleaned.orders.height == made
        assert dropped >= 0
    else:
        assert account.orders_left_out == 0
        assert account.rows_read == left - lost - account.rows_of("after_as_of") + made
    said = summary(account)
    figures = re.fullmatch(
        r"(.*?) rows read, several per order: (.*?) left out, (.*?) summed to .*", said.splitlines()[0]
    )
    assert (figures is not None) == account.line_level
    if figures is not None:
        read, out, summed = (int(text.replace(" ", "")) for text in figures.groups())
        assert read == out + summed
    rows = quality_rows(account)
    kept = rows.filter(pl.col("what") == "order line, summed to its order")["rows"].sum()
    shown = rows.filter(pl.col("fate") == "left out", ~pl.col("what").str.ends_with("(orders)"))["rows"].sum()
    assert not account.line_level or shown + kept == account.rows_read


@pytest.mark.parametrize("metric", COHORT_METRICS)
def test_what_is_said_of_newer_cohorts_does_not_contradict_itself(opened: OpenedDataset, metric: str) -> None:
    """Where all of the newest are on one side of all, they are not called neither better nor worse; and cohorts that
    are too small to be compared are counted."""
    for bucket in ("month", "quarter"):
        location, _ = ask(opened, "overview")
        location = location.at("cohorts", location.query).having(CohortsState(bucket=bucket, metric=metric))
        answer = REGISTRY.view("cohorts").compute(opened.dataset, location)
        clauses = list(answer.headline)
        of_newer = [clause for clause in clauses if "newer cohorts" in clause]
        for clause in of_newer:
            assert not ("not clearly" in clause and re.search(r": (all|the) \d+ newest|: none", clause)), clause
        compared = any("lowest" in clause or "are equal" in clause for clause in clauses)
        sizes = answer.tables[0].frame["size"].drop_nulls()[1:]
        if compared and "under 30 customers" in " ".join(clauses):
            assert (sizes < 30).any()
        if compared and (sizes >= 30).all():
            assert "under 30 customers" not in " ".join(clauses)


def test_one_axis_of_age(opened: OpenedDataset) -> None:
    """The curve of what a customer brings stands on the same axis on Overview and on Budget: M_k at k, so that it
    crosses CAC where the payback is printed (metrics.md, Budget), and by the first order at 0."""
    (_, overview), (_, budget) = ask(opened, "overview"), ask(opened, "budget")
    ltv = overview.plots[0]  # type: ignore[attr-defined]
    found, table = budget.found, budget.rows  # type: ignore[attr-defined]
    payback = payback_plot(found, table.part(table.height - 1, table.height).row(0, named=True), "", gross=True)
    assert ltv.x_label == payback.x_label
    own = opened.dataset.ask(value_curves, opened.query, ("tier",))
    for line in ltv.lines:
        rows = own.filter(pl.col("tier").cast(pl.String) == line.name)
        assert list(line.xs) == rows["age_month"].to_list()
        assert list(line.ys) == pytest.approx(rows["ltv"].to_list())
    for row in table.frame.filter(pl.col("payback_months").is_not_null()).iter_rows(named=True):
        chart = payback_plot(found, row, "", gross=True)
        curve, months = chart.lines[0], row["payback_months"]
        (mark,) = chart.marks
        assert mark.x == months
        if months == 0:
            assert curve.xs[0] == 0
            assert curve.ys[0] >= row["cac"]
        else:
            assert np.interp(months, curve.xs, curve.ys) == pytest.approx(row["cac"])


def test_words_for_leaving_have_one_meaning_each(opened: OpenedDataset) -> None:
    """lapsed: silent for the churn gap, by days. lost: a stage of the life cycle. probably left: by the model. Each
    screen that says one of them has it among its words."""
    location, _ = ask(opened, "overview")
    at = {
        "overview": [location],
        "matrix": [
            location.at("matrix", location.query).having(MatrixState().on(board))
            for board in ("RFM", "life cycle", "tier migration")
        ],
        "forecast": [on_board(ask(opened, "forecast")[0], board) for board in ("totals", "win back")],
        "customers": [ask(opened, "customers")[0]],
    }
    for view, places in at.items():
        spec = REGISTRY.view(view)
        for place in places:
            said = sentence(spec.compute(opened.dataset, place).headline).replace("“Lost”", "")
            assert not re.search(r"\b(gone|churned|dead|inactive)\b", said)
            if "lapsed" in said:
                assert "lapsed" in spec.vocabulary
            if re.search(r"\blost\b", said, re.IGNORECASE):
                assert view in ("matrix", "forecast")
                assert "lost, one-time" in spec.vocabulary
            if re.search(r"\b(left|leaves?)\b", said.replace("left out", "")):
                assert view == "forecast"
                assert "probably left" in spec.vocabulary
