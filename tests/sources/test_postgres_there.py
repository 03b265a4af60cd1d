"""A shop reduced by SQL in PostgreSQL has the figures of the local reading, to the last integer, or is refused."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from effort import examples
from hypothesis import HealthCheck, event, given, settings
from polars.testing import assert_frame_equal
from postgres import Server
from postgres_shops import in_postgres
from shops import returning_shop
from test_reduction import Made, assert_read_alike, in_both, shops

from ltvtui.errors import LtvError
from ltvtui.session.dataset import Dataset
from ltvtui.session.explain import explain
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.postgres.database import PostgresDatabase
from ltvtui.sources.reduction.reduce import Reduced, reduce_shop
from ltvtui.sources.reduction.where import Compute
from ltvtui.sources.server_address import server_address

pytestmark = pytest.mark.engines
TYPES = {"DOUBLE": "DOUBLE PRECISION", "VARCHAR": "TEXT"}
numbers = itertools.count()


@pytest.fixture(scope="module")
def base(postgres: Server) -> str:
    """A database for shops that come one after the other, whose texts are ordered as in German."""
    return postgres.new_base()


def filled(server: Server, base: str, made: Made) -> None:
    """The shop as a table that the reader may read."""
    listed = ", ".join(f"{name} {TYPES.get(kind, kind)}" for name, (kind, _) in made.columns.items())
    rows = zip(*(values for _, values in made.columns.values()), strict=True)
    values = ", ".join(f"({', '.join(map(written, row))})" for row in rows)
    server.run("DROP TABLE IF EXISTS orders", f"CREATE TABLE orders ({listed})", base=base)
    server.run(f"INSERT INTO orders VALUES {values}", base=base)


def written(value: Any) -> str:
    """A literal."""
    if value is None:
        return "NULL"
    return "'" + str(value).replace("'", "''") + "'" if isinstance(value, str | date | datetime) else repr(value)


def there(server: Server, base: str, made: Made) -> Reduced:
    """As it is reduced in PostgreSQL."""
    with PostgresDatabase(server_address(server.uri(base))) as database, database.transaction():
        return reduce_shop(database, made.mapping, made.policy)


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(made=shops())
def test_any_shop(tmp_path_factory: pytest.TempPathFactory, postgres: Server, base: str, made: Made) -> None:
    folder = tmp_path_factory.getbasetemp() / f"there{next(numbers)}"
    folder.mkdir()
    filled(postgres, base, made)
    lite, _ = in_both(folder, made)
    event(assert_read_alike(lite, made, lambda: there(postgres, base, made)))


def opened(address: str | Path) -> Dataset:
    """A shop, reduced where it lies if that can be."""
    compute: Compute = "there" if isinstance(address, str) else "auto"
    return open_shop(OpenRequest(address, compute=compute, cache=False)).dataset


def test_single_orders_are_asked_of_the_state_that_was_reduced(tmp_path: Path, postgres: Server) -> None:
    shop = returning_shop(tmp_path)
    address = in_postgres(shop, postgres)
    base = address.rpartition("/")[2]
    there, here = opened(address).cleaned.store, opened(shop).cleaned.store
    for customer in (0, 5, 599):
        assert_frame_equal(there.of(customer), here.of(customer), check_dtypes=False)
    assert_frame_equal(there.newest(0, 30_000, 5), here.newest(0, 30_000, 5), check_dtypes=False)
    postgres.run("CREATE TABLE another (n INT)", base=base)  # something was committed, but no order
    assert_frame_equal(there.of(7), here.of(7), check_dtypes=False)
    postgres.run("UPDATE orders SET amount = amount + 1 WHERE order_id = 7", base=base)
    with pytest.raises(LtvError, match="has changed since it was opened"):
        there.of(7)


def test_a_database_of_other_letters_is_read(postgres: Server) -> None:
    base = postgres.new_base("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    postgres.run("CREATE TABLE orders (customer_id INT, ordered_at DATE, amount INT)", base=base)
    postgres.run("INSERT INTO orders VALUES (1, '2024-01-02', 5), (2, '2024-01-03', 7)", base=base)
    with pytest.raises(LtvError, match="only databases in UTF-8 are reduced") as caught:
        opened(postgres.uri(base))
    assert caught.value.mend == "Use --compute here."


def test_what_is_explained_is_what_is_sent(tmp_path: Path, postgres: Server) -> None:
    address = in_postgres(returning_shop(tmp_path), postgres)
    statements = explain(OpenRequest(address, compute="there", cache=False)).statements
    assert len(statements) > 5
    for statement in statements:  # each can be run as it stands
        postgres.run(statement.sql, base=address.rpartition("/")[2])
