"""Reports of PostgreSQL: the figures of the same shop in SQLite, whatever the types and the names."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from postgres import Server
from postgres_shops import in_postgres
from real_shops import DATA, SHOPS, unpacked
from shops import ROOT, corner_shop, moving_shop

from ltvtui.cli import main

pytestmark = pytest.mark.engines
SCHEMAS = DATA / "cases" / "schemas"


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"LTVTUI_{name}_DIR", str(tmp_path / "own" / name.lower()))


def run(*words: object) -> Result:
    done = CliRunner().invoke(main, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def report(shop: str | Path, *words: str) -> dict[str, Any]:
    done = run("report", shop, "--format", "json", *words)
    assert done.exit_code == 0, done.stderr
    name = str(shop) if isinstance(shop, str) else shop.name
    found: dict[str, Any] = json.loads(done.stdout.replace(name, "SHOP"))
    found["mapping"].pop("orders")  # where it is a SELECT, it is of the engine's own SQL
    return found


@pytest.mark.parametrize("make", [corner_shop, moving_shop])
def test_reports_are_those_of_sqlite(tmp_path: Path, postgres: Server, make: Any) -> None:
    shop = make(tmp_path)
    copy = in_postgres(shop, postgres)
    for words in ((), ("--by", "first month"), ("--as-of", "2024-03-01")):
        assert report(copy, *words) == report(shop, *words)


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the folder of real shops does not lie beside the project")
@pytest.mark.parametrize(
    "name",
    [
        *sorted(path.stem for path in SCHEMAS.glob("*.sqlite")),
        "chinook",
        "northwind",
        "rfm_orders",
    ],
)
def test_reports_of_odd_structures_are_those_of_sqlite(tmp_path: Path, postgres: Server, name: str) -> None:
    shop = next(path for path in (SCHEMAS / f"{name}.sqlite", DATA / f"{name}.sqlite") if path.exists())
    copy = in_postgres(shop, postgres)
    assert report(copy) == report(shop)


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the folder of real shops does not lie beside the project")
@pytest.mark.parametrize("name", ["cdnow_sample", "cdnow_master", "uci"])
def test_reports_of_published_shops_are_those_of_sqlite(tmp_path: Path, postgres: Server, name: str) -> None:
    shop, table = unpacked(name, tmp_path), SHOPS[name][1]
    words = () if table is None else ("--orders", table)
    assert report(in_postgres(shop, postgres), *words) == report(shop, *words)


DOCUMENTED = re.findall(r"```sh postgres\n(.*?)```", (ROOT / "docs" / "connecting.md").read_text("utf-8"), re.DOTALL)
ADDRESS = re.compile(r"postgres(?:ql)?://ann@db\.example\.com/shop")


def test_documented_commands_run(tmp_path: Path, postgres: Server) -> None:
    uri = in_postgres(corner_shop(tmp_path), postgres)
    base = uri.rpartition("/")[2]
    schema = ("CREATE SCHEMA sales", "CREATE TABLE sales.orders AS TABLE orders")
    rights = ("GRANT USAGE ON SCHEMA sales TO reader", "GRANT SELECT ON sales.orders TO reader")
    postgres.run(*schema, *rights, base=base)
    lines = [line for block in DOCUMENTED for line in block.splitlines()]
    assert len(lines) == 4
    for line in lines:
        assert ADDRESS.search(line), line
        words = shlex.split(ADDRESS.sub(uri, line))[1:]
        done = run(*words)
        assert (done.exit_code, "all" in done.stdout) == (0, True), line
