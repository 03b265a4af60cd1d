-- Customer lifetime value in plain SQLite. Money is in ten-thousandths, days are days since 1970-01-01.
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -1000000;
PRAGMA threads = 2;

-- What a customer did on a day. Ordered by its key, so that no later step has to sort it again.
CREATE TEMP TABLE activity (
    customer INTEGER, day INTEGER, orders INTEGER, revenue INTEGER, PRIMARY KEY (customer, day)
) WITHOUT ROWID;
INSERT INTO activity
SELECT customer_id, unixepoch(ordered_at) / 86400 AS day,
       sum(amount >= 0), sum(CAST(round(amount * 10000) AS INTEGER))
FROM orders
WHERE customer_id IS NOT NULL AND ordered_at IS NOT NULL AND amount IS NOT NULL
GROUP BY customer_id, day;

-- A refund is no order and makes nobody a customer; that of a customer counts up to its day.
CREATE TEMP TABLE as_of AS
SELECT max(day) AS day FROM activity
WHERE orders > 0 OR customer IN (SELECT customer FROM activity WHERE orders > 0);

CREATE TEMP TABLE customers AS
SELECT customer, sum(orders) AS orders, sum(revenue) AS revenue,
       min(day) FILTER (WHERE orders > 0) AS first, max(day) FILTER (WHERE orders > 0) AS last
FROM activity
WHERE day <= (SELECT day FROM as_of)
GROUP BY customer
HAVING sum(orders) > 0;

-- The 90th percentile of the gaps, linear between neighbours, rounded up: from how often each gap occurs.
CREATE TEMP TABLE churn AS
WITH gaps AS (
    SELECT day - lag(day) OVER (PARTITION BY customer ORDER BY day) AS gap FROM activity WHERE orders > 0
), counted AS (
    SELECT gap, sum(count(*)) OVER (ORDER BY gap) AS up_to FROM gaps WHERE gap IS NOT NULL GROUP BY gap
), place AS (
    SELECT 9 * (max(up_to) - 1) / 10 AS below, 9 * (max(up_to) - 1) % 10 AS tenths FROM counted
), around AS (
    SELECT (SELECT min(gap) FROM counted WHERE up_to > below) AS low,
           (SELECT min(gap) FROM counted WHERE up_to > below + 1) AS high, tenths
    FROM place
)
SELECT min(max(coalesce((10 * low + tenths * (coalesce(high, low) - low) + 9) / 10, 365), 30), 365) AS gap
FROM around;

-- Where the tiers begin: the revenue at the ranks of 20 % and 50 % of customers, if it is above zero.
CREATE TEMP TABLE ranked AS
SELECT revenue, row_number() OVER (ORDER BY revenue DESC) AS rank FROM customers;
CREATE TEMP TABLE starts AS
WITH least AS (SELECT min(revenue) AS revenue FROM ranked WHERE revenue > 0),
     size AS (SELECT count(*) AS n FROM ranked)
SELECT max(coalesce(max(revenue) FILTER (WHERE rank = (n + 4) / 5), 0), least) AS vip,
       max(coalesce(max(revenue) FILTER (WHERE rank = (n + 1) / 2), 0), least) AS middle
FROM (SELECT ranked.*, size.n, least.revenue AS least FROM ranked, size, least
      WHERE rank IN ((n + 4) / 5, (n + 1) / 2));

-- Months of 30.4375 days = 487 / 16. Of each customer: complete months seen, and the months after which they
-- lapsed, if that month is over at the cut, or were lost sight of.
CREATE TEMP TABLE people AS
SELECT customer, orders, revenue, first, tier, seen,
       CASE WHEN known >= 1 THEN last <= cut AND lived <= known END AS lapsed,
       CASE WHEN known >= 1 THEN iif(last <= cut AND lived <= known, lived, known) END AS months
FROM (
    SELECT customer, orders, revenue, first, last, cut,
           CASE WHEN revenue <= 0 THEN 'economy' WHEN revenue >= vip THEN 'VIP'
                WHEN revenue >= middle THEN 'middle' ELSE 'economy' END AS tier,
           (as_of.day - first + 1) * 16 / 487 AS seen, (last - first) * 16 / 487 + 1 AS lived,
           CASE WHEN first <= cut THEN (cut - first) * 16 / 487 END AS known
    FROM customers, starts, as_of, (SELECT as_of.day - churn.gap AS cut FROM as_of, churn)
);
CREATE UNIQUE INDEX temp.people_customer ON people (customer, tier, first, seen);

-- What was bought in each age month by those who were seen for all of it; a refund never before the first.
CREATE TEMP TABLE bought AS
SELECT tier, age, sum(orders) AS orders, sum(revenue) AS revenue
FROM (
    SELECT tier, activity.orders, activity.revenue, seen, max(day - first, 0) * 16 / 487 AS age
    FROM activity CROSS JOIN people USING (customer)
)
WHERE age < min(seen, 12)
GROUP BY tier, age;

CREATE TEMP TABLE watched AS
SELECT tier, min(seen, 12) AS seen, count(*) AS customers FROM people GROUP BY tier, 2;

CREATE TEMP TABLE ended AS
SELECT tier, min(months, 13) - 1 AS age, count(*) AS ended, sum(lapsed) AS lapsed
FROM people
WHERE months IS NOT NULL
GROUP BY tier, 2;

-- the report
WITH RECURSIVE ages (age) AS (
    SELECT 0 UNION ALL SELECT age + 1 FROM ages WHERE age < 11
), segments (segment, tier) AS (
    VALUES ('all', 'VIP'), ('all', 'middle'), ('all', 'economy'),
           ('VIP', 'VIP'), ('middle', 'middle'), ('economy', 'economy')
), totals AS (
    SELECT segment, count(*) AS customers, sum(orders) AS orders, sum(revenue) AS revenue,
           count(months) AS sample, coalesce(sum(lapsed) FILTER (WHERE months IS NOT NULL), 0) AS lapsed
    FROM segments JOIN people USING (tier)
    GROUP BY segment
), life AS MATERIALIZED (
    SELECT segment, ages.age,
           (SELECT coalesce(sum(ended), 0) FROM ended JOIN segments USING (tier)
            WHERE segments.segment = totals.segment AND ended.age >= ages.age) AS at_risk,
           (SELECT coalesce(sum(lapsed), 0) FROM ended JOIN segments USING (tier)
            WHERE segments.segment = totals.segment AND ended.age = ages.age) AS lost,
           (SELECT coalesce(sum(customers), 0) FROM watched JOIN segments USING (tier)
            WHERE segments.segment = totals.segment AND watched.seen > ages.age) AS seen,
           (SELECT coalesce(sum(orders), 0) FROM bought JOIN segments USING (tier)
            WHERE segments.segment = totals.segment AND bought.age = ages.age) AS orders,
           (SELECT coalesce(sum(revenue), 0) FROM bought JOIN segments USING (tier)
            WHERE segments.segment = totals.segment AND bought.age = ages.age) AS revenue,
           max(1, min(30, (sample + 9) / 10)) AS enough
    FROM totals CROSS JOIN ages
), survival (segment, age, staying, one_before, two_before, three_before) AS (
    SELECT segment, 0, 1.0, NULL, NULL, NULL FROM totals
    UNION ALL
    -- Where too few are at risk to tell, customers go on leaving as in the last three months.
    SELECT segment, age + 1, staying * CASE
               WHEN at_risk >= enough THEN 1 - 1.0 * lost / at_risk
               WHEN three_before IS NOT NULL THEN coalesce(pow(staying / nullif(three_before, 0), 1.0 / 3), 1)
               WHEN two_before IS NOT NULL THEN coalesce(pow(staying / nullif(two_before, 0), 1.0 / 2), 1)
               WHEN one_before IS NOT NULL THEN coalesce(staying / nullif(one_before, 0), 1)
               ELSE 1
           END, staying, one_before, two_before
    FROM survival JOIN life USING (segment, age)
    WHERE age < 11
), worth AS (
    SELECT segment, sum(staying) AS retention, sum(1.0 * orders / seen) AS orders,
           sum(1.0 * revenue / seen) / 10000 AS revenue, count(*) AS within
    FROM survival JOIN life USING (segment, age) JOIN (
        SELECT segment, max(1, min(30, (seen + 9) / 10)) AS least FROM life WHERE age = 0
    ) USING (segment)
    WHERE seen >= least
    GROUP BY segment
)
SELECT json_object(
    'as_of', (SELECT date(day * 86400, 'unixepoch') FROM as_of),
    'churn_gap_days', (SELECT gap FROM churn),
    'sample', max(sample) FILTER (WHERE segment = 'all'),
    'lapsed', max(totals.lapsed) FILTER (WHERE segment = 'all'),
    'rows', json_group_array(json_object(
        'segment', segment, 'customers', customers, 'orders', totals.orders, 'revenue', totals.revenue,
        'start', CASE segment WHEN 'VIP' THEN vip WHEN 'middle' THEN middle END,
        'check', worth.revenue / worth.orders, 'frequency', worth.orders / retention, 'retention', retention,
        'within', coalesce(within, 0), 'ltv', worth.revenue
    ))
)
FROM totals LEFT JOIN worth USING (segment), starts;
