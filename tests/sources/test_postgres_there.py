"""A shop reduced by SQL in PostgreSQL has the figures of the local reading, to the last integer, or is refused."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

import pytest
from effort import examples
from hypothesis import HealthCheck, event, given, settings
from postgres import Server
from test_reduction import Made, assert_read_alike, in_both, shops

from ltvtui.sources.postgres.database import PostgresDatabase
from ltvtui.sources.reduction.reduce import Reduced, reduce_shop
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
