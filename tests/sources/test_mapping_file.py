"""The mapping on disk: what is written is read back, and what is wrong is named."""

from __future__ import annotations

import dataclasses
import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.errors import LtvError
from ltvtui.sources.mapping import Attribute, ChannelColumn, CustomerTable, Mapping, SpendTable
from ltvtui.sources.mapping_file import SavedMapping, dump, load, mapping_path, save

FULL = Mapping(
    orders="Orders",
    customer="CustomerID",
    date="Date",
    amount='"Order Details".UnitPrice * Quantity',
    order_id="OrderID",
    date_formats=("iso", "mdy"),
    lines="Order Details",
    lines_order_id="OrderID",
    status="Status",
    currency="Currency",
    rate="Rate",
    margin="Margin",
    cost="Cost",
    refund_of="Refund",
    attributes=(Attribute("channel", "Channel"), Attribute("first category", 'Ca"tegory')),
    customers=CustomerTable("C", "id", "a || ' ' || b", "mail", "born", (Attribute("country", "Land"),)),
    spend=SpendTable("costs", "dt", None, "costs"),
)


def test_everything_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "conf" / "shop.toml"
    save(path, SavedMapping(FULL, {"negative": "net", "statuses": ["void"]}, {"currency": "EUR"}))
    assert load(path) == SavedMapping(FULL, {"negative": "net", "statuses": ["void"]}, {"currency": "EUR"})


def test_the_file_is_for_its_owner_and_leaves_no_scraps(tmp_path: Path) -> None:
    path = tmp_path / "conf" / "shop.toml"
    os.umask(old := os.umask(0))
    save(path, SavedMapping(FULL))
    save(path, SavedMapping(dataclasses.replace(FULL, status=None)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700 & ~old
    assert [entry.name for entry in path.parent.iterdir()] == ["shop.toml"]
    loaded = load(path)
    assert loaded is not None
    assert loaded.mapping.status is None


def test_the_text_explains_itself_and_is_plain_toml() -> None:
    text = dump(SavedMapping(FULL, {"negative": "net"}))
    assert "# date of the order" in text
    assert tomllib.loads(text)["customers"]["attributes"] == {"country": "Land"}


def test_no_file_is_none(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml") is None


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shop.toml"
    save(path, SavedMapping(FULL))
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(LtvError, match="No space left"):
        save(path, SavedMapping(dataclasses.replace(FULL, orders="other")))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


BASE = '[mapping]\norders = "o"\ncustomer = "c"\ndate = "d"\namount = "a"\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[mapping", "TOML"),
        ("x = 1\n" + BASE, "[x]"),
        ('[mapping]\norders = "o"\ncustomer = "c"\ndate = "d"\n', "mapping.amount"),
        (BASE.replace('"a"', "7"), "mapping.amount"),
        (BASE.replace('"a"', '" "'), "mapping.amount"),
        (BASE + 'ammount = "x"\n', "mapping.ammount"),
        (BASE + "date_formats = [1]\n", "mapping.date_formats"),
        (BASE + "attributes = 3\n", "mapping.attributes"),
        (BASE + "[mapping.attributes]\ncountry = 3\n", "mapping.attributes"),
        (BASE + '[customers]\ntable = "t"\n', "customers.key"),
        (BASE + '[spend]\ntable = "t"\ndate = "d"\n', "spend.amount"),
        (BASE + '[spend]\ntable = "t"\ndate = "d"\ncolumns = 3\n', "spend.columns"),
        (BASE + '[spend]\ntable = "t"\ndate = "d"\nchannel = "c"\ncolumns = ["a"]\n', "either columns"),
        ("spend = 1\n" + BASE, "spend"),
        ("[shop]\na = 1\n", "[mapping]"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(text)
    with pytest.raises(LtvError) as caught:
        load(path)
    assert caught.value.exit_code == 2
    assert str(path) in caught.value.what
    assert key in caught.value.what


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(LtvError, match="UTF-8"):
        load(tmp_path / "shop.toml")


def test_each_database_has_its_own_file(tmp_path: Path) -> None:
    one = mapping_path(tmp_path, tmp_path / "a" / "shop.db")
    two = mapping_path(tmp_path, tmp_path / "b" / "shop.db")
    assert one != two
    assert one == mapping_path(tmp_path, tmp_path / "a" / "x" / ".." / "shop.db")
    assert one.parent == tmp_path
    assert one.name.startswith("shop-")
    assert one.suffix == ".toml"
    assert mapping_path(tmp_path, Path("/x/../we ird/é?.db")).name.isprintable()


def test_columns_of_channels_may_be_a_list(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(BASE + '[spend]\ntable = "t"\ndate = "d"\ncolumns = ["email", "ads"]\n')
    saved = load(path)
    assert saved is not None
    columns = (ChannelColumn("email", "email"), ChannelColumn("ads", "ads"))
    assert saved.mapping.spend == SpendTable("t", "d", None, None, columns)


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)
attributes = st.lists(st.builds(Attribute, words, words), max_size=4, unique_by=lambda a: a.name).map(tuple)
channel_columns = st.lists(
    st.builds(ChannelColumn, words, words), min_size=1, max_size=4, unique_by=lambda c: c.channel
).map(tuple)
mappings = st.builds(
    Mapping,
    orders=words,
    customer=words,
    date=words,
    amount=words,
    order_id=st.none() | words,
    date_formats=st.lists(st.sampled_from(["iso", "mdy"]), unique=True).map(tuple),
    lines=st.none() | words,
    lines_order_id=st.none() | words,
    status=st.none() | words,
    currency=st.none() | words,
    rate=st.none() | words,
    margin=st.none() | words,
    cost=st.none() | words,
    refund_of=st.none() | words,
    attributes=attributes,
    customers=st.none()
    | st.builds(
        CustomerTable,
        words,
        words,
        st.none() | words,
        st.none() | words,
        st.none() | words,
        attributes,
    ),
    spend=st.none()
    | st.builds(SpendTable, words, words, st.none() | words, words)
    | st.builds(SpendTable, words, words, st.none(), st.none(), channel_columns),
)


@given(mappings, st.dictionaries(st.text(st.characters(codec="ascii")), st.integers(0, 9), max_size=3))
def test_any_mapping_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, mapping: Mapping, free: dict[str, int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.toml"
    save(path, SavedMapping(mapping, shop=free))
    assert load(path) == SavedMapping(mapping, {}, free)


def test_rows_above_the_header_come_back(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    save(path, SavedMapping(FULL, skip_rows=3))
    assert load(path) == SavedMapping(FULL, skip_rows=3)
    assert tomllib.loads(path.read_text())["file"] == {"skip_rows": 3}


@pytest.mark.parametrize("line", ["skip_rows = -1", "skip_rows = true", 'skip_rows = "2"', "rows = 2"])
def test_rows_that_cannot_be_are_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(dump(SavedMapping(FULL)) + f"\n[file]\n{line}\n")
    with pytest.raises(LtvError, match=r"file\.(skip_)?rows"):
        load(path)
