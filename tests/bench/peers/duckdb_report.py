"""The report in DuckDB, which reads the SQLite file itself through its scanner."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import duckdb
import duckdb_extension_sqlite_scanner

PREPARATION: Final = """
SET preserve_insertion_order = false;

CREATE TEMP TABLE activity AS
SELECT customer_id AS customer, (ordered_at[:10]::DATE - DATE '1970-01-01')::INTEGER AS day,
       count(*) FILTER (amount >= 0)::INTEGER AS orders, sum(round(amount * 10000)::BIGINT)::BIGINT AS revenue
FROM shop.orders
WHERE customer_id IS NOT NULL AND ordered_at IS NOT NULL AND amount IS NOT NULL
GROUP BY ALL;

SET VARIABLE as_of = (
    SELECT max(day) FROM activity WHERE orders > 0 OR customer IN (SELECT customer FROM activity WHERE orders > 0)
);

CREATE TEMP TABLE customers AS
SELECT customer, sum(orders)::BIGINT AS orders, sum(revenue)::BIGINT AS revenue,
       min(day) FILTER (orders > 0) AS first, max(day) FILTER (orders > 0) AS last
FROM activity
WHERE day <= getvariable('as_of')
GROUP BY customer
HAVING sum(orders) > 0;

SET VARIABLE churn_gap = (
    WITH gaps AS (
        SELECT day - lag(day) OVER (PARTITION BY customer ORDER BY day) AS gap FROM activity WHERE orders > 0
    )
    SELECT coalesce(least(greatest(ceil(round(quantile_cont(gap, 0.9), 9)), 30), 365), 365)::INTEGER FROM gaps
);
SET VARIABLE cut = getvariable('as_of') - getvariable('churn_gap');

SET VARIABLE least = (SELECT min(revenue) FROM customers WHERE revenue > 0);
SET VARIABLE size = (SELECT count(*) FROM customers);
SET VARIABLE vip = (
    SELECT greatest(revenue, getvariable('least')) FROM customers
    ORDER BY revenue DESC LIMIT 1 OFFSET (getvariable('size') + 4) // 5 - 1
);
SET VARIABLE middle = (
    SELECT greatest(revenue, getvariable('least')) FROM customers
    ORDER BY revenue DESC LIMIT 1 OFFSET (getvariable('size') + 1) // 2 - 1
);

-- Months of 30.4375 days = 487 / 16: those lived for the lapsed, the complete ones seen for the active.
CREATE TEMP TABLE people AS
SELECT customer, orders, revenue, first, last <= getvariable('cut') AS lapsed,
       CASE WHEN revenue > 0 AND revenue >= getvariable('vip') THEN 'VIP'
            WHEN revenue > 0 AND revenue >= getvariable('middle') THEN 'middle'
            ELSE 'economy' END AS tier,
       CASE WHEN first > getvariable('cut') THEN NULL
            WHEN lapsed THEN (last - first) * 16 // 487 + 1
            ELSE nullif((getvariable('cut') - first) * 16 // 487, 0) END AS months
FROM customers;
"""

QUESTION: Final = """
WITH aged AS (
    SELECT tier, activity.orders, activity.revenue, months, greatest(day - first, 0) * 16 // 487 AS lived,
           CASE WHEN lapsed THEN least(lived, months - 1) ELSE lived END AS age
    FROM activity JOIN people USING (customer)
    WHERE months IS NOT NULL AND day <= getvariable('as_of')
), bought AS (
    SELECT coalesce(tier, 'all') AS segment, age, sum(orders)::BIGINT AS orders, sum(revenue)::BIGINT AS revenue
    FROM aged
    WHERE age < least(months, 12)
    GROUP BY GROUPING SETS ((tier, age), (age))
), ended AS (
    SELECT coalesce(tier, 'all') AS segment, least(months, 13) - 1 AS age, count(*) AS ended,
           count(*) FILTER (lapsed) AS lost
    FROM people
    WHERE months IS NOT NULL
    GROUP BY GROUPING SETS ((tier, age), (age))
), totals AS (
    SELECT coalesce(tier, 'all') AS segment, count(*) AS customers, sum(orders)::BIGINT AS orders,
           sum(revenue)::BIGINT AS revenue, count(months) AS sample,
           count(*) FILTER (lapsed AND months IS NOT NULL) AS lapsed
    FROM people
    GROUP BY GROUPING SETS ((tier), ())
), life AS (
    SELECT segment, age, sample, coalesce(lost, 0) AS lost, coalesce(bought.orders, 0) AS orders,
           coalesce(bought.revenue, 0) AS revenue,
           sum(coalesce(ended, 0)) OVER (
               PARTITION BY segment ORDER BY age ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
           ) AS at_risk
    FROM totals CROSS JOIN (SELECT unnest(range(13)) AS age)
    LEFT JOIN ended USING (segment, age) LEFT JOIN bought USING (segment, age)
), survival AS (
    SELECT *, coalesce(product(CASE WHEN at_risk > 0 THEN 1 - lost / at_risk ELSE 0 END) OVER (
        PARTITION BY segment ORDER BY age ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 1) AS staying
    FROM life
), worth AS (
    SELECT segment, sum(staying) AS retention, sum(staying * orders / at_risk) AS bought,
           sum(staying * revenue / at_risk) / 10000 AS ltv, count(*) AS within
    FROM survival
    WHERE age < 12 AND at_risk >= greatest(1, least(30, (sample + 9) // 10))
    GROUP BY segment
)
SELECT segment, customers, orders, revenue,
       CASE segment WHEN 'VIP' THEN getvariable('vip') WHEN 'middle' THEN getvariable('middle') END AS start,
       ltv / bought AS check, bought / retention AS frequency, retention, coalesce(within, 0) AS within, ltv,
       sample, lapsed
FROM totals LEFT JOIN worth USING (segment)
"""


def report(path: str) -> dict[str, Any]:
    """The report of the shop at `path`."""
    scanner = next(Path(duckdb_extension_sqlite_scanner.__file__).parent.rglob("*.duckdb_extension"))
    with duckdb.connect() as connection:
        connection.execute(f"LOAD '{scanner}'")
        connection.execute(f"ATTACH '{path}' AS shop (TYPE sqlite, READ_ONLY)")
        connection.execute(PREPARATION)
        answer = connection.execute(QUESTION)
        names = [column[0] for column in answer.description]
        rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
        as_of, gap = connection.execute(
            "SELECT (DATE '1970-01-01' + getvariable('as_of'))::VARCHAR, getvariable('churn_gap')"
        ).fetchall()[0]
    whole = next(row for row in rows if row["segment"] == "all")
    sample, lapsed = whole["sample"], whole["lapsed"]
    rows = [{name: value for name, value in row.items() if name not in ("sample", "lapsed")} for row in rows]
    return {"as_of": as_of, "churn_gap_days": gap, "sample": sample, "lapsed": lapsed, "rows": rows}
