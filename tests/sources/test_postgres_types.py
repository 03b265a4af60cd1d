"""Types, schemas and names that PostgreSQL has and SQLite does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import test_money
from click.testing import CliRunner
from postgres import Server

from ltvtui.cli import main
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.locator import locate
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.postgres.text_numbers import written_number
from ltvtui.sources.read import read
from ltvtui.sources.registry import source_at
from ltvtui.sources.values.money import number_in_sql

pytestmark = pytest.mark.engines


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / name.lower()))


@pytest.mark.parametrize(
    ("type", "values", "wanted"),
    [
        ("numeric", ("0.00005", "-0.00005", "1e3", "'NaN'", "'Infinity'"), [1, -1, 10_000_000, None, None]),
        ("numeric(12, 2)", ("19.99", "-5", "0", "NULL"), [199_900, -50_000, 0, None]),
        ("float8", ("0.1", "-1234.56785", "'NaN'", "'-Infinity'"), [1000, -12_345_679, None, None]),
        ("float4", ("123456.78", "10.1"), [1_234_567_800, 101_000]),
        ("money", ("'1234.50'", "'-0.05'"), [12_345_000, -500]),
        ("bigint", ("900000000000000", "900000000000001"), [9_000_000_000_000_000_000, None]),
        ("text", ("'1.234,50 €'", "'7,25'", "'none'"), [12_345_000, 72_500, None]),
        ("boolean", ("true", "false"), [10_000, 0]),
    ],
)
def test_money_is_exact(postgres: Server, type: str, values: tuple[str, ...], wanted: list[int | None]) -> None:
    base = postgres.new_base()
    rows = ", ".join(f"({place}, 'c', date '2024-01-01', {value}::{type})" for place, value in enumerate(values))
    postgres.run(f"CREATE TABLE orders AS SELECT * FROM (VALUES {rows}) v(id, who, day, paid)", base=base)
    with source_at(locate(postgres.uri(base))) as source, source.open() as database:
        for amount in ("paid", "coalesce(paid, paid)") if type != "text" else ("paid",):
            mapping = Mapping("orders", "who", "day", amount, order_id="id", date_formats=("iso",))
            assert read(database, mapping).rows.sort("order_id")["amount"].to_list() == wanted


def test_texts_are_the_numbers_that_they_are_elsewhere(postgres: Server) -> None:
    texts = [text for text, _ in test_money.TELLING] + [text for text, _, _ in test_money.OPEN]
    texts += [*test_money.NO_AMOUNT, "12.5 %", "€ 5", "(R 5)", "1 CHF-", "Fr. 5.-", "5..", "1e400", " 7 "]
    rows = ", ".join("('" + text.replace("'", "''") + "')" for text in texts)
    with source_at(locate(postgres.uri())) as source:
        postgres.run("CREATE TABLE IF NOT EXISTS t (x int)", "GRANT SELECT ON t TO reader")
        with source.open() as database:
            for comma in (None, False, True):
                sql = f"SELECT {written_number('x', comma, True)} FROM (VALUES {rows}) AS v(x)"
                found = [value for (value,) in database.query(sql)]
                assert found == [None if t == "1e400" else number_in_sql(t, comma) for t in texts]


def test_values_have_the_texts_that_people_write(postgres: Server) -> None:
    base = postgres.new_base()
    statements = (
        "CREATE TYPE mood AS ENUM ('fine', 'bad')",
        "CREATE DOMAIN euro AS numeric(9, 2)",
        "CREATE TABLE t AS SELECT 'fine'::mood AS a, '{\"x\": 1}'::jsonb AS b, ARRAY[1, 2] AS c,"
        " timestamptz '2024-01-04 23:30:00+09' AS d, timestamp '2024-01-04 23:30' AS e, date 'infinity' AS f,"
        " '7f000001-0000-0000-0000-000000000000'::uuid AS g, interval '1 day' AS h, 12.50::euro AS i, true AS j,"
        " 'x'::char(3) AS k, 7::numeric AS l",
    )
    postgres.run(f"ALTER DATABASE {base} SET TimeZone = 'America/New_York'")
    postgres.run(*statements, base=base)
    with source_at(locate(postgres.uri(base))) as source, source.open() as database:
        ((*found,),) = database.query("SELECT * FROM t")
        assert found[:6] == ["fine", '{"x": 1}', "{1,2}", "2024-01-04 14:30:00+00", "2024-01-04 23:30:00", "infinity"]
        assert found[6:] == ["7f000001-0000-0000-0000-000000000000", "1 day", 12.5, 1, "x", 7]


def test_tables_of_every_kind_and_schema_are_found(postgres: Server) -> None:
    base = postgres.new_base()
    statements = (
        "CREATE SCHEMA sales",
        'CREATE TABLE sales."Orders" ("OrderId" bigint PRIMARY KEY, "CustomerId" text, "OrderDate" date,'
        ' "Total" money)',
        """INSERT INTO sales."Orders" SELECT n, 'c' || n % 7, date '2024-01-01' + n, n::money"""
        " FROM generate_series(1, 40) n",
        'COMMENT ON COLUMN sales."Orders"."Total" IS \'gross, in euro\'',
        'CREATE TABLE refs (id int UNIQUE, o bigint REFERENCES sales."Orders")',
        "CREATE MATERIALIZED VIEW kept AS SELECT 1 AS x",
        "CREATE TABLE parts (day date, x int) PARTITION BY RANGE (day)",
        "CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "CREATE VIEW seen AS SELECT x FROM parts",
        "GRANT USAGE ON SCHEMA sales TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA sales TO reader",
    )
    postgres.run(*statements, base=base)
    uri = postgres.uri(base)
    with source_at(locate(uri)) as source, source.open() as database:
        tables = {table.name: table for table in tables_of(database)}
        assert database.catalog.view_sql("seen").split() == ["SELECT", "parts.x", "FROM", "parts"]
    assert list(tables) == ["kept", "sales.Orders", "parts", "refs", "seen"]
    assert [tables[name].view for name in tables] == [False, False, False, False, True]
    total = tables["sales.Orders"].column("Total")
    assert total is not None
    assert (total.comment, total.type) == ("gross, in euro", "MONEY")
    assert [(c.unique, c.references) for c in tables["refs"].columns] == [
        (True, None),
        (False, ("sales.Orders", "OrderId")),
    ]
    for words in ((), ("--orders", "sales.Orders"), ("--amount", "Total * 1")):
        done = CliRunner().invoke(main, ["report", uri, "--format", "json", *words])
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["base"]["revenue"] == 820  # 1 + … + 40
    assert "# Total: gross, in euro" in CliRunner().invoke(main, ["config", uri]).output


def test_bytes_that_are_no_text_of_any_encoding_are_read(postgres: Server) -> None:
    base = postgres.new_base("ENCODING 'SQL_ASCII'", "TEMPLATE template0")
    wrong = "convert_from('\\xc3'::bytea, 'SQL_ASCII')"
    columns = f"n AS order_id, CASE WHEN n = 1 THEN {wrong} ELSE 'c' || n % 7 END AS customer_id"
    rest = "date '2024-01-01' + n AS ordered_at, 2.5 AS amount FROM generate_series(1, 40) n"
    postgres.run(f"CREATE TABLE orders AS SELECT {columns}, {rest}", base=base)
    done = CliRunner().invoke(main, ["report", postgres.uri(base), "--format", "json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["base"]["revenue"] == 100
