"""Exports replace a file whole or leave it: when stopped, killed, refused, out of room."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import forked
import polars as pl
import pytest
from exports_of import exported, refused
from shops import build

from ltvtui.errors import LtvError
from ltvtui.exporting.destination import Destination
from ltvtui.exporting.formats import FORMATS, format_of
from ltvtui.exporting.source import Stopped
from ltvtui.exporting.writing import write
from ltvtui.present.tables import Column, Table
from ltvtui.storage.atomic_file import atomic_write, write_private

ENDINGS = {"csv": "csv", "parquet": "parquet", "xlsx": "xlsx", "jsonl": "jsonl", "markdown": "md", "sqlite": "sqlite"}
PATIENCE = 60.0
"""Seconds until a child that says nothing is an error."""

HALF = """
import select
import sys
from pathlib import Path
import polars as pl
from ltvtui.exporting.destination import Destination
from ltvtui.exporting.formats import format_of
from ltvtui.exporting.writing import write
from ltvtui.present.tables import Column, Table

def wait(done, total):
    if done * 2 >= total:
        print("half", flush=True)
        while not select.select([sys.stdin], [], [], 0.05)[0]:  # any thread may be the one that a signal reaches
            pass

path = Path(sys.argv[1])
rows = Table(pl.DataFrame({"n": range(100_000)}), (Column("n", "n", "count"),))
to = Destination(path, path.with_name("shop"), replace=True, table="t")
write(rows, to, format_of(path), wait, lambda: False)
"""
"""Writes half of a hundred thousand rows, says so, and waits to be killed."""


def table(rows: int) -> Table:
    return Table(pl.DataFrame({"n": range(rows)}), (Column("n", "n", "count"),))


def place(path: Path, replace: bool = True) -> Destination:
    return Destination(path, path.with_name("shop"), replace, "t")


def send(rows: int, path: Path, replace: bool = True) -> None:
    write(table(rows), place(path, replace), format_of(path), lambda done, total: None, lambda: False)


def rows_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])


def seen(folder: Path) -> list[str]:
    """Names of files that a person sees."""
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


def killed_half_way(path: Path) -> None:
    with forked.Child(path, code=HALF) as child:
        assert child.stdout.readline() == "half\n"
        child.send_signal(signal.SIGKILL)
        assert child.wait(PATIENCE) == -signal.SIGKILL


@pytest.mark.parametrize("ending", [e for e in ENDINGS.values() if e != "sqlite"])
def test_a_process_that_is_killed_leaves_the_old_file(out: Path, ending: str) -> None:
    path = out / f"x.{ending}"
    send(3, path)
    before = path.read_bytes()
    killed_half_way(path)
    assert path.read_bytes() == before
    assert seen(out) == [path.name]
    assert len(list(out.iterdir())) > 1, "nothing was being written when it was killed"

    for part in out.iterdir():  # as if it had been killed an hour ago
        os.utime(part, (time.time() - 3_600,) * 2)
    send(4, path)
    assert [p.name for p in out.iterdir()] == [path.name]


def test_a_process_that_is_killed_leaves_no_new_file(out: Path) -> None:
    killed_half_way(out / "new.csv")
    assert seen(out) == []
    killed_half_way(out / "new.sqlite")
    assert seen(out) == []


def test_a_process_that_is_killed_leaves_the_old_table(out: Path) -> None:
    path = out / "x.sqlite"
    send(3, path)
    killed_half_way(path)
    assert rows_of(path) == 3  # SQLite takes back what was not committed
    send(4, path)
    assert rows_of(path) == 4


@pytest.mark.parametrize("ending", [e for e in ENDINGS.values() if e != "parquet"])  # rows are asked for elsewhere
def test_a_process_that_is_interrupted_leaves_nothing(out: Path, ending: str) -> None:
    with forked.Child(out / f"x.{ending}", code=HALF) as child:
        assert child.stdout.readline() == "half\n"
        child.send_signal(signal.SIGINT)  # Ctrl-C
        assert child.wait(PATIENCE) != 0
    assert list(out.iterdir()) == []


def test_the_part_of_a_living_writer_is_left_alone(out: Path) -> None:
    path = out / "x.csv"
    with atomic_write(path, replace=True) as part:
        part.write_text("mine")
        os.utime(part, (time.time() - 3_600,) * 2)
        send(3, path)
        assert part.exists()
    assert path.read_text() == "mine"


def test_other_hidden_files_are_left_alone(out: Path) -> None:
    for name in (".x.csv.bak", ".x.csv", ".y.csv.abc.ltvtui-part"):
        (out / name).write_text("not ours")
        os.utime(out / name, (0, 0))
    send(3, out / "x.csv")
    assert len(list(out.iterdir())) == 4


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_stopped_leaves_everything_as_it_was(out: Path, format: str) -> None:
    path = out / f"x.{ENDINGS[format]}"
    calls: list[int] = []
    for expected in ([], [path.name]):
        before = path.read_bytes() if expected else b""
        calls.clear()
        with pytest.raises(Stopped):
            write(table(50_000), place(path), format, lambda done, total: calls.append(done), lambda: bool(calls))  # type: ignore[arg-type]
        assert calls == [20_000]
        assert [p.name for p in out.iterdir()] == expected
        if not expected:
            send(3, path)
        else:
            assert path.read_bytes() == before


@pytest.mark.parametrize("ending", ENDINGS.values())
def test_nothing_is_replaced_that_nobody_said(corner: Path, out: Path, ending: str) -> None:
    path = out / f"x.{ending}"
    exported(corner, "--to", path)
    before = path.read_bytes()
    what, mend = refused(2, corner, "--to", path, "--where", "tier = VIP")
    assert "already" in what
    assert "--force" in mend
    assert path.read_bytes() == before
    assert exported(corner, "--to", path, "--where", "tier = VIP", "--force")[0].startswith("2 rows")
    assert path.read_bytes() != before
    assert [p.name for p in out.iterdir()] == [path.name]


def test_a_file_that_appears_meanwhile_is_left(out: Path) -> None:
    path = out / "x.csv"

    def interrupted() -> None:
        with atomic_write(path, replace=False) as part:
            part.write_text("mine")
            path.write_text("theirs")

    with pytest.raises(LtvError, match="created by another program"):
        interrupted()
    assert path.read_text() == "theirs"
    assert [p.name for p in out.iterdir()] == [path.name]


def test_a_table_goes_beside_others(corner: Path, out: Path) -> None:
    path = out / "mine.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            'CREATE TABLE notes (x); INSERT INTO notes VALUES (1); CREATE VIEW "best" AS SELECT 1;'
        )
    (told,) = exported(corner, "--to", path, "--table", 'VIP "people"', "--where", "tier = VIP")
    assert told.endswith('table VIP "people"')
    exported(corner, "--to", path)  # another table replaces nothing
    assert "'Customers'" in refused(2, corner, "--to", path, "--table", "Customers")[0]  # whatever the case
    assert "view 'best'" in refused(2, corner, "--to", path, "--table", "best", "--force")[0]
    assert refused(2, corner, "--to", path, "--table", "sqlite_master")[0]
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert tables == {"notes", 'VIP "people"', "customers"}
        assert connection.execute('SELECT sum(revenue), typeof(orders) FROM "VIP ""people"""').fetchone() == (
            1800.0,
            "integer",
        )


def test_a_file_that_is_no_database_gets_no_table(corner: Path, out: Path) -> None:
    (out / "x.db").write_text("a letter")
    assert "not an SQLite database" in refused(2, corner, "--to", out / "x.db", "--force")[0]
    assert (out / "x.db").read_text() == "a letter"


def test_the_shop_is_never_written_to(corner: Path, out: Path) -> None:
    before = corner.read_bytes()
    (out / "link.sqlite").symlink_to(corner)
    os.link(corner, out / "hard.csv")
    for path in (
        *(corner, out / "link.sqlite", out / "hard.csv"),
        *(corner.with_name(corner.name + end) for end in ("-wal", "-shm", "-journal")),
    ):
        for how in (("--format", "sqlite"), ("--format", "csv"), ("--audience", "google")):
            assert "belongs to the shop" in refused(2, corner, "--to", path, "--force", *how)[0]
    assert corner.read_bytes() == before


def unwritable(folder: Path) -> Path:
    """A folder in which nobody may write, root neither."""
    if os.geteuid() == 0:
        return Path("/proc/self")
    folder.chmod(0o500)
    return folder


@pytest.mark.parametrize("ending", ENDINGS.values())
def test_a_folder_that_may_not_be_written_to(corner: Path, out: Path, ending: str) -> None:
    folder = unwritable(out)
    what, mend = refused(1, corner, "--to", folder / f"x.{ending}")
    assert str(folder) in what
    assert mend


def test_a_name_as_long_as_a_name_can_be(out: Path) -> None:
    for name in ("я" * 125 + ".csv", "[*?]" * 50 + ".xlsx"):
        send(3, out / name)
        killed_half_way(out / name)
        for part in out.iterdir():
            os.utime(part, (time.time() - 3_600,) * 2)
        send(3, out / name)
    assert len(list(out.iterdir())) == 2


def test_places_that_are_none(corner: Path, out: Path) -> None:
    assert "no folder" in refused(2, corner, "--to", out / "nowhere" / "x.csv")[0]
    assert "is a folder" in refused(2, corner, "--to", out, "--format", "csv", "--force")[0]
    assert "is not a file" in refused(2, corner, "--to", "/dev/null", "--format", "csv", "--force")[0]


@pytest.mark.parametrize("ending", ENDINGS.values())
@pytest.mark.parametrize("there", [False, True])
def test_a_disk_that_is_full(tmp_path: Path, out: Path, ending: str, there: bool) -> None:
    people = ", ".join(f"('customer {n:05}', '2024-01-01', {n})" for n in range(2_000))
    shop = build(
        tmp_path,
        f"CREATE TABLE orders (customer_id TEXT, day TEXT, amount REAL); INSERT INTO orders VALUES {people};",
    )
    path = out / f"x.{ending}"
    if there:
        exported(shop, "--to", path, "--where", "revenue < 3")
    before = path.read_bytes() if there else b""
    done = forked.run("export", shop, "--to", path, "--force", "--no-cache", room=len(before) + 4_096)
    assert done.returncode == 1, done.stderr
    what, mend = done.stderr.strip().splitlines()
    assert f"{path} could not be written" in what
    assert "free space on its disk" in mend
    assert [p.name for p in out.iterdir()] == ([path.name] if there else [])
    if there:
        assert path.read_bytes() == before


def test_settings_are_written_as_before(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.toml"
    write_private(path, "one")
    write_private(path, "two")
    assert path.read_text() == "two"
    assert [p.name for p in path.parent.iterdir()] == ["b.toml"]
    shutil.rmtree(path.parent)
    path.parent.write_text("no folder")
    with pytest.raises(LtvError, match="could not be written"):
        write_private(path, "three")


def test_a_link_is_neither_replaced_nor_followed(tmp_path: Path) -> None:
    """What it leads to would stay as it was, and /dev/stdout would be gone."""
    shop = build(tmp_path, "CREATE TABLE orders (order_id, customer_id, day, amount); INSERT INTO orders VALUES"
                 " (1, 'a', '2024-01-01', 5), (2, 'b', '2024-01-02', 7);")  # fmt: skip
    real, link, dangling = tmp_path / "real.csv", tmp_path / "link.csv", tmp_path / "nowhere.csv"
    real.write_text("hello")
    link.symlink_to(real)
    dangling.symlink_to(tmp_path / "not there.csv")
    for path in (link, dangling):
        what, mend = refused(2, shop, "--to", path, "--force")
        assert what.endswith("is a link.")
        assert str(path.resolve()) in mend
        assert path.is_symlink()
    assert real.read_text() == "hello"
    what, _ = refused(2, shop, "--to", "-", "--format", "csv")
    assert "standard output" in what
    assert not (Path.cwd() / "-").exists()


def test_a_list_for_advertising_is_csv_by_its_name_too(tmp_path: Path) -> None:
    shop = build(tmp_path, "CREATE TABLE orders (order_id, customer_id, day, amount); INSERT INTO orders VALUES"
                 " (1, 'a', '2024-01-01', 5), (2, 'b', '2024-01-02', 7);")  # fmt: skip
    _, mend = refused(2, shop, "--to", tmp_path / "list.xlsx", "--audience", "google")
    assert ".csv" in mend
