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
    SELECT least(greatest(coalesce(ceil(round(quantile_cont(gap, 0.9), 9)), 365), 30), 365)::INTEGER FROM gaps
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

-- Months of 30.4375 days = 487 / 16. Of each customer: complete months seen, and the months after which they
-- lapsed, if that month is over at the cut, or were lost sight of.
CREATE TEMP TABLE people AS
SELECT customer, orders, revenue, first,
       CASE WHEN revenue > 0 AND revenue >= getvariable('vip') THEN 'VIP'
            WHEN revenue > 0 AND revenue >= getvariable('middle') THEN 'middle'
            ELSE 'economy' END AS tier,
       (getvariable('as_of') - first + 1) * 16 // 487 AS seen,
       (last - first) * 16 // 487 + 1 AS lived,
       CASE WHEN first <= getvariable('cut') THEN nullif((getvariable('cut') - first) * 16 // 487, 0) END AS known,
       CASE WHEN known >= 1 THEN last <= getvariable('cut') AND lived <= known END AS lapsed,
       CASE WHEN lapsed THEN lived ELSE known END AS months
FROM customers;
"""

QUESTION: Final = """
WITH RECURSIVE aged AS (
    SELECT tier, activity.orders, activity.revenue, seen, greatest(day - first, 0) * 16 // 487 AS age
    FROM activity JOIN people USING (customer)
), bought AS (
    SELECT coalesce(tier, 'all') AS segment, age, sum(orders)::BIGINT AS orders, sum(revenue)::BIGINT AS revenue
    FROM aged
    WHERE age < least(seen, 12)
    GROUP BY GROUPING SETS ((tier, age), (age))
), watched AS (
    SELECT coalesce(tier, 'all') AS segment, least(seen, 12) - 1 AS age, count(*) AS watched
    FROM people
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
    SELECT segment, age, coalesce(lost, 0) AS lost, coalesce(bought.orders, 0) AS orders,
           coalesce(bought.revenue, 0) AS revenue, greatest(1, least(30, (sample + 9) // 10)) AS enough,
           sum(coalesce(ended, 0)) OVER ahead AS at_risk, sum(coalesce(watched, 0)) OVER ahead AS seen
    FROM totals CROSS JOIN (SELECT unnest(range(13)) AS age)
    LEFT JOIN ended USING (segment, age) LEFT JOIN bought USING (segment, age)
    LEFT JOIN watched USING (segment, age)
    WINDOW ahead AS (PARTITION BY segment ORDER BY age ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
), survival AS (
    SELECT segment, 0 AS age, 1.0::DOUBLE AS staying, [1.0::DOUBLE] AS before FROM totals
    UNION ALL
    -- Where too few are at risk to tell, customers go on leaving as in the last three months.
    SELECT survival.segment, survival.age + 1, staying * factor, list_append(before, staying * factor)
    FROM survival JOIN life ON life.segment = survival.segment AND life.age = survival.age, LATERAL (
        SELECT least(3, len(before) - 1) AS months
    ), LATERAL (
        SELECT CASE WHEN at_risk >= enough THEN 1 - lost / at_risk
                    WHEN months = 0 OR before[-1 - months] = 0 THEN 1
                    ELSE pow(staying / before[-1 - months], 1.0 / months) END AS factor
    )
    WHERE survival.age < 11
), worth AS (
    SELECT segment, sum(staying) AS retention, sum(orders / seen) AS bought, sum(revenue / seen) / 10000 AS ltv,
           count(*) AS within
    FROM survival JOIN life USING (segment, age)
    JOIN (SELECT segment, greatest(1, least(30, (seen + 9) // 10)) AS least FROM life WHERE age = 0) USING (segment)
    WHERE seen >= least
    GROUP BY segment
)
SELECT segment, customers, totals.orders, totals.revenue,
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
