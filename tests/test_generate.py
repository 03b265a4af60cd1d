"""The generated shop: the same for a seed, shaped like a shop, and careful about other people's files.

The program is run as a user runs it, and its shop is asked in plain SQL. The bounds are wide: they
hold for any seed and fail when a part of the model is lost.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

GENERATE = Path(__file__).parent.parent / "fixtures" / "generate.py"

CLEAN = """
CREATE TEMP VIEW clean AS SELECT * FROM main.orders
WHERE status = 'completed' AND customer_id IS NOT NULL AND amount IS NOT NULL
  AND ordered_at BETWEEN '2000' AND '2090';
CREATE TEMP TABLE buyers AS
SELECT customer_id, sum(amount >= 0) AS orders, sum(amount) AS revenue, min(ordered_at) AS first
FROM clean GROUP BY customer_id HAVING orders > 0;
"""


def generate(out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    command = [sys.executable, str(GENERATE), str(out), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def shop_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of 4 000 customers."""
    out = tmp_path_factory.mktemp("shop") / "shop.sqlite"
    result = generate(out, "--customers", "4000")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("\n") == 1
    assert "4,000 customers" in result.stdout
    return out


@pytest.fixture(scope="module")
def shop(shop_file: Path) -> Iterator[sqlite3.Connection]:
    """The shop, with its clean orders and its buyers beside it."""
    database = sqlite3.connect(shop_file)
    database.executescript(CLEAN)
    yield database
    database.close()


def one(shop: sqlite3.Connection, sql: str) -> float:
    """The single number that a query gives."""
    (value,) = shop.execute(sql).fetchone()
    return float(value)


def by_name(shop: sqlite3.Connection, sql: str) -> dict[str, float]:
    """A query's name → number."""
    return dict(shop.execute(sql).fetchall())


def test_same_seed_same_file_other_seed_other_data(shop_file: Path, tmp_path: Path) -> None:
    again, other = tmp_path / "again.sqlite", tmp_path / "other.sqlite"
    generate(again, "--customers", "4000")
    generate(other, "--customers", "4000", "--seed", "8")
    assert again.read_bytes() == shop_file.read_bytes()
    amounts = "SELECT sum(amount) FROM orders"
    with sqlite3.connect(shop_file) as left, sqlite3.connect(other) as right:
        assert left.execute(amounts).fetchone() != right.execute(amounts).fetchone()
    left.close()
    right.close()


def test_three_years_up_to_the_last_day(tmp_path: Path, shop: sqlite3.Connection) -> None:
    span = "SELECT min(date(ordered_at)), max(date(ordered_at)) FROM clean"
    first, last = shop.execute(span).fetchone()
    assert "2023-07-01" <= first < "2023-07-08"
    assert last == "2026-06-30"
    generate(tmp_path / "leap.sqlite", "--customers", "2000", "--until", "2024-02-28")
    leap = sqlite3.connect(tmp_path / "leap.sqlite")
    leap.executescript(CLEAN)
    assert leap.execute("SELECT max(date(ordered_at)) FROM clean").fetchone() == ("2024-02-28",)
    assert one(leap, "SELECT count(DISTINCT month) FROM marketing_spend") == 37  # the first month is cut
    leap.close()


def test_orders_scale(tmp_path: Path) -> None:
    generate(tmp_path / "sized.sqlite", "--orders", "30000")
    sized = sqlite3.connect(tmp_path / "sized.sqlite")
    assert one(sized, "SELECT count(*) FROM orders") == pytest.approx(30_000, rel=0.07)
    sized.close()


def test_customers_differ_as_in_a_real_shop(shop: sqlite3.Connection) -> None:
    assert 0.42 < one(shop, "SELECT avg(orders = 1) FROM buyers") < 0.62
    share = """SELECT sum(revenue) / (SELECT sum(revenue) FROM buyers) FROM
               (SELECT revenue FROM buyers ORDER BY revenue DESC
                LIMIT (SELECT count(*) * {} / 100 FROM buyers))"""
    assert 0.58 < one(shop, share.format(20)) < 0.74
    assert 0.22 < one(shop, share.format(4)) < 0.38
    assert 3.0 < one(shop, "SELECT avg(orders) FROM buyers") < 5.5


def test_cohorts_decay(shop: sqlite3.Connection) -> None:
    month = "(julianday(date(ordered_at)) - julianday(date(first))) / 30.4375"
    active = f"""SELECT count(DISTINCT customer_id) FROM clean JOIN buyers USING (customer_id)
                 WHERE first < '2024-07-01' AND {month} >= {{0}} AND {month} < {{0}} + 3 AND {month} > 0"""
    early, middle, late = (one(shop, active.format(age)) for age in (0, 6, 18))
    assert early > 1.3 * middle > 1.3 * 1.3 * late > 0


def test_season_week_and_hours(shop: sqlite3.Connection) -> None:
    month = by_name(
        shop,
        "SELECT substr(ordered_at, 1, 7), count(*) FROM clean WHERE amount >= 0 GROUP BY 1",
    )
    for year in ("2024", "2025"):
        ordinary = month[f"{year}-05"]
        assert month[f"{year}-11"] > 1.15 * ordinary
        assert month[f"{year}-12"] > 1.05 * ordinary
        assert month[f"{year}-08"] < 0.95 * ordinary
    assert month["2025-05"] > month["2024-05"] > month["2023-09"]
    hour = "SELECT substr(ordered_at, 12, 2), count(*) FROM clean WHERE strftime('%w', ordered_at) {} GROUP BY 1"
    week = by_name(shop, hour.format("BETWEEN '1' AND '5'"))
    weekend = by_name(shop, hour.format("IN ('0', '6')"))
    assert max(week, key=week.__getitem__) in ("19", "20", "21")
    assert weekend["10"] / weekend["20"] > 1.3 * week["10"] / week["20"]


def test_channels_are_worth_different_money(shop: sqlite3.Connection) -> None:
    worth = by_name(
        shop,
        "SELECT signup_channel, avg(revenue) FROM buyers JOIN customers USING (customer_id) GROUP BY 1",
    )
    spend = by_name(shop, "SELECT channel, sum(amount) FROM marketing_spend GROUP BY 1")
    won = by_name(shop, "SELECT signup_channel, count(*) FROM buyers JOIN customers USING (customer_id) GROUP BY 1")
    assert set(worth) == {"organic", "email", "search ads", "social ads", "affiliates", "marketplace"}
    assert set(worth) - set(spend) == {"organic"}
    ratio = {channel: worth[channel] * won[channel] / spend[channel] for channel in spend}
    assert max(ratio["social ads"], ratio["marketplace"]) < 5 < ratio["search ads"] < ratio["email"]
    assert won["affiliates"] < 0.4 * won["social ads"]


def test_social_ads_wear_out(shop: sqlite3.Connection) -> None:
    soon = """SELECT substr(first, 1, 4), sum(amount) / count(DISTINCT customer_id)
              FROM clean JOIN buyers USING (customer_id) JOIN customers USING (customer_id)
              WHERE signup_channel = 'social ads' AND first < '2025-12-31'
                AND ordered_at < datetime(first, '+180 days') GROUP BY 1"""
    worth = by_name(shop, soon)
    assert worth["2025"] < (worth["2023"] + worth["2024"]) / 2
    cost = """SELECT substr(month, 1, 4), sum(amount) / (
                SELECT count(*) FROM buyers JOIN customers USING (customer_id)
                WHERE signup_channel = 'social ads' AND substr(first, 1, 4) = substr(month, 1, 4))
              FROM marketing_spend WHERE channel = 'social ads' GROUP BY 1"""
    dear = by_name(shop, cost)
    assert dear["2025"] > 1.2 * dear["2023"]


def test_statuses_refunds_and_free_orders(shop: sqlite3.Connection) -> None:
    status = by_name(
        shop, "SELECT status, avg(1.0) * count(*) / (SELECT count(*) FROM orders) FROM orders GROUP BY 1"
    )
    assert set(status) == {"completed", "cancelled", "failed"}
    assert 0.01 < status["cancelled"] < 0.03
    assert 0.004 < status["failed"] < 0.02
    assert 0.02 < one(shop, "SELECT avg(amount < 0) FROM orders") < 0.04
    assert 0.0005 < one(shop, "SELECT avg(amount = 0) FROM orders") < 0.008
    unlike_a_refund = """SELECT count(*)
        FROM orders AS back LEFT JOIN orders AS sold ON sold.order_id = back.refund_of
        WHERE (back.amount < 0) <> (back.refund_of IS NOT NULL) AND back.amount IS NOT NULL
           OR back.amount < 0 AND sold.amount IS NOT NULL AND (
              -back.amount > sold.amount OR back.status <> 'completed' OR sold.status <> 'completed'
              OR back.order_id < sold.order_id)"""
    assert one(shop, unlike_a_refund) == 0


def test_money_is_sensible(shop: sqlite3.Connection) -> None:
    assert one(shop, "SELECT count(*) FROM orders WHERE abs(amount * 100 - round(amount * 100)) > 1e-6") == 0
    assert 40 < one(shop, "SELECT avg(amount) FROM clean WHERE amount > 0") < 90
    margins = by_name(shop, "SELECT category, 1 - sum(cost) / sum(amount) FROM clean GROUP BY 1")
    assert len(margins) == 7
    assert all(0.3 < margin < 0.6 for margin in margins.values())
    assert one(shop, "SELECT avg(amount * 100 % 100 = 99) FROM clean WHERE amount > 0") > 0.3


def test_declared_dirt_and_nothing_else(shop: sqlite3.Connection) -> None:
    assert shop.execute("PRAGMA foreign_key_check").fetchall() == []
    assert one(shop, "SELECT count(*) FROM orders WHERE ordered_at BETWEEN '2090' AND '2100'") == 3
    assert one(shop, "SELECT count(*) FROM orders WHERE julianday(ordered_at) IS NULL") == 4
    assert one(shop, "SELECT count(*) FROM orders WHERE amount IS NULL") == 5
    assert 0 < one(shop, "SELECT avg(customer_id IS NULL) FROM orders") < 0.005
    leads = """SELECT avg(customer_id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL))
               FROM customers"""
    assert 0.02 < one(shop, leads) < 0.06


def test_odd_names_belong_to_good_customers(shop: sqlite3.Connection) -> None:
    top = "SELECT name FROM customers JOIN buyers USING (customer_id) ORDER BY revenue DESC LIMIT 400"
    names = {name for (name,) in shop.execute(top)}
    assert {"[bold]Bob[/]", "O'Neil", "山田 花子", "\x1b[31mRed\x1b[0m Alert"} <= names


def test_a_generated_shop_is_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "shop.sqlite"
    assert [generate(out, "--customers", count).returncode for count in ("20", "1")] == [0, 0]
    with sqlite3.connect(out) as shop:
        assert one(shop, "SELECT count(*) FROM customers") == 1
    shop.close()
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("content", [b"dear diary", b"", b"SQLite format 3\0" + bytes(84)])
def test_a_foreign_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    out = tmp_path / "precious.sqlite"
    out.write_bytes(content)
    result = generate(out, "--customers", "20")
    assert result.returncode == 2
    assert "is not a generated shop. Move it away, or give another file name." in result.stderr
    assert out.read_bytes() == content
    assert list(tmp_path.iterdir()) == [out]


def test_a_shop_in_use_and_a_missing_directory_are_refused(tmp_path: Path) -> None:
    (tmp_path / "shop.sqlite-wal").touch()
    assert generate(tmp_path / "shop.sqlite").returncode == 2
    missing = generate(tmp_path / "nowhere" / "shop.sqlite")
    assert missing.returncode == 2
    assert "Create it first." in missing.stderr


@pytest.mark.parametrize(
    "option",
    [
        ("--customers", "0"),
        ("--orders", "few"),
        ("--seed", "-1"),
        ("--until", "june"),
        ("--until", "0002-01-01"),
    ],
)
def test_wrong_usage(tmp_path: Path, option: tuple[str, str]) -> None:
    result = generate(tmp_path / "shop.sqlite", *option)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []
