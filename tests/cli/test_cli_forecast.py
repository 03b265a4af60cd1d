"""`ltvtui forecast`: published figures, every format, filters, and shops that tell too little."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import running
from real_shops import DATA
from shops import ROOT, corner_shop


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration folder that nobody else uses."""
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated shop of three years."""
    path = tmp_path_factory.mktemp("forecast") / "shop.sqlite"
    words = (str(path), "--customers", "1500", "--until", "2026-06-30")
    subprocess.run([sys.executable, str(ROOT / "fixtures" / "generate.py"), *words], check=True, capture_output=True)
    return path


@pytest.fixture
def cdnow(tmp_path: Path) -> Path:
    if not DATA.is_dir():
        pytest.skip(f"the real shops are not at hand: {DATA}")
    return Path(shutil.copy(DATA / "cdnow.sqlite", tmp_path))


run = partial(running.run, "forecast")
json_of = partial(running.json_of, "forecast")


def test_json_has_the_published_figures(cdnow: Path) -> None:
    """Batislam's MBG/NBD and Gamma-Gamma on all order days, of the sample of CDNOW."""
    found = json_of(cdnow, "--orders", "CDNOW_sample")
    assert (found["as_of"], found["gate"]) == ("1998-06-30", {"ok": True, "why": None})
    assert found["model"] == {
        "name": "MBG/NBD",
        "r": pytest.approx(0.61784, rel=1e-4),
        "alpha": pytest.approx(8.65696, rel=1e-4),
        "a": pytest.approx(0.55152, rel=1e-4),
        "b": pytest.approx(1.00906, rel=1e-4),
        "log_likelihood": pytest.approx(-17_127.373, abs=0.001),
        "boundary": None,
    }
    assert found["spend"] == {
        "p": pytest.approx(7.06017, rel=1e-4),
        "q": pytest.approx(3.75226, rel=1e-4),
        "v": pytest.approx(12.8942, rel=1e-4),
        "log_likelihood": pytest.approx(-9_903.095, abs=0.001),
    }
    assert found["p_alive_sum"] == pytest.approx(978.468, abs=0.001)
    raw = [(row["months"], row["order_days_raw"], row["value_raw"]) for row in found["horizons"]]
    assert raw == [
        (3, pytest.approx(532.75, abs=0.01), pytest.approx(19_266.38, abs=0.01)),
        (6, pytest.approx(1_030.43, abs=0.01), pytest.approx(37_257.74, abs=0.01)),
        (12, pytest.approx(1_942.87, abs=0.01), pytest.approx(70_228.12, abs=0.01)),
    ]
    for row in found["horizons"]:
        assert row["order_days"] == pytest.approx(row["order_days_raw"] * row["season_order_days"])
        assert row["value"] == pytest.approx(row["value_raw"] * row["season_value"])
    (six,) = (
        row
        for row in found["backtest"]
        if (row["months"], row["origin"], row["method"]) == (6, "1997-12-29", "model")
    )
    assert list(six) == [
        *("months", "origin", "method", "order_days", "actual_order_days", "bias_order_days", "mae_order_days"),
        *("gini_order_days", "value", "actual_value", "bias_value", "mae_value", "gini_value"),
    ]
    assert six["order_days"] == pytest.approx(1_134.10, abs=0.01)
    assert (six["actual_order_days"], six["actual_value"]) == (1_164, pytest.approx(43_593.11))
    assert (six["bias_order_days"], six["bias_value"]) == pytest.approx((-0.026, -0.057), abs=0.001)
    assert (six["gini_order_days"], six["gini_value"]) == pytest.approx((0.660, 0.685), abs=0.001)
    other = json_of(cdnow, "--orders", "CDNOW_sample", "--model", "bg", "--months", "6")
    assert other["model"]["log_likelihood"] == pytest.approx(-17_138.234, abs=0.001)
    assert [row["order_days_raw"] for row in other["horizons"]] == [pytest.approx(1_045.88, abs=0.01)]


def test_keys_of_the_json(shop: Path) -> None:
    found = json_of(shop, "--by", "channel")
    assert list(found) == [
        *("as_of", "of", "by", "gate", "model", "spend", "customers", "p_alive_sum", "value", "expected_ltv"),
        *("value_at_risk", "horizons", "backtest", "backtest_season_unknown", "deciles", "rows", "statements"),
        "warnings",
    ]
    assert list(found["horizons"][0]) == [
        *(
            "months",
            "order_days",
            "value",
            "order_days_raw",
            "value_raw",
            "season_order_days",
            "season_value",
            "band",
            "band_why",
        ),
    ]
    low, high = found["horizons"][0]["band"]["value"]
    assert low <= found["horizons"][0]["value"] <= high
    assert {row["method"] for row in found["backtest"]} == {"model", "last period", "nobody leaves"}
    assert [row["decile"] for row in found["deciles"][:10]] == [*range(1, 11)]
    assert sum(row["customers"] for row in found["rows"]) == found["customers"]
    for row in found["rows"]:
        assert row["expected_value_3_low"] <= row["expected_value_3"] <= row["expected_value_3_high"]
        assert row["band_why"] is None or "test of 30 customers" in row["band_why"]
    knew = {(row["months"], row["origin"]) for row in found["backtest"]}
    assert knew.isdisjoint((row["months"], row["origin"]) for row in found["backtest_season_unknown"])
    assert sum(row["expected_value_12"] for row in found["rows"]) == pytest.approx(found["horizons"][-1]["value"])


def test_a_filter_forecasts_its_people_by_the_models_of_the_shop(shop: Path) -> None:
    whole = json_of(shop, "--by", "country")
    (row,) = (row for row in whole["rows"] if row["country"] == "DK")
    part = json_of(shop, "--where", "country = DK")
    assert (part["of"], part["model"], part["spend"]) == ("country: DK", whole["model"], whole["spend"])
    assert part["backtest"] == whole["backtest"]
    assert part["p_alive_sum"] == pytest.approx(row["p_alive_sum"])
    assert part["horizons"][1]["value"] == pytest.approx(row["expected_value_6"])
    assert "tested on all customers" in run(shop, "--where", "country = DK").stdout
    assert "tested on all customers" not in run(shop).stdout


def test_terms_are_obeyed(shop: Path) -> None:
    mapped, agreed = json_of(shop), json_of(shop, "--margin", "1")
    assert agreed["horizons"][0]["value"] > mapped["horizons"][0]["value"], "the shop's own margin is below revenue"
    half = json_of(shop, "--margin", "50%")
    assert half["horizons"][0]["value"] == pytest.approx(agreed["horizons"][0]["value"] / 2)
    sooner = json_of(shop, "--as-of", "2025-06-30")
    assert sooner["as_of"] == "2025-06-30"
    assert sooner["customers"] < mapped["customers"]
    assert json_of(shop, "--entry", "proven")["model"] == mapped["model"]


def test_every_format_has_the_horizons(shop: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(shop, "--format", "csv").stdout)))
    assert [row["months"] for row in rows] == ["3", "6", "12"]
    by_tier = list(csv.DictReader(io.StringIO(run(shop, "--by", "tier", "--format", "csv").stdout)))
    assert [row["tier"] for row in by_tier] == ["VIP", "middle", "economy"]
    text = run(shop, "--by", "tier").stdout
    assert text.startswith("Today's customers are expected to bring ")
    for word in ("12 months", "VIP", "nobody leaves", "happened", "MBG/NBD: r ", "After an order day "):
        assert word in text
    marked = run(shop, "--by", "tier", "--format", "markdown").stdout
    assert "| 12 months |" in marked
    assert "| VIP |" in marked


def test_months_are_those_that_are_asked_for(shop: Path) -> None:
    found = json_of(shop, "--months", " 24, 1,1 ")
    assert [row["months"] for row in found["horizons"]] == [1, 24]
    assert found["horizons"][1]["season_value"] == 1
    assert any("within a year" in text for text in found["statements"])


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (("--months", "0"), "Give a whole number from 1 to 60, such as 12."),
        (("--months", "soon"), "Give a whole number from 1 to 60, such as 12."),
        (("--months", "1.5"), "Give a whole number from 1 to 60, such as 12."),
        (("--months", ","), "Give some, such as 3,6,12."),
        (("--model", "pareto"), "See: ltvtui forecast --help"),
        (("--by", "shoe"), "Choose from: "),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, words: tuple[str, ...], mend: str) -> None:
    done = run(corner_shop(tmp_path), *words)
    assert done.exit_code == 2
    what, how = done.stderr.strip().splitlines()
    assert what.startswith("ltvtui: ")
    assert mend in how


WHY = "Not enough data for a forecast: 10 of 500 customers, "


@pytest.mark.parametrize("by", [(), ("--by", "tier")])
def test_a_small_shop_is_refused_with_the_reason(tmp_path: Path, by: tuple[str, ...]) -> None:
    corner = corner_shop(tmp_path)
    done = run(corner, *by, "--format", "json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert not found["gate"]["ok"]
    assert found["gate"]["why"].startswith(WHY)
    for name in ("model", "spend", "p_alive_sum", "value", "expected_ltv", "value_at_risk"):
        assert found[name] is None
    for name in ("horizons", "backtest", "deciles", "rows"):
        assert found[name] == []
    table = run(corner, *by)
    assert (table.exit_code, table.stdout.startswith(WHY)) == (1, True)


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Path]:
    def make(rows: str) -> Path:
        path = tmp_path / "orders.csv"
        path.write_text("order_id,customer_id,order_date,amount\n" + rows, "utf-8")
        return path

    return make


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_a_shop_without_value_has_order_days_and_says_why(tmp_path: Path, amount: str) -> None:
    """The purchases brought nothing, or what was paid went back."""
    path = tmp_path / "free.csv"
    paid = [(day, "0") for day in (1, 3, 8)] if amount == "0" else [(1, "4"), (3, "0"), (8, "0"), (9, amount)]
    rows = (f"c{who},2025-{month:02}-01,{money}" for who in range(500) for month, money in paid)
    path.write_text("\n".join(["customer,day,amount", *rows]))
    found = json_of(path, "--by", "first year")
    assert found["gate"] == {"ok": True, "why": None}
    assert "Expected value is unknown: no customer has a value above zero." in found["statements"]
    assert (found["spend"], found["expected_ltv"], found["value_at_risk"]) == (None, None, None)
    assert found["p_alive_sum"] > 0
    assert found["value"] == (0 if amount == "0" else -500)
    for row in found["horizons"]:
        assert row["order_days"] > 0
        assert (row["value"], row["value_raw"], row["season_value"]) == (None, None, None)
    (row,) = found["rows"]
    assert row["expected_days_12"] > 0
    assert (row["expected_value_12"], row["value_share"], row["value_at_risk"]) == (None, None, None)
    text = run(path, "--by", "first year").stdout
    assert text.startswith("Expected value is unknown: no customer has a value above zero; ")


def test_a_shop_of_customers_who_are_all_alike(made: Callable[[str], Path]) -> None:
    """Everybody orders on the same three days, for the same money: nobody has left, and nobody differs."""
    days = ("2024-01-01", "2024-04-01", "2024-07-01")
    rows = "".join(f"{who}-{day},c{who},{day},10\n" for who in range(500) for day in days)
    found = json_of(made(rows))
    assert found["p_alive_sum"] == pytest.approx(500, rel=0.01)
    assert found["model"]["boundary"]
    assert all(row["value"] > 0 for row in found["horizons"])
    assert run(made(rows)).exit_code == 0
