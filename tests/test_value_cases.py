"""Files as shops export them, with their own amounts, dates and ids: read right, or the doubt is said.

The right figures stand in the README beside the files.
"""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shops import ROOT

from ltvtui.cli import main

CASES = ROOT.parent / "shared" / "data" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not at hand: {CASES}")


def report(path: Path, *words: str) -> Result:
    done = CliRunner().invoke(main, ["report", str(path), "--format", "json", "--no-cache", *words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def figures(done: Result) -> tuple[int, int, float]:
    assert done.exit_code == 0, done.stderr
    base = json.loads(done.stdout)["base"]
    return base["orders"], base["customers"], base["revenue"]


def case(name: str, folder: Path) -> Path:
    return Path(shutil.copy(CASES / name, folder / Path(name).name))


@pytest.mark.parametrize(
    ("name", "orders", "customers", "revenue"),
    [
        ("amount_unicode_minus.csv", 112, 29, 4_417.0),
        ("amount_sap.csv", 112, 29, 4_417.0),
        ("amount_swiss.csv", 112, 29, 441_700.0),
        ("amount_fr.csv", 112, 29, 441_700.0),
        ("amount_us_minus.csv", 112, 29, 441_700.0),
        ("amount_usdp.csv", 112, 29, 441_700.0),
        ("amount_inr.csv", 112, 29, 12_839_476.0),
        # 10 each of 12,5, 99, 1000 and 250,75; 10 each of 1,234.50, 99, 1,000 and 250.75
        ("de_comma_only.csv", 40, 7, 13_622.5),
        ("mixed_us.csv", 40, 7, 25_842.5),
        ("null_mysql.csv", 90, 26, 3_949.0),
        ("guest_zero.csv", 80, 20, 1_600.0),
        ("mixed_ids.sqlite", 120, 20, 1_200.0),
        ("currency_case.csv", 60, 15, 1_200.0),
        ("tz_utc.csv", 300, 60, 3_000.0),
        # 64 of 80 rows are of 2024, the others of 0000-00-00, 1900-01-00, 1970-01-01 and 2204
        ("odd_dates.csv", 64, 16, 640.0),
        *((f"xl_{kind}.xlsx", 90, 25, 3_753.0) for kind in ("bigids", "mixedids", "textdates")),
        *((f"schemas/t_{kind}.sqlite", 400, 79, 1_797_384.56) for kind in ("plain", "thousands", "comma", "dollar")),
        ("schemas/textprice.sqlite", 200, 58, 3_332_531.0),
        *(
            (f"date_{kind}.csv", 80, 20, 800.0)
            for kind in (
                *("ampm", "amzn", "cjk", "demon", "deuhr", "dmonyy", "isoz", "js", "micro", "mon", "monlong", "ns"),
                *("pst", "rfc", "slashymd", "us2", "us_micro"),
            )
        ),
    ],
)
def test_found_without_a_word(tmp_path: Path, name: str, orders: int, customers: int, revenue: float) -> None:
    assert figures(report(case(name, tmp_path))) == (orders, customers, revenue)


def test_words_for_nothing_are_nobody_and_guests_are_told(tmp_path: Path) -> None:
    done = report(case("null_customers.csv", tmp_path))
    assert figures(done) == (100, 27, 4_452.0)
    told = next(line for line in done.stderr.splitlines() if "guests" in line)
    assert all(word in told for word in ("guest", "0", "(not set)"))


def test_guests_can_be_kept(tmp_path: Path) -> None:
    path = case("guest_zero.csv", tmp_path)
    assert "the customer id 0 is shared by guests: 40 of 120" in report(path).stderr
    assert figures(report(path, "--guests", "keep")) == (120, 21, 2_400.0)


def test_ids_that_lost_their_digits_stop_the_report(tmp_path: Path) -> None:
    path = case("excel_scientific_ids.csv", tmp_path)
    done = report(path)
    assert done.exit_code == 1
    assert "7.00E+12" in done.stderr
    assert "--force-ids" in done.stderr
    assert figures(report(path, "--force-ids"))[2] == 5_235.0


def test_case_does_not_part_addresses(tmp_path: Path) -> None:
    assert figures(report(case("email_case.csv", tmp_path), "--customer", "email")) == (60, 15, 600.0)


@pytest.mark.parametrize(("name", "flag"), [("comma_en_int.csv", "--decimal"), ("date_amb.csv", "--date-format")])
def test_what_nothing_decides_is_asked(tmp_path: Path, name: str, flag: str) -> None:
    done = report(case(name, tmp_path))
    assert done.exit_code == 2
    assert flag in done.stderr


def test_what_was_asked_can_be_said(tmp_path: Path) -> None:
    path = case("comma_en_int.csv", tmp_path)
    # 8 each of 1,500, 850, 12,250, 990 and 1,000
    assert figures(report(path, "--decimal", "point")) == (40, 7, 132_720.0)
    assert figures(report(path, "--decimal", "comma"))[2] == 8 * (1.5 + 850 + 12.25 + 990 + 1)


@pytest.mark.parametrize("name", ["mixed_us.csv", "dot_mixed_de.csv", "odd_dates.csv", "null_customers.csv"])
@settings(max_examples=examples(5), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.randoms(use_true_random=False))
def test_shuffling_rows_changes_no_figure(tmp_path: Path, name: str, order: random.Random) -> None:
    head, *rows = (CASES / name).read_text("utf-8").splitlines()
    known = figures(report(case(name, tmp_path)))
    order.shuffle(rows)
    shuffled = tmp_path / f"shuffled_{name}"
    shuffled.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    assert figures(report(shuffled)) == known
