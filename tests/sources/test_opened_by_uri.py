"""A shop that is no file goes all the way: found by its URI, detected, read, asked, watched, with no secret told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from math import sqrt
from pathlib import Path

import polars as pl
import pytest
import toy
from click.testing import CliRunner, Result
from shops import CORNER_SHOP, corner_shop

from ltvtui.cli import main
from ltvtui.errors import LtvError
from ltvtui.exporting.audience import AudienceOptions, write_audience
from ltvtui.exporting.destination import Destination
from ltvtui.session.live import Live
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.locator import locate
from ltvtui.sources.registry import source_at

URI = "toy://ann:geheim@memory/corner"
MASKED = "toy://ann:…@memory/corner"
AS_OF = ("--as-of", "2024-12-31")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTVTUI_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("LTVTUI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LTVTUI_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def store() -> Iterator[toy.Store]:
    """The corner shop, whose figures are worked by hand, as frames."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(CORNER_SHOP.read_text("utf-8"))
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        store = toy.STORES["corner"] = toy.Store()
        for name in names:
            found = connection.execute(f'SELECT * FROM "{name}"')
            columns = [column[0] for column in found.description]
            store.put(name, pl.DataFrame(found.fetchall(), columns, orient="row", infer_schema_length=None))
    yield store
    del toy.STORES["corner"]


def run(*words: object, code: int = 0) -> Result:
    done = CliRunner().invoke(main, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def test_its_ltv_is_that_worked_by_hand(store: toy.Store) -> None:
    """The same ten customers as in test_cli.py: VIP 900, middle 400, economy 100, all 350."""
    told = json.loads(run("report", URI, *AS_OF, "--format", "json").stdout)
    assert {row["tier"]: (row["customers"], row["ltv"]) for row in told["rows"]} == {
        "VIP": (2, pytest.approx(900)),
        "middle": (3, pytest.approx(400)),
        "economy": (5, pytest.approx(100)),
    }
    assert told["base"]["ltv"] == pytest.approx(350)
    assert told["base"]["ltv_se"] == pytest.approx(sqrt(990_000 / 9 / 10))
    assert told["base"]["ltv_at"] == {"1": 155.0, "3": 305.0, "6": 350.0, "12": None}
    assert told["quality"]["rows_read"] == 23


@pytest.mark.parametrize("command", ["report", "cohorts", "retention", "check", "report --by channel"])
def test_every_figure_is_that_of_the_database(store: toy.Store, tmp_path: Path, command: str) -> None:
    name, *more = command.split()
    code = int(name == "check")  # a date of the corner shop cannot be read
    corner = corner_shop(tmp_path)
    of_toy, of_file = (
        json.loads(run(name, shop, *more, "--format", "json", code=code).stdout) for shop in (URI, corner)
    )
    assert of_toy == of_file


def test_no_secret_is_told_or_kept(store: toy.Store, tmp_path: Path) -> None:
    told = run("report", URI).output + run("check", URI, code=1).output + run("config", URI, "--write").output
    told += run("report", URI, "--orders", "nowhere", code=2).output
    request = OpenRequest(URI)
    opened = open_shop(request)
    told += repr(request) + repr(request.locator) + request.name + " ".join(opened.notices)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept, "the mapping is saved"
    told += "".join(f"{path} {path.read_text('utf-8', 'replace')}" for path in kept)
    assert "geheim" not in told
    assert (request.name, request.path) == (MASKED, None)


def test_a_new_password_leads_to_what_was_saved(store: toy.Store) -> None:
    run("config", URI, "--write")
    other = OpenRequest(URI.replace("geheim", "anders"))
    assert other.saved() is not None
    assert other.shop_key == OpenRequest(URI).shop_key
    assert other.shop_key != OpenRequest(URI.replace("corner", "other")).shop_key


def test_it_is_watched(store: toy.Store) -> None:
    request = OpenRequest(URI)
    with closing(Live(request, open_shop(request))) as live:
        live.poll(lambda: False)
        orders = store.state.tables["orders"]
        before = live.shop.cleaned.orders.height
        further = orders.head(1).with_columns(order_id=pl.lit(1_000).cast(orders.schema["order_id"]))
        store.put("orders", pl.concat([orders, further]))
        grown = live.poll(lambda: False)
        assert grown is not None
        assert grown.dataset.cleaned.orders.height == before + 1
        assert live.poll(lambda: False) is None


def test_a_file_shop_has_contacts_too(tmp_path: Path) -> None:
    rows = ["id,customer_id,email,ordered_at,amount"]
    rows += [f"{n},c{n % 3},c{n % 3}@example.com,2024-0{1 + n % 4}-01,10" for n in range(12)]
    path, out = tmp_path / "orders.csv", tmp_path / "list.csv"
    path.write_text("\n".join(rows), "utf-8")
    request = OpenRequest(path)
    opened = open_shop(request)
    to = Destination(out, request.path)
    done = write_audience(
        opened.dataset.snapshot(opened.query),
        request,
        opened.mapping,
        AudienceOptions("google"),
        to,
        lambda *_: None,
        lambda: False,
    )
    assert done.rows == 3


@pytest.mark.parametrize(
    ("uri", "name", "path"),
    [
        ("shop.db", "shop.db", "shop.db"),
        ("/data/my shop.db", "my shop.db", "/data/my shop.db"),
        ("sqlite:///shop.db", "shop.db", "shop.db"),
        ("sqlite:////data/shop.db", "shop.db", "/data/shop.db"),
        ("SQLite:///shop.db", "shop.db", "shop.db"),
        ("file:///data/my%20orders.csv", "my orders.csv", "/data/my orders.csv"),
        ("file://localhost/data/orders.csv", "orders.csv", "/data/orders.csv"),
        ("postgresql://u:geheim@h/db", "postgresql://u@h/db", None),
        ("mysql://u:geheim@h/db", "mysql://u:…@h/db", None),
        ("C:/data/shop.db", "shop.db", "C:/data/shop.db"),
    ],
)
def test_what_a_uri_names(uri: str, name: str, path: str | None) -> None:
    found = locate(uri)
    assert (found.name, found.path) == (name, None if path is None else Path(path))
    assert "geheim" not in repr(found) + found.masked


@pytest.mark.parametrize("uri", ["sqlite://", "sqlite://shop.db", "sqlite:///", "file://host/shop.db", "file://"])
def test_a_uri_of_a_file_without_one_is_refused(uri: str) -> None:
    with pytest.raises(LtvError, match="names no file") as caught:
        locate(uri)
    assert caught.value.exit_code == 2


def test_a_scheme_that_nobody_opens_is_refused_without_its_password() -> None:
    with pytest.raises(LtvError, match="no source of the kind mysql") as caught:
        source_at(locate("mysql://u:geheim@h/db"))
    assert caught.value.exit_code == 2
    assert "geheim" not in f"{caught.value.what} {caught.value.mend}"


def test_uris_of_files_give_the_figures_of_their_paths(tmp_path: Path) -> None:
    corner = corner_shop(tmp_path)
    known = run("report", corner, "--format", "json").stdout
    for uri in (f"sqlite:///{corner}", f"file://{corner}"):
        assert run("report", uri, "--format", "json").stdout == known
        assert OpenRequest(uri).shop_key == OpenRequest(corner).shop_key


def test_a_shop_that_is_not_there_is_told_without_its_password() -> None:
    told = run("report", "toy://ann:geheim@memory/nowhere", code=2).output
    assert "There is no shop toy://ann:…@memory/nowhere." in told
    assert "geheim" not in told
