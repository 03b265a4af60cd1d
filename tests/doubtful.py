"""A shop that may have been read wrong, for tests of how that is said."""

from __future__ import annotations

from pathlib import Path

from shops import build

DOUBTFUL = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, total REAL, void_note TEXT,
    email TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
INSERT INTO orders SELECT i, iif(i % 3 = 0, 'C99', 'C' || (i % 20)), date('2024-01-01', '+' || (i * 3) || ' days'),
    5.5 + i % 20, iif(i % 40 = 1, 'torn', NULL), 'm' || (i % 31) || '@x.org' FROM n;
"""
"""120 orders, 40 of customer C99 and 4 each of 20 others, of 5.5 to 24.5; 3 of them have a note why they are void."""
ONE_CUSTOMER = (
    "⚠ Customer C99 in customer_id has 33 % of the orders (40 of 120): this may be an id shared by all guests, or "
    "a placeholder. Use another column as the customer id: --customer email, or leave these rows out with a "
    "SELECT: --orders 'SELECT … WHERE …'."
)
UNREAD = (
    "⚠ Column void_note has values in 3 rows but is not used: it does not change what counts. Leave these "
    "rows out: --orders \"SELECT * FROM orders WHERE lower(coalesce(void_note, '')) IN ('', '0', 'false', 'no')\"."
)


def doubtful_shop(folder: Path) -> Path:
    """The shop, in `folder`."""
    return build(folder, DOUBTFUL)


def mended(folder: Path) -> Path:
    """The same with nothing to doubt."""
    script = "DELETE FROM orders WHERE customer_id = 'C99'; UPDATE orders SET void_note = NULL;"
    return build(folder, DOUBTFUL + script, "mended.sqlite")
