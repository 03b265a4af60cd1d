"""Commands read of a large shop what they need, answer, and read the rest for the cache alone: the same figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from shops import LARGE_SHOP, build

from ltvtui.cli import main
from ltvtui.session import dataset_cache, open_dataset
from ltvtui.sources import read as reading
from ltvtui.sources.needed_columns import NeededColumns

AT_ONCE = "UPDATE orders SET day = date(1.5e9 + substr(customer_id, 2) * 86400, 'unixepoch');"
TIES = LARGE_SHOP.format(status="NULL") + AT_ONCE
"""All orders of a customer on one day: only ids tell which of them was the first."""
FALLING = TIES.replace("order_id INTEGER PRIMARY KEY", "order_id INTEGER PRIMARY KEY DESC").replace(
    "SELECT i, 'C'", "SELECT 30001 - i, 'C'"
)
"""With ids that fall from row to row: a key written so is none of the row ids."""
COMMANDS = (
    ("report", "--by", "tier"),
    ("report", "--by", "channel"),
    ("report", "--by", "Category,tier"),
    ("report", "--by", "first month", "--format", "json"),
    ("report", "--where", "channel = c1 and orders >= 2"),
    ("report", "--ages", "--as-of", "2019-01-01"),
    ("cohorts",),
    ("cohorts", "--by", "channel", "--metric", "revenue"),
    ("retention", "--by", "category"),
)


def said(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def read_parts(monkeypatch: pytest.MonkeyPatch) -> list[NeededColumns]:
    """Shops of any size are large; and what was read first of each."""
    needs: list[NeededColumns] = []
    first = reading.read_first

    def noted(database, mapping, needed, **how):  # type: ignore[no-untyped-def]
        shop = first(database, mapping, needed, **how)
        needs.extend([needed] if shop is not None else [])
        return shop

    monkeypatch.setattr(open_dataset, "read_first", noted)
    monkeypatch.setattr(reading, "WAITS_FROM", 0)
    return needs


def whole(monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str, str]:
    with monkeypatch.context() as patch:
        patch.setattr(reading, "WAITS_FROM", 10**9)
        return said(*words)


@pytest.mark.parametrize("shop", [LARGE_SHOP.format(status="NULL"), TIES, FALLING], ids=["plain", "ties", "falling"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_part_says_what_the_whole_says(
    words: tuple[str, ...],
    shop: str,
    tmp_path: Path,
    read_parts: list[NeededColumns],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command, *more = words
    call = (command, str(build(tmp_path, shop)), *more, "--no-cache")
    expected = whole(monkeypatch, *call)
    assert expected[0] == 0, expected
    assert said(*call) == expected
    mentioned = " ".join(words).lower()
    needed = {name for name in ("channel", "category") if name in mentioned}
    needed |= {"channel"} if command == "report" else set()
    assert [part.attributes for part in read_parts] == ([] if len(needed) == 2 else [needed])


def test_an_export_of_a_few_columns(
    tmp_path: Path, read_parts: list[NeededColumns], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, paths = str(build(tmp_path, TIES)), (tmp_path / "part.csv", tmp_path / "whole.csv")
    call = ("export", shop, "--columns", "id,revenue,category", "--no-cache", "--to")
    assert said(*call, str(paths[0]))[0] == 0
    assert whole(monkeypatch, *call, str(paths[1]))[0] == 0
    assert paths[0].read_text("utf-8") == paths[1].read_text("utf-8")
    assert [needed.attributes for needed in read_parts] == [{"category"}]


def test_where_attributes_decide_which_order_was_the_first_all_are_read(
    tmp_path: Path, read_parts: list[NeededColumns], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = TIES.replace("order_id INTEGER PRIMARY KEY", "order_id INTEGER UNIQUE")
    shop += "UPDATE orders SET order_id = NULL WHERE order_id % 2;"
    call = ("report", str(build(tmp_path, shop)), "--by", "channel", "--no-cache")
    expected = whole(monkeypatch, *call)
    assert said(*call) == expected
    assert read_parts == []


def test_a_mistake_is_told_of_the_whole_shop(
    tmp_path: Path, read_parts: list[NeededColumns], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = ("report", str(build(tmp_path, LARGE_SHOP.format(status="NULL"))), "--by", "chanel", "--no-cache")
    expected = whole(monkeypatch, *call)
    assert expected[0] == 2
    assert said(*call) == expected
    assert len(read_parts) == 1


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_cache, "LEAST_ROWS", 0)
    monkeypatch.setattr(open_dataset, "LEAST_ROWS", 0)


@pytest.mark.usefixtures("cached")
def test_the_rest_is_kept_behind_the_answer(
    tmp_path: Path, read_parts: list[NeededColumns], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = str(build(tmp_path, LARGE_SHOP.format(status="NULL")))
    first = said("report", shop, "--by", "tier")
    assert first[0] == 0
    assert [needed.attributes for needed in read_parts] == [{"channel"}]
    assert said("report", shop, "--by", "tier") == first  # from the cache, as nothing is read
    assert len(read_parts) == 1
    by_category = ("report", shop, "--by", "category")
    assert said(*by_category) == whole(monkeypatch, *by_category, "--no-cache")
    assert len(read_parts) == 1


@pytest.mark.usefixtures("cached", "read_parts")
@pytest.mark.parametrize("stop", [KeyboardInterrupt, None], ids=["Ctrl-C", "a writer"])
def test_what_goes_wrong_behind_the_answer_loses_the_cache_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException] | None
) -> None:
    from ltvtui.errors import LtvError

    def fail(*_: object, **__: object) -> object:
        raise stop or LtvError("The database is locked.", "Try again.")

    monkeypatch.setattr(open_dataset, "read_rest", fail)
    shop = str(build(tmp_path, LARGE_SHOP.format(status="NULL")))
    expected = whole(monkeypatch, "report", shop, "--by", "tier", "--no-cache")
    code, out, err = said("report", shop, "--by", "tier")
    assert (out, err.replace("\n", "")) == (expected[1], expected[2].replace("\n", ""))
    assert code == (130 if stop else 0)


def test_what_is_answered_is_not_read_to_its_end(
    tmp_path: Path, read_parts: list[NeededColumns], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> object:
        raise AssertionError("the rest is of no use")

    monkeypatch.setattr(open_dataset, "read_rest", never)
    assert said("report", str(build(tmp_path, LARGE_SHOP.format(status="NULL"))), "--no-cache")[0] == 0
    assert len(read_parts) == 1
