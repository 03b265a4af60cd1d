"""A file does not say which mark stands before the cents: its columns do, or it is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ltvtui.cli import main


def report(path: Path, amounts: list[str], *words: str) -> Result:
    lines = ["order_id;customer_id;order_date;amount"]
    lines += [f"{place};C{place % 5};2024-01-{place + 1:02};{text}" for place, text in enumerate(amounts)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return CliRunner().invoke(main, ["report", str(path), "--format", "json", "--no-cache", *words])


def revenue(done: Result) -> float:
    assert done.exit_code == 0, done.stderr
    return float(json.loads(done.stdout)["base"]["revenue"])


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (["1.500", "990", "12.250", "1.234.567"], 1_249_307.0),  # two groups prove it
        (["1.500", "990", "12.250", "12,50"], 14_752.5),
        (["1.500", "990", "12.250", "0.5"], 1_004.25),
        (["1,500", "990", "1,234,567"], 1_237_057.0),
        (["1.500", "990", "2.5"], 994.0),
        (["1500", "990"], 2_490.0),
        (["1.5000", "990"], 991.5),
    ],
)
def test_the_column_decides(tmp_path: Path, amounts: list[str], expected: float) -> None:
    assert revenue(report(tmp_path / "a.csv", amounts)) == expected


@pytest.mark.parametrize("amounts", [["1.500", "990", "12.250"], ["1,500", "990"], ["-1.500", "12.250"]])
def test_what_nothing_decides_is_asked(tmp_path: Path, amounts: list[str]) -> None:
    done = report(tmp_path / "a.csv", amounts)
    assert done.exit_code == 2
    assert amounts[0] in done.stderr
    assert "--decimal" in done.stderr


def test_the_answer_is_taken_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "config"))
    amounts = ["1.500", "990", "12.250"]
    assert revenue(report(tmp_path / "a.csv", amounts, "--decimal", "comma")) == 14_740.0
    assert revenue(report(tmp_path / "a.csv", amounts, "--decimal", "point")) == 1_003.75
    assert (
        CliRunner().invoke(main, ["config", str(tmp_path / "a.csv"), "--decimal", "comma", "--write"]).exit_code == 0
    )
    assert revenue(report(tmp_path / "a.csv", amounts)) == 14_740.0


def test_another_answer_is_refused(tmp_path: Path) -> None:
    done = report(tmp_path / "a.csv", ["1.500"], "--decimal", "dot")
    assert done.exit_code == 2
    assert "point, comma" in done.stderr
