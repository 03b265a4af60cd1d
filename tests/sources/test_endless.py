"""Views that never end, values that take for ever, row ids at the ends: all come to an end, or are interrupted."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from ltvtui.errors import Cancelled, LtvError
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources import scan
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.read import read
from ltvtui.sources.relation import single
from ltvtui.sources.sqlite import catalog
from ltvtui.sources.sqlite.database import SqliteDatabase

MakeShop = Callable[..., Path]
SHOP = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, day TEXT, amount REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO orders SELECT i, 'c' || (i % 90), date(1.68e9 + i * 9000, 'unixepoch'), i % 50 FROM n;
"""
ENDLESS = """CREATE VIEW {name} AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
SELECT i AS id, 'c' || (i % 90) AS customer, '2024-01-01' AS day, 5 AS amount FROM n WHERE {which};"""
MAPPING = Mapping("sales", "customer", "day", "amount")


def test_a_view_that_gives_rows_for_ever_is_refused(make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "LEAST_LIMIT", 100_000)
    path = make_shop(SHOP + ENDLESS.format(name="sales", which="i > 0"))
    with (
        SqliteDatabase.open(path) as database,
        pytest.raises(LtvError, match="more than 100 000 rows: it may be endless"),
    ):
        read(database, MAPPING)


def test_a_view_that_never_gives_a_row_is_refused(make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ltvtui.sources.read_plan.SAMPLE_SECONDS", 0.2)
    path = make_shop(SHOP + ENDLESS.format(name="sales", which="i < 0"))
    with (
        SqliteDatabase.open(path) as database,
        pytest.raises(LtvError, match=r"sales .* gave fewer than 500 rows in 0\.2 s"),
    ):
        read(database, MAPPING)


def test_many_such_views_take_no_longer_than_one(make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is looked at once the time for all is over; the table beside them is opened."""
    monkeypatch.setattr(catalog, "SAMPLES_SECONDS", 0.3)
    monkeypatch.setattr(catalog, "SAMPLE_SECONDS", 0.1)
    path = make_shop(SHOP + "".join(ENDLESS.format(name=f"v{n}", which="i < 0") for n in range(40)))
    begun = time.process_time()  # others may be at work
    assert open_shop(OpenRequest(path, cache=False)).dataset.cleaned.orders.height == 2000
    assert time.process_time() - begun < 4.0 < 40 * 0.1 + 1  # forty looks alone would take four


def test_a_query_that_never_ends_hears_that_it_is_to_stop(make_shop: MakeShop) -> None:
    path = make_shop(SHOP + ENDLESS.format(name="sales", which="i < 0"))
    asked = iter([False] * 50)
    with SqliteDatabase.open(path, stopped=lambda: next(asked, True)) as database, pytest.raises(Cancelled):
        tables_of(database)


def worked(pid: int) -> float:
    """Seconds of a core that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def has_open(pid: int, path: Path) -> bool:
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            if descriptor.readlink() == path.resolve():
                return True
    return False


def worked_by_children() -> float:
    """Seconds of a core that all processes have used which were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_ctrl_c_ends_a_command_within_a_second(make_shop: MakeShop, tmp_path: Path) -> None:
    """Of work: others may be at work too. Let alone, the query has sixty seconds."""
    ended = worked_by_children()
    path = make_shop(SHOP + ENDLESS.format(name="sales", which="i < 0"))
    command = [sys.executable, "-m", "ltvtui", "report", path, "--orders", "sales", "--customer", "customer"]
    told = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    command += ["--date", "day", "--amount", "amount", "--date-format", "iso", "--order-id", "id"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=told) as process:
        while not has_open(process.pid, path):
            assert process.poll() is None
        before = worked(process.pid)
        while worked(process.pid) - before < 0.7:  # well into the query
            assert process.poll() is None
        begun = worked(process.pid)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130
    assert worked_by_children() - ended - begun < 1.0


def test_a_generated_column_that_takes_long_is_left_unsampled(
    make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "SAMPLE_SECONDS", 0.05)
    slow = "slow TEXT GENERATED ALWAYS AS (length(replace(hex(zeroblob(200000 + id)), '0', '1')))"
    filled = SHOP.replace("REAL);", f"REAL, {slow});").replace(
        "orders SELECT", "orders (id, customer, day, amount) SELECT"
    )
    path = make_shop(filled.replace("i < 2000", "i < 400"))
    with SqliteDatabase.open(path) as database:
        (table,) = tables_of(database)
        samples = {column.name: len(column.sample) for column in table.columns}
        assert samples == {"id": 360, "customer": 360, "day": 360, "amount": 360, "slow": 0}
        assert table.column("slow").computed  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("expression", "quick"),
    [
        ('"orders"."amount"', True),
        ("(amount * 2 - 1)", True),
        ("(round(amount * (1 - 0.2), 2))", True),
        ("CASE WHEN (amount) > 0 THEN abs(amount) END", True),
        ("'hex(' || customer", True),
        ("replace(customer, 'c', 'd')", False),
        ("hex(zeroblob(amount))", False),
        ("(SELECT max(amount) FROM orders)", False),
    ],
)
def test_what_may_take_long_is_read_so_that_it_can_be_interrupted(
    make_shop: MakeShop, expression: str, quick: bool
) -> None:
    with SqliteDatabase.open(make_shop(SHOP)) as database:
        assert single(database, "orders", "orders").is_quick([expression]) is quick


def test_read_one_way_or_the_other_the_rows_are_the_same(make_shop: MakeShop) -> None:
    with SqliteDatabase.open(make_shop(SHOP)) as database:
        plain = read(database, Mapping("orders", "customer", "day", "amount", order_id="id"))
        turned = read(database, Mapping("orders", "replace(customer, 'x', 'y')", "day", "amount", order_id="id"))
    assert plain.rows.equals(turned.rows)


def test_row_ids_at_both_ends_of_what_there_can_be(make_shop: MakeShop) -> None:
    path = make_shop(
        SHOP
        + """
        INSERT INTO orders VALUES (-9223372036854775808, 'low', '2024-01-01', 7);
        INSERT INTO orders VALUES (9223372036854775807, 'top', '2024-01-02', 8);
        INSERT INTO orders VALUES (9223372036854775806, 'c1', '2024-01-02', 9);
    """
    )
    orders = open_shop(OpenRequest(path, cache=False)).dataset.cleaned.orders
    # 2000 orders of 0, 1 … 49, forty times over, and three more.
    assert orders["amount"].sum() == (40 * sum(range(50)) + 7 + 8 + 9) * 10_000
    assert orders.height == 2003


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("json_extract(customer, '$')", "malformed JSON"),
        ("CASE WHEN id > 1500 THEN json_extract(customer, '$') ELSE amount END", "malformed JSON"),
        ("abs(-9223372036854775807 - id)", "integer overflow"),
        ("CASE id WHEN 1999 THEN abs(-9223372036854773809 - id) ELSE amount END", "integer overflow"),
    ],
)
def test_a_function_that_fails_in_a_select_says_why(make_shop: MakeShop, amount: str, said: str) -> None:
    select = f"SELECT id, customer, day, {amount} AS amount FROM orders"
    roles = {"customer": "customer", "date": "day", "amount": "amount", "order_id": "id"}
    request = OpenRequest(make_shop(SHOP), Overrides(orders=select, **roles), cache=False)
    with pytest.raises(LtvError, match=said):
        open_shop(request)
