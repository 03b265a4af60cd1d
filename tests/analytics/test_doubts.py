"""Each doubt on both sides of its border, on shops of a few dozen rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.doubts import CHECKS, CODES, Doubt
from ltvtui.analytics.facts import Charges, Facts, Unread
from ltvtui.session.dataset import Dataset, build_dataset

RowsOf = Callable[..., pl.DataFrame]
Row = tuple[Any, ...]
TODAY = 1_000


@pytest.fixture
def told(rows_of: RowsOf) -> Callable[..., tuple[Doubt, ...]]:
    """The doubts about rows (customer, day, amount, and more by name), as they are read on day 1 000."""

    def doubts(rows: list[Row], *facts: Facts, policy: CleaningPolicy | None = None) -> tuple[Doubt, ...]:
        return dataset(rows_of(rows), *facts, policy=policy).doubts

    return doubts


def dataset(rows: pl.DataFrame, facts: Facts | None = None, policy: CleaningPolicy | None = None) -> Dataset:
    return replace(build_dataset(rows, None, None, policy or CleaningPolicy(), TODAY), facts=facts or Facts())


def codes(doubts: tuple[Doubt, ...]) -> list[str]:
    return [doubt.code for doubt in doubts]


def sales(count: int, customers: int = 10, **more: Any) -> list[Row]:
    """So many orders, a day each, of 9.5, by so many customers in turn, each with an order id of its own."""
    return [(f"c{i % customers}", i, 9.5, {"order_id": f"o{i}", **more}) for i in range(count)]


def test_a_usual_shop_has_none(told: Callable[..., tuple[Doubt, ...]]) -> None:
    assert told(sales(100)) == ()
    assert told(sales(3, 3)) == ()  # too few to tell


def test_every_code_is_told_by_a_check_that_names_a_mend() -> None:
    assert len(CHECKS) >= len(CODES) - 2  # one check tells three codes
    assert all(code == code.lower() and " " not in code for code in CODES)


# --- people --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theirs", "doubtful"), [(10, False), (11, False), (12, True), (50, True)])
def test_one_customer(told: Callable[..., tuple[Doubt, ...]], theirs: int, doubtful: bool) -> None:
    """Beside 100 orders of 30 others: 12 of 112 are 10.7 %, and 11 of 111 are 9.9 %."""
    rows = sales(100, 30) + [("0", day, 9.5, {"order_id": f"g{day}"}) for day in range(theirs)]
    found = told(rows, Facts(customer="customer_id", contacts=("billing_email",)))
    assert codes(found) == ["one_customer"] * doubtful
    if doubtful:
        assert "0 in customer_id" in found[0].message
        assert "--customer billing_email" in found[0].mend


def test_one_of_a_few_customers_has_many_orders_anyway(told: Callable[..., tuple[Doubt, ...]]) -> None:
    assert told(sales(100, 5)) == ()


@pytest.mark.parametrize(("amount", "doubtful"), [(880, False), (890, True)])
def test_one_customer_with_over_half_of_the_revenue(
    told: Callable[..., tuple[Doubt, ...]], amount: int, doubtful: bool
) -> None:
    """Of 99 orders of 9.5 c0 has 28.5 and the others have 912: more than 883.5 in one order is over half of all."""
    found = told([*sales(99, 33), ("c0", 200, amount, {"order_id": "big"})])
    assert codes(found) == ["one_customer_revenue"] * doubtful


@pytest.mark.parametrize(("again", "code"), [(0, "customers_once"), (2, "customers_once"), (3, None)])
def test_customers_who_order_once_beside_a_column_that_repeats(
    told: Callable[..., tuple[Doubt, ...]], again: int, code: str | None
) -> None:
    """Of 100 customers 2 come again: 98 % ordered once."""
    rows = sales(100, 100) + [(f"c{i}", 200 + i, 9.5, {"order_id": f"a{i}"}) for i in range(again)]
    found = told(rows, Facts(customer="customer_id", repeating=("person",), people_select="SELECT 1"))
    assert codes(found) == ([code] if code else [])
    if found:
        assert found[0].mend.endswith("--orders 'SELECT 1' --customer person.")


@pytest.mark.parametrize(("count", "again", "doubtful"), [(30, 0, True), (29, 0, False), (30, 1, False)])
def test_as_many_customers_as_orders(
    told: Callable[..., tuple[Doubt, ...]], count: int, again: int, doubtful: bool
) -> None:
    rows = sales(count, count) + [("c0", 200, 9.5, {"order_id": "again"})] * again
    assert codes(told(rows)) == ["customer_per_order"] * doubtful


@pytest.mark.parametrize(
    ("ids", "doubtful"),
    [
        (("7.00E+12", "7.41099E+12"), True),
        (("7,00E+12", "x"), True),
        (("7000000000000", "7410990000000"), True),
        (("7000000000001", "7410990000000"), False),
        (("1E5", "2E7"), True),
        (("A1E5", "E12"), False),
        (("700000", "800000"), False),
    ],
)
def test_ids_that_lost_their_digits(
    told: Callable[..., tuple[Doubt, ...]], ids: tuple[str, str], doubtful: bool
) -> None:
    rows = [(who, day, 9.5) for who in ids for day in range(3)]
    assert codes(told(rows)) == ["ids_lost_digits"] * doubtful


# --- money ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "prices", "doubtful"),
    [
        ((1, 2, 20), ("price",), True),
        ((1, 2, 21), ("price",), False),
        ((1, 2, 2.5), ("price",), False),
        ((1, 2, 20), (), False),
    ],
)
def test_amounts_that_look_like_quantities(
    told: Callable[..., tuple[Doubt, ...]], amounts: tuple[float, ...], prices: tuple[str, ...], doubtful: bool
) -> None:
    rows = [("c" + str(i % 7), i, amounts[i % 3]) for i in range(30)]
    found = told(rows, Facts(amount="qty", amounts=amounts * 10, prices=prices))
    assert codes(found) == ["amount_is_quantity"] * doubtful
    if doubtful:
        assert "--amount price, or --amount 'qty * price'" in found[0].mend


@pytest.mark.parametrize(("spent", "doubtful"), [(-12.5, True), (-9.5, False)])
def test_amounts_taken_off_a_balance(told: Callable[..., tuple[Doubt, ...]], spent: float, doubtful: bool) -> None:
    rows = [(f"c{i % 7}", i, spent if i % 2 else 10.5) for i in range(40)]
    found = told(rows, Facts(amount="total"))
    assert codes(found) == ["mostly_negative"] * doubtful
    if doubtful:
        assert "--amount -total" in found[0].mend


@pytest.mark.parametrize(
    ("amount", "minor", "currency", "doubtful"),
    [
        (1000, "its name says so", "usd", True),
        (999, "its name says so", "usd", False),
        (1000.5, "its name says so", "usd", False),
        (1000, "", "usd", False),
        (1000, "its name says so", "jpy", False),
    ],
)
def test_amounts_in_cents(
    told: Callable[..., tuple[Doubt, ...]], amount: float, minor: str, currency: str, doubtful: bool
) -> None:
    rows = [(f"c{i % 7}", i, amount, {"currency": currency}) for i in range(30)]
    found = told(rows, Facts(amount="total", minor_unit=minor))
    assert codes(found) == ["amount_in_cents"] * doubtful
    if doubtful:
        assert "--amount 'total / 100.0'" in found[0].mend


def test_a_mark_that_can_be_both(told: Callable[..., tuple[Doubt, ...]]) -> None:
    (found,) = told(sales(30), Facts(amount="total", unclear_mark="1.500"))
    assert found.code == "unclear_decimals"
    assert "--decimal point or --decimal comma" in found.mend


def test_a_cost_that_was_not_multiplied(told: Callable[..., tuple[Doubt, ...]]) -> None:
    facts = Facts(cost="unit_cost", quantity="qty")
    assert codes(told([(*row[:3], {"margin": 50_000}) for row in sales(30)], facts)) == ["unit_cost"]
    assert told(sales(30), facts) == ()  # no margin is read


# --- rows and lines ------------------------------------------------------------------------------


@pytest.mark.parametrize(("missing", "doubtful"), [(0, False), (1, False), (2, True)])
@pytest.mark.parametrize(
    ("place", "code"), [(0, "left_out_customers"), (1, "left_out_dates"), (2, "left_out_amounts")]
)
def test_a_hundredth_of_the_rows_left_out(
    told: Callable[..., tuple[Doubt, ...]], missing: int, doubtful: bool, place: int, code: str
) -> None:
    """Of 150 rows 1 is 0.7 % and 2 are 1.3 %."""
    rows = sales(150)
    for at in range(missing):
        row = list(rows[at])
        row[place] = None
        rows[at] = tuple(row)
    assert codes(told(rows)) == [code] * doubtful


def test_an_order_id_under_two_customers(told: Callable[..., tuple[Doubt, ...]]) -> None:
    rows = [*sales(40), ("other", 5, 9.5, {"order_id": "o5"})]
    (found,) = told(rows, Facts(order_id="number"))
    assert (found.code, found.message[:6]) == ("shared_order_ids", "2 rows")
    assert told([*sales(40), ("c5", 5, 3.5, {"order_id": "o5"})]) == ()  # a line of the same order


def test_numbers_under_two_customers(rows_of: RowsOf) -> None:
    rows = rows_of([(f"c{i % 10}", i, 9.5, {"order_id": str(i % 35)}) for i in range(40)])
    found = dataset(rows.with_columns(pl.col("order_id").cast(pl.Int64))).doubts
    assert codes(found) == ["shared_order_ids"]
    assert found[0].message.startswith("10 rows")


def test_orders_without_an_id_beside_others(told: Callable[..., tuple[Doubt, ...]]) -> None:
    rows = [*sales(40), ("c1", 90, 9.5, {"order_id": None})]
    assert codes(told(rows)) == ["missing_order_ids"]
    assert told([(who, day, amount) for who, day, amount, _ in rows]) == ()  # nobody has one


def test_a_refund_needs_no_order_id_of_its_own(told: Callable[..., tuple[Doubt, ...]]) -> None:
    assert told([*sales(40), ("c1", 90, -9.5, {"order_id": None, "refund_of": "o1"})]) == ()


@pytest.mark.parametrize(("again", "doubtful"), [(2, False), (3, True)])
def test_rows_of_one_moment_where_nothing_tells_orders_apart(
    told: Callable[..., tuple[Doubt, ...]], again: int, doubtful: bool
) -> None:
    """Of 40 + 2 rows 4.8 %, of 40 + 3 rows 7.0 % are of a customer and day that another row is of."""
    rows: list[Row] = [(who, day, amount) for who, day, amount, _ in sales(40)]
    rows += [(who, day, 3.5) for who, day, _ in rows[:again]]
    assert codes(told(rows)) == ["no_order_id"] * doubtful
    assert told(rows, Facts(order_id="id")) == ()


@pytest.mark.parametrize(("again", "code"), [(1, []), (2, ["copied_rows"]), (3, ["no_order_id", "copied_rows"])])
def test_rows_that_say_the_same_again(told: Callable[..., tuple[Doubt, ...]], again: int, code: list[str]) -> None:
    """Of 40 rows of 9.5 one, two and three once more; with an order id each is an order of its own."""
    rows: list[Row] = [(who, day, amount) for who, day, amount, _ in sales(40)]
    found = told([*rows, *rows[:again]], Facts(distinct_select="SELECT DISTINCT * FROM orders"))
    assert codes(found) == code
    assert told([*rows, *rows[:again]], Facts(order_id="id")) == ()
    if code:
        assert f"{again} rows ({again * 9.5:.2f} in all) have the same customer, time and amount" in found[-1].message
        assert "--orders 'SELECT DISTINCT * FROM orders'" in found[-1].mend


def test_lines_that_are_money_and_no_goods(told: Callable[..., tuple[Doubt, ...]]) -> None:
    names = ("POSTAGE", "Manual", "Discount", "Bank Charges", "CARRIAGE")
    found = told(sales(100), Facts(charges=Charges("description", names, 7, 1234.5, "SELECT * FROM lines WHERE 1")))
    assert codes(found) == ["charges"]
    assert found[0].message.startswith(
        "7 rows (1 234.50 net) of description are POSTAGE, Manual, Discount, Bank Charges and 1 other:"
    )
    assert "--orders 'SELECT * FROM lines WHERE 1'" in found[0].mend
    assert told(sales(100), Facts(charges=Charges("description", names, 1))) == ()


def test_the_same_order_with_another_status(told: Callable[..., tuple[Doubt, ...]]) -> None:
    rows = [(*row[:3], {**row[3], "status": "paid", "copy": i}) for i, row in enumerate(sales(40))]
    again = ("c1", 1, 9.5, {"order_id": "o1", "status": "sent", "copy": 99})
    line = ("c1", 1, 3.5, {"order_id": "o1", "status": "sent", "copy": 98})
    assert codes(told([*rows, again])) == ["two_statuses"]
    assert told([*rows, line]) == ()  # another line of it


def test_states_of_an_order_are_said_though_only_the_latest_counts(told: Callable[..., tuple[Doubt, ...]]) -> None:
    rows = [(*row[:3], {**row[3], "status": "paid", "copy": i, "same": i}) for i, row in enumerate(sales(40))]
    again = (*rows[3][:3], {**rows[3][3], "status": "refunded", "copy": 99})
    found = told([*rows, again])
    assert codes(found) == ["earlier_states"]
    assert found[0].message.startswith("1 row is an earlier state of an order")


def test_a_total_that_stands_on_every_line_is_said(told: Callable[..., tuple[Doubt, ...]]) -> None:
    rows = [
        (who, day, amount + i % 4, {**said, "copy": 100 * line + i})
        for i, (who, day, amount, said) in enumerate(sales(40))
        for line in range(2)
    ]
    found = told(rows)
    assert codes(found) == ["repeated_totals"]
    assert "40 further lines left out" in found[0].message


def test_copies_among_lines(told: Callable[..., tuple[Doubt, ...]]) -> None:
    rows = [(*row[:3], {**row[3], "copy": i}) for i, row in enumerate(sales(40))]
    lines = [("c1", 1, 3.5, {"order_id": "o1", "copy": 98}), ("c1", 1, 9.5, {"order_id": "o1", "copy": 1})]
    assert codes(told([*rows, *lines])) == ["copied_lines"]
    assert told([*rows, lines[0]]) == ()
    assert told([*rows, lines[1]]) == ()  # the table is one of orders: copies are left out


# --- columns -------------------------------------------------------------------------------------


def test_a_column_that_nothing_reads(told: Callable[..., tuple[Doubt, ...]]) -> None:
    marks = Unread("is_test", 3, select="SELECT * FROM t WHERE is_test = 0")
    money = Unread("amount_refunded", 3, money=True)
    found = told(sales(40), Facts(amount="total", unread=(marks, money)))
    assert codes(found) == ["unread_column", "unread_column"]
    assert found[0].mend.endswith("--orders 'SELECT * FROM t WHERE is_test = 0'.")
    assert found[1].mend.endswith("--amount 'total - amount_refunded'.")


def test_a_column_that_says_what_the_status_says_too(told: Callable[..., tuple[Doubt, ...]]) -> None:
    rows = [(*row[:3], {**row[3], "status": "cancelled" if i < 3 else "paid"}) for i, row in enumerate(sales(40))]
    assert told(rows, Facts(unread=(Unread("cancelled_at", 3, ("cancelled",)),))) == ()
    assert codes(told(rows, Facts(unread=(Unread("cancelled_at", 4, ("cancelled", "paid")),)))) == ["unread_column"]


@pytest.mark.parametrize(
    ("status", "doubtful"),
    [
        ("refund_pending_review", True),
        ("order-declined-by-bank", True),
        ("not cancelled", False),
        ("Partially Refunded", False),
        ("avoided", False),
        ("completed", False),
    ],
)
def test_a_status_that_reads_as_undone(told: Callable[..., tuple[Doubt, ...]], status: str, doubtful: bool) -> None:
    rows = [(*row[:3], {**row[3], "status": status if i < 3 else "paid"}) for i, row in enumerate(sales(40))]
    assert codes(told(rows, policy=CleaningPolicy(excluded_statuses=("failed",)))) == ["kept_status"] * doubtful
    chosen = Facts(statuses_chosen=True)
    assert told(rows, chosen, policy=CleaningPolicy(excluded_statuses=("failed",))) == ()


@pytest.mark.parametrize(
    ("status", "doubtful"), [("Not Paid", True), ("open", True), ("pending", False), ("voided", False)]
)
def test_a_status_that_says_nobody_has_paid(
    told: Callable[..., tuple[Doubt, ...]], status: str, doubtful: bool
) -> None:
    """Beside paid ones; `open` alone may be said of parcels."""
    rows = [(*row[:3], {**row[3], "status": status if i < 3 else "paid"}) for i, row in enumerate(sales(40))]
    assert codes(told(rows)) == ["unpaid_status"] * doubtful
    assert told(rows, Facts(statuses_chosen=True)) == ()


@pytest.mark.parametrize(("sold", "doubtful"), [("sale", True), ("delivered", False)])
def test_an_offer_that_was_sent_is_no_parcel(
    told: Callable[..., tuple[Doubt, ...]], sold: str, doubtful: bool
) -> None:
    """Beside `sale`, as some systems call an offer that was taken, `sent` is one that was not."""
    rows = [(*row[:3], {**row[3], "status": "sent" if i < 3 else sold}) for i, row in enumerate(sales(40))]
    assert codes(told(rows)) == ["unpaid_status"] * doubtful
    parcels = [(*row[:3], {**row[3], "status": "open" if i < 3 else "shipped"}) for i, row in enumerate(sales(40))]
    assert told(parcels) == ()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (Facts(unread_status="state"), "unread_status"),
        (Facts(unread_currency="ccy"), "unread_currency"),
        (Facts(refund_tables=("returns",)), "refund_table"),
    ],
)
def test_what_is_not_read(told: Callable[..., tuple[Doubt, ...]], facts: Facts, code: str) -> None:
    assert codes(told(sales(40), facts)) == [code]


# --- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "doubtful"), [(0, False), (1, False), (2, True)])
def test_orders_of_the_future(told: Callable[..., tuple[Doubt, ...]], late: int, doubtful: bool) -> None:
    """Of 152 orders 2 are 1.3 %; of 151 one is 0.7 %."""
    rows = sales(150) + [("c1", TODAY + 1 + i, 9.5, {"order_id": f"late{i}"}) for i in range(late)]
    assert codes(told(rows)) == ["future_days"] * doubtful


@pytest.mark.parametrize(
    ("days", "count", "doubtful"),
    [((5, 6, 7), 100, True), ((5, 6, 7), 99, False), ((5, 6, 7, 8), 100, False), ((5, 36, 67), 100, False)],
)
def test_all_orders_on_few_days(
    told: Callable[..., tuple[Doubt, ...]], days: tuple[int, ...], count: int, doubtful: bool
) -> None:
    rows = [(f"c{i % 10}", days[i % len(days)], 9.5) for i in range(count)]
    assert codes(told(rows, Facts(order_id="id"))) == ["few_days"] * doubtful


@pytest.mark.parametrize(("hole", "every", "doubtful"), [(89, 1, False), (90, 1, True), (90, 12, False)])
def test_a_hole_in_the_days(told: Callable[..., tuple[Doubt, ...]], hole: int, every: int, doubtful: bool) -> None:
    """Twenty days with orders, so many days without, twenty more; who sells every twelfth day is used to silence."""
    days = [i * every for i in range(20)]
    rows = [(f"c{i % 10}", day, 9.5) for i, day in enumerate([*days, *(days[-1] + hole + 1 + day for day in days)])]
    assert codes(told(rows)) == ["long_gap"] * doubtful
