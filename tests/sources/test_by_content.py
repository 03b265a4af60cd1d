"""Detection by content: where words say nothing, and where they say too much."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ltvtui.cli import main
from ltvtui.errors import LtvError
from ltvtui.sources.detection.detect import propose
from ltvtui.sources.detection.proposal import Proposal
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.sqlite.database import SqliteDatabase

Rows = Sequence[tuple[object, ...]]

LUCK = random.Random(11)
ORDERS = [
    (
        n,
        LUCK.randrange(1, 61),
        f"2024-{LUCK.randrange(1, 13):02}-{LUCK.randrange(1, 29):02}",
        LUCK.randrange(500, 9000) / 100,
    )
    for n in range(1, 301)
]
"""Number, customer, day, amount."""
PEOPLE = len({customer for _, customer, _, _ in ORDERS})
REVENUE = round(sum(amount for *_, amount in ORDERS), 2)


def shop(folder: Path, tables: dict[str, tuple[str, Rows]]) -> Path:
    path = folder / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        for name, (columns, rows) in tables.items():
            connection.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ",".join("?" * len(rows[0]))
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
        connection.commit()
    return path


def proposal(path: Path, **said: str) -> Proposal:
    with SqliteDatabase.open(path) as database:
        return propose(database, Overrides(**said))


def refused(path: Path, **said: str) -> LtvError:
    with pytest.raises(LtvError) as caught:
        proposal(path, **said).demand()
    return caught.value


def report(path: Path, *flags: str) -> Result:
    done = CliRunner().invoke(main, ["report", str(path), "--no-cache", *flags])
    assert done.exception is None, done.output
    return done


def played(found: Proposal) -> tuple[str | None, ...]:
    told = found.demand()
    return told.customer, told.date, told.amount, told.order_id


@pytest.mark.parametrize("types", ["a INTEGER PRIMARY KEY, b INTEGER, c TEXT, d REAL", "a, b, c, d"])
def test_the_only_way_to_read_a_table_is_taken_and_told(tmp_path: Path, types: str) -> None:
    path = shop(tmp_path, {"t": (types, ORDERS)})
    found = proposal(path)
    assert played(found) == ("b", "c", "d", "a")
    (notice,) = found.notices
    assert notice.startswith("The column names in t are not clear")
    assert all(f"--{role}" in notice for role in ("customer", "date", "amount", "order-id"))
    assert "The column names in t are not clear" in report(path).stderr


def test_ids_and_money_may_be_text(tmp_path: Path) -> None:
    rows = [(f"N{n}", f"K{who}", day, f"${amount:.2f}") for n, who, day, amount in ORDERS]
    assert played(proposal(shop(tmp_path, {"t": ("a, b, c, d", rows)}))) == ("b", "c", "d", "a")


def test_kinds_and_counts_are_no_customers(tmp_path: Path) -> None:
    rows = [(*order, f"kind {order[0] % 7}", order[0] % 4 + 1, None) for order in ORDERS]
    path = shop(tmp_path, {"t": ("a, b, c, d, e, f, g", rows)})
    assert played(proposal(path)) == ("b", "c", "d", "a")


def test_a_number_that_stands_on_one_day_only_groups_lines(tmp_path: Path) -> None:
    rows = [(n, who, day, round(amount / 2, 2)) for n, who, day, amount in ORDERS for _ in range(2)]
    assert played(proposal(shop(tmp_path, {"t": ("k, w, z, m", rows)}))) == ("w", "z", "m", "k")


def test_what_refers_to_another_table_comes_first(tmp_path: Path) -> None:
    rows = [(n, who, day, amount, (n * 7 + who) % 53 + 1) for n, who, day, amount in ORDERS]
    columns = "a INTEGER PRIMARY KEY, b INTEGER REFERENCES w, c TEXT, d REAL, e INTEGER"
    people = [(number, f"x{number}") for number in range(1, 61)]
    path = shop(tmp_path, {"w": ("i INTEGER PRIMARY KEY, j TEXT", people), "t": (columns, rows)})
    assert played(proposal(path)) == ("b", "c", "d", "a")


def test_two_ways_to_read_a_table_are_a_question_with_values(tmp_path: Path) -> None:
    rows = [(n, who, (n * 7 + who) % 53, day, amount) for n, who, day, amount in ORDERS]
    path = shop(tmp_path, {"t": ("a INTEGER PRIMARY KEY, b, b2, c, d", rows)})
    error = refused(path)
    assert "--customer b (or b2)" in error.mend
    assert "b (such as " in error.what
    assert "d" not in error.mend.split()
    assert played(proposal(path, customer="b")) == ("b", "c", "d", "a")  # the rest is found around what was said
    assert played(proposal(path, customer="b2")) == ("b2", "c", "d", "a")


def test_whole_money_is_told_from_numbers_of_customers(tmp_path: Path) -> None:
    rows = [(n, who, day, round(amount * 100)) for n, who, day, amount in ORDERS]
    assert played(proposal(shop(tmp_path, {"t": ("a, b, c, d", rows)}))) == ("b", "c", "d", "a")


def test_a_day_that_never_changes_is_not_the_day_of_orders(tmp_path: Path) -> None:
    rows = [(*order, "2024-12-31") for order in ORDERS]
    assert played(proposal(shop(tmp_path, {"t": ("a, b, c, d, e", rows)}))) == ("b", "c", "d", "a")


def test_only_what_is_open_is_asked(tmp_path: Path) -> None:
    rows = [(*order, round(order[3] * 0.19, 2)) for order in ORDERS]
    found = proposal(shop(tmp_path, {"t": ("a, b, c, d, e", rows)}))
    assert [(q.role, q.choices) for q in found.questions] == [("amount", ("d", "e"))]


def test_words_that_say_something_else_are_not_taken_for_content(tmp_path: Path) -> None:
    path = shop(tmp_path, {"t": ("id INTEGER PRIMARY KEY, product_id, shipped_at, discount", ORDERS)})
    assert not proposal(path).certain


@pytest.mark.parametrize("empty", ["transaction_id", "user_id", "created_at", "revenue", "status"])
def test_an_empty_column_plays_no_role(tmp_path: Path, empty: str) -> None:
    columns = f"{empty}, order_no, customer_id, order_date, amount"
    path = shop(tmp_path, {"orders": (columns, [(None, *order) for order in ORDERS])})
    assert played(proposal(path)) == ("customer_id", "order_date", "amount", "order_no")


def test_the_primary_key_goes_before_a_number_that_half_of_the_orders_lack(tmp_path: Path) -> None:
    rows = [(*order, f"tx{order[0]}" if order[0] % 2 else "") for order in ORDERS]
    path = shop(
        tmp_path, {"orders": ("id INTEGER PRIMARY KEY, customer_id, order_date, amount, transaction_id", rows)}
    )
    assert proposal(path).demand().order_id == "id"


def test_money_goes_before_small_counts_and_the_other_is_told(tmp_path: Path) -> None:
    rows = [(n, who, day, n % 3 + 1, amount) for n, who, day, amount in ORDERS]
    found = proposal(shop(tmp_path, {"sales": ("id, customer_id, sale_date, amount, sales_price", rows)}))
    assert found.demand().amount == "sales_price"
    (notice,) = found.notices
    assert "amount of sales has whole numbers from 1 to 3" in notice
    assert "--amount amount" in notice


def test_small_whole_amounts_are_read_where_nothing_else_is(tmp_path: Path) -> None:
    rows = [(n, who, day, n % 9 + 1) for n, who, day, _ in ORDERS]
    found = proposal(shop(tmp_path, {"sales": ("id, customer_id, sale_date, amount", rows)}))
    assert (found.demand().amount, found.notices) == ("amount", ())


def test_the_person_behind_ids_made_anew_for_every_order(tmp_path: Path) -> None:
    orders = [(n, f"c{n}", day, amount) for n, _, day, amount in ORDERS]
    people = [(f"c{n}", f"u{who}", "SP" if who % 2 else "RJ") for n, who, _, _ in ORDERS]
    path = shop(
        tmp_path,
        {
            "orders": ("order_id, customer_id, order_date, amount", orders),
            "customers": ("customer_id, customer_unique_id, customer_state", people),
        },
    )
    found = proposal(path)
    assert found.demand().customer == "customer_unique_id"
    (notice,) = found.notices
    assert notice.startswith("customer_id is")
    assert "customer_unique_id of customers" in notice
    done = report(path, "--format", "json")
    assert f'"customers": {PEOPLE}' in done.stdout
    assert f'"orders": {len(ORDERS)}' in done.stdout
    assert proposal(path, customer="customer_id").demand().customer == "customer_id"


def test_customers_who_never_came_again_stay_where_no_person_stands_behind(tmp_path: Path) -> None:
    orders = [(n, f"c{n}", day, amount) for n, _, day, amount in ORDERS]
    people = [(f"c{n}", "SP" if who % 2 else "RJ") for n, who, _, _ in ORDERS]
    path = shop(
        tmp_path,
        {
            "orders": ("order_id, customer_id, order_date, amount", orders),
            "customers": ("customer_id, customer_state", people),
        },
    )
    assert proposal(path).demand().customer == "customer_id"


EVENT = "event_id INTEGER PRIMARY KEY, event_type, user_id, event_time, price, product_id"


def events(bought: str) -> Rows:
    kinds = ("view", "view", "cart", bought)
    return [(n, kinds[n % 4], who, f"{day} 10:00:00", amount, n % 90) for n, who, day, amount in ORDERS]


@pytest.mark.parametrize("bought", ["purchase", "Purchased", "buy", "order", "transaction"])
def test_of_events_purchases_are_orders(tmp_path: Path, bought: str) -> None:
    path = shop(tmp_path, {"events": (EVENT, events(bought))})
    done = report(path, "--format", "json")
    assert '"orders": 75,' in done.stdout  # every fourth of 300
    assert f"only rows whose event_type is {bought} count as orders, not view, cart" in done.stderr


def test_events_of_which_none_is_known_to_be_a_purchase_are_asked_about(tmp_path: Path) -> None:
    error = refused(shop(tmp_path, {"events": (EVENT, events("zap"))}))
    assert "no value of event_type is known as a purchase: view, " in error.what
    assert "--orders" in error.mend
    assert "zap" in error.mend
    assert "view" not in error.mend


@pytest.mark.parametrize(
    ("column", "kinds"), [("status", ("cart", "ordered", "paid")), ("channel", ("paid", "search", "direct", "email"))]
)
def test_what_only_resembles_events_hides_no_order(tmp_path: Path, column: str, kinds: tuple[str, ...]) -> None:
    rows = [(*order, kinds[order[0] % len(kinds)]) for order in ORDERS]
    found = proposal(shop(tmp_path, {"orders": (f"order_id, customer_id, order_date, amount, {column}", rows)}))
    assert (found.demand().orders, found.notices) == ("orders", ())


def test_a_sum_of_each_customer_is_told_for_what_it_is(tmp_path: Path) -> None:
    rows = [(n, f"N{n}", n * 3.5, n % 7, "2024-01-01") for n in range(1, 101)]
    columns = "customer_id INTEGER PRIMARY KEY, name, total_spent, orders_count, last_order_date"
    error = refused(shop(tmp_path, {"customers": (columns, rows)}))
    assert "customers has one row per customer (customer_id) and no order dates" in error.what
    assert error.mend == "Open the database, or the file, that has the orders."


def test_a_refusal_tells_what_each_table_has_and_lacks(tmp_path: Path) -> None:
    lines = [(n, who, day, n % 4 + 1) for n, who, day, _ in ORDERS]
    path = shop(
        tmp_path,
        {
            "goods": ("product_id INTEGER PRIMARY KEY, price REAL", [(n, n + 0.5) for n in range(9)]),
            "orders": ("order_id INTEGER PRIMARY KEY, customer_id, order_date, quantity", lines),
        },
    )
    error = refused(path)
    first = "orders has a customer (customer_id) and a date (order_date), but no amount."
    assert first in error.what
    assert error.what.index(first) < error.what.index("goods has an amount (price), but no customer and no date.")
    assert "quantity" not in error.what
    assert "--orders orders (or goods)" in error.mend


def test_a_question_names_no_column_that_could_not_be_it(tmp_path: Path) -> None:
    rows = [(n, who, day, "word", amount, None) for n, who, day, amount in ORDERS]
    columns = "order_id INTEGER PRIMARY KEY, customer_id, order_date, note, zz, yy"
    path = shop(tmp_path, {"orders": (columns, [(*r[:5], r[4] + 1) for r in rows])})
    error = refused(path, orders="orders")
    assert "No column of orders is clearly the amount" in error.what
    assert "--amount zz (or yy)" in error.mend


def test_a_column_that_holds_nothing_is_said_to_be_empty(tmp_path: Path) -> None:
    path = shop(
        tmp_path,
        {"orders": ("order_id, customer_id, order_date, amount", [(n, None, d, a) for n, _, d, a in ORDERS])},
    )
    assert "customer_id is empty" in refused(path).what


@pytest.mark.parametrize(
    "said", [{"customer": "b"}, {"date": "c"}, {"amount": "d"}, {"order_id": "a"}, {"orders": "t"}], ids=str
)
def test_around_what_was_said_the_rest_is_found(tmp_path: Path, said: dict[str, str]) -> None:
    path = shop(tmp_path, {"t": ("a, b, c, d", ORDERS), "u": ("x, y", [(n, f"word {n}") for n in range(30)])})
    assert played(proposal(path, **said)) == ("b", "c", "d", "a")


def test_many_tables_are_looked_through_quickly(tmp_path: Path) -> None:
    columns = "id INTEGER PRIMARY KEY, customer_id, created_at, price, kind"
    rows = [(n, who, day, amount, "x") for n, who, day, amount in ORDERS[:60]]
    tables: dict[str, tuple[str, Rows]] = {f"thing_{n}": (columns, rows) for n in range(150)}
    tables["orders"] = ("order_id INTEGER PRIMARY KEY, customer_id, ordered_at, amount", ORDERS)
    path = shop(tmp_path, tables)
    began = time.process_time()
    assert proposal(path).demand().orders == "orders"
    assert time.process_time() - began < 6  # every table asking about all columns of every other took a minute
