"""`ltvtui feed`: orders for the demo shop, and for no other."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from shops import ROOT, build, corner_shop

from ltvtui.cli import main
from ltvtui.importing import demo_feed as module
from ltvtui.importing.demo_feed import APPLICATION_ID, feed

PATIENCE = 60.0
"""Seconds until a condition that never comes is an error."""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    command = [
        sys.executable,
        str(ROOT / "fixtures" / "generate.py"),
        str(path),
        "--customers",
        "1500",
        "--until",
        "2024-06-30",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.fixture
def demo(tmp_path: Path, generated: Path) -> Path:
    """A demo shop of 1500 customers, up to 2024-06-30: before today, whenever that is."""
    return Path(shutil.copy(generated, tmp_path / "live.sqlite"))


def run(*words: object) -> Result:
    done = CliRunner().invoke(main, ["feed", *(str(w) for w in words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        return connection.execute(sql).fetchall()


def count(path: Path) -> int:
    return int(ask(path, "SELECT count(*) FROM orders")[0][0])


def sound(path: Path) -> None:
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "PRAGMA foreign_key_check") == []


# --- what is fed --------------------------------------------------------------------------------------


def test_orders_are_those_of_such_a_shop(demo: Path, generated: Path) -> None:
    (last,) = ask(demo, "SELECT max(order_id) FROM orders")[0]
    (people,) = ask(demo, "SELECT max(customer_id) FROM customers")[0]
    (latest,) = ask(demo, "SELECT max(ordered_at) FROM orders WHERE ordered_at < '2025'")[0]
    fed = feed(demo, 1e9, count=3000, seed=1, wait=lambda seconds: None)
    sound(demo)
    assert fed.orders == 3000 == count(demo) - count(generated)
    new = f"FROM orders WHERE order_id > {last}"
    assert ask(demo, f"SELECT count(*) {new}") == [(3000,)]
    # Known customers come again, some are new, some orders are refunded: in the shop's own proportions.
    assert ask(demo, f"SELECT count(*) FROM customers WHERE customer_id > {people}") == [(fed.customers,)]
    assert ask(demo, f"SELECT count(DISTINCT customer_id) {new} AND customer_id > {people}") == [(fed.customers,)]
    assert 0.05 < fed.customers / 3000 < 0.5
    assert ask(demo, f"SELECT count(*) {new} AND refund_of IS NOT NULL") == [(fed.refunds,)]
    assert 0.01 < fed.refunds / 3000 < 0.07
    wrong = f"""SELECT * FROM orders AS back LEFT JOIN orders AS sold ON sold.order_id = back.refund_of
        WHERE back.order_id > {last} AND (back.amount < 0) <> (back.refund_of IS NOT NULL)
           OR back.order_id > {last} AND back.amount < 0 AND (back.amount <> -sold.amount
              OR back.customer_id <> sold.customer_id OR back.ordered_at < sold.ordered_at)"""
    assert ask(demo, wrong) == []
    assert ask(demo, "SELECT refund_of, count(*) FROM orders GROUP BY 1 HAVING refund_of AND count(*) > 1") == []
    for column in ("status", "channel", "category", "device", "currency"):
        assert (
            ask(demo, f"SELECT DISTINCT {column} {new} EXCEPT SELECT {column} FROM orders WHERE order_id <= {last}")
            == []
        )
    averages = [
        ask(demo, f"SELECT avg(amount) {where}")[0][0] for where in (new, f"FROM orders WHERE order_id <= {last}")
    ]
    assert averages[0] == pytest.approx(averages[1], rel=0.2)
    # The clock goes on from the last order, forwards, and not past today.
    moments = [moment for (moment,) in ask(demo, f"SELECT ordered_at {new} ORDER BY order_id")]
    assert moments == sorted(moments)
    assert latest <= moments[0]
    assert moments[-1] == fed.clock <= datetime.now().isoformat(" ")
    mails = "SELECT count(*), count(DISTINCT email) FROM customers WHERE email IS NOT NULL"
    assert len(set(ask(demo, mails)[0])) == 1


def test_the_clock_goes_at_the_shops_own_pace(demo: Path) -> None:
    a_day = ask(demo, "SELECT count(*) / 28.0 FROM orders WHERE ordered_at BETWEEN '2024-06-03' AND '2024-07'")[0][0]
    fed = feed(demo, 1e9, count=round(a_day * 20), seed=2, wait=lambda seconds: None)
    gone = datetime.fromisoformat(fed.clock) - datetime(2024, 7, 1)
    # Twenty days of orders take about twenty days; a sum of that many gaps strays by a few per cent.
    assert 13 < gone.total_seconds() / 86_400 < 29


def test_the_clock_stops_at_today(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2024, 7, 2, 12)

    monkeypatch.setattr(module, "datetime", Clock)
    fed = feed(demo, 1e9, count=500, seed=3, wait=lambda seconds: None)
    assert fed.clock == "2024-07-02 12:00:00"
    assert ask(demo, "SELECT max(ordered_at) FROM orders WHERE ordered_at < '2099'") == [(fed.clock,)]


def test_the_same_seed_draws_the_same(demo: Path, tmp_path: Path) -> None:
    again = Path(shutil.copy(demo, tmp_path / "again.sqlite"))
    other = Path(shutil.copy(demo, tmp_path / "other.sqlite"))
    for path, seed in ((demo, 5), (again, 5), (other, 6)):
        feed(path, 1e9, count=50, seed=seed, wait=lambda seconds: None)
    rows = [ask(path, "SELECT * FROM orders ORDER BY order_id DESC LIMIT 50") for path in (demo, again, other)]
    assert rows[0] == rows[1] != rows[2]


def test_the_shop_opens_on_the_day_its_clock_stands_at(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    fed = feed(demo, 1e9, count=400, seed=4, wait=lambda seconds: None)
    done = CliRunner().invoke(main, ["report", str(demo), "--format", "json"])
    told = json.loads(done.stdout)
    assert told["as_of"] == fed.clock[:10]
    assert told["mapping"]["orders"] == "orders"


# --- how fast ------------------------------------------------------------------------------------------


class Slow:
    """A clock that goes on only while somebody waits."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.waits = 0
        patch.setattr(module.time, "monotonic", lambda: self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.waits += 1


@pytest.mark.parametrize(("rate", "seconds", "commits"), [(5, 10, 50), (0.5, 10, 5), (40, 5, 100), (1000, 3, 60)])
def test_the_rate_is_kept_in_few_transactions(
    demo: Path, monkeypatch: pytest.MonkeyPatch, rate: float, seconds: float, commits: int
) -> None:
    clock = Slow(monkeypatch)
    fed = feed(demo, rate, seconds=seconds, wait=clock.wait)
    assert fed.orders == pytest.approx(rate * seconds, abs=max(1, rate / 20))
    assert fed.commits == pytest.approx(commits, abs=2)  # twenty a second at most


def test_what_could_not_be_written_in_time_is_made_up_for(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Slow(monkeypatch)

    def late(seconds: float) -> None:
        clock.wait(seconds + 1)  # a busy machine

    assert feed(demo, 100, seconds=10, wait=late).orders == pytest.approx(1000, rel=0.15)


def test_a_count_ends_it_to_the_order(demo: Path) -> None:
    before = count(demo)
    done = run(demo, "--rate", "100000", "--count", "1234", "--seed", "1")
    assert (done.exit_code, done.stdout) == (0, "")
    assert re.match(
        r"1 234 orders, \d+ new customers, \d+ refunds, in [\d.]+ s; the shop's clock is at 20", done.stderr
    )
    assert count(demo) == before + 1234


# --- others at work, and its end ------------------------------------------------------------------------


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until it holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.01)


@pytest.mark.parametrize(("number", "wal"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_a_signal_ends_it_with_whole_transactions(demo: Path, number: signal.Signals, wal: bool) -> None:
    before = count(demo)
    words = [sys.executable, "-m", "ltvtui", "feed", str(demo), "--rate", "200", *(["--wal"] if wal else [])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: count(demo) > before + 20 or process.poll() is not None, "orders")
        process.send_signal(number)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told
    assert "Traceback" not in told
    found = re.match(r"([\d ]+) orders?,", told)
    assert found is not None, told
    assert count(demo) == before + int(found[1].replace(" ", ""))
    sound(demo)
    assert ask(demo, "PRAGMA journal_mode") == [("wal" if wal else "delete",)]
    assert not demo.with_name(demo.name + "-journal").exists()


def test_a_kill_leaves_whole_transactions(demo: Path) -> None:
    before = count(demo)
    words = [sys.executable, "-m", "ltvtui", "feed", str(demo), "--rate", "1000"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as process:
        until(lambda: count(demo) > before + 100 or process.poll() is not None, "orders")
        process.kill()
    assert process.returncode == -signal.SIGKILL
    sound(demo)


def test_whoever_holds_the_database_is_waited_for(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    before = count(demo)
    asked = 0
    with closing(sqlite3.connect(demo, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM orders LIMIT 1").fetchall()

        def stopped() -> bool:
            nonlocal asked
            asked += 1
            if asked == 4:
                reader.execute("COMMIT")  # the reader has read enough
            return False

        fed = feed(demo, 1e9, count=10, stopped=stopped)
    assert fed.orders == 10 == count(demo) - before
    assert asked >= 4


def test_a_stop_while_the_database_is_held_leaves_it_as_it_was(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    before = count(demo)
    asked = iter([False] * 3)
    with closing(sqlite3.connect(demo, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM orders LIMIT 1").fetchall()
        fed = feed(demo, 1e9, count=10, stopped=lambda: next(asked, True))
    assert fed.orders == 0 == count(demo) - before


# --- no other shop ---------------------------------------------------------------------------------------


def marked(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def refused(path: Path) -> str:
    before = path.read_bytes()
    done = run(path, "--count", "1", "--wal")
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 2
    assert path.read_bytes() == before
    assert not [p for p in path.parent.iterdir() if p.name.startswith(path.name + "-")]
    return done.stderr


def test_no_other_shop_is_ever_written_to(tmp_path: Path) -> None:
    assert "corner.sqlite is not a demo shop" in refused(corner_shop(tmp_path))


def test_a_copy_of_the_tables_is_no_demo_shop(tmp_path: Path, demo: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(demo)) as source:
        build(tmp_path, "\n".join(source.iterdump()), copy.name)
    assert "is not a demo shop" in refused(copy)


def test_the_mark_alone_is_not_enough(tmp_path: Path) -> None:
    shop = corner_shop(tmp_path)
    marked(shop)
    assert "is not a demo shop" in refused(shop)


@pytest.mark.parametrize("name", ["cdnow", "northwind", "rfm_orders", "yandex_afisha", "chinook"])
def test_a_copy_of_a_real_shop_is_refused(tmp_path: Path, name: str) -> None:
    source = ROOT.parent / "shared" / "data" / f"{name}.sqlite"
    if not source.exists():
        pytest.skip(f"the real shops are not at hand: {source.parent}")
    path = Path(shutil.copyfile(source, tmp_path / source.name))
    assert "is not a demo shop" in refused(path)


def test_what_is_no_database(tmp_path: Path) -> None:
    assert "There is no file" in run(tmp_path / "nowhere.sqlite").stderr
    (tmp_path / "a.csv").write_text("a\n1\n")
    assert "is not an SQLite database" in run(tmp_path / "a.csv").stderr


def test_a_demo_shop_without_orders(demo: Path) -> None:
    with closing(sqlite3.connect(demo)) as connection:
        connection.execute("DELETE FROM orders")
        connection.commit()
    done = run(demo, "--count", "1")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        1,
        "ltvtui: live.sqlite has no orders to model new ones on.",
    )


@pytest.mark.parametrize(
    "words", [["--rate", "0"], ["--rate", "-1"], ["--rate", "nan"], ["--count", "-1"], ["--for", "x"]]
)
def test_wrong_usage(demo: Path, words: list[str]) -> None:
    before = count(demo)
    assert run(demo, *words).exit_code == 2
    assert count(demo) == before
