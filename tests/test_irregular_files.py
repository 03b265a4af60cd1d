"""Pipes, devices, sockets and folders where a file is wanted: told at once, and never waited for."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import forked
import pytest

from ltvtui.errors import LtvError
from ltvtui.storage.regular_file import read_text, refuse_irregular

ORDERS = "order_id,customer,date,amount\n1,ann,2024-01-05,10\n2,bob,2024-02-06,20\n3,ann,2024-03-07,30\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A shop, and what is no file."""
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe", "pipe.csv", "pipe.xlsx", "pipe.jsonl", "pipe.parquet", "pipe.sqlite", "pipe.toml"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "link.csv").symlink_to("pipe.csv")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(tmp_path)  # the name of a socket may not be long
        try:
            listening.bind("socket.csv")
        finally:
            os.chdir(before)
        yield tmp_path


def told(folder: Path, words: str) -> str:
    """What `ltvtui` says when it gives up, in a process that is killed where it waits."""
    names = {f"LTVTUI_{name}_DIR": str(folder / name) for name in ("CONFIG", "CACHE", "DATA")}
    done = forked.run(*words.split(), cwd=folder, env={**os.environ, **names})
    assert done.returncode in (1, 2), done.stderr
    assert len(done.stderr.splitlines()) == 2, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("report pipe.csv", "pipe.csv is a pipe, not a file."),
        ("report pipe", "pipe is a pipe, not a file."),
        ("check link.csv", "link.csv is a pipe, not a file."),
        ("open pipe.sqlite", "pipe.sqlite is a pipe, not a file."),
        ("report socket.csv", "socket.csv is a socket, not a file."),
        ("report loop.csv", "loop.csv is a link to itself."),
        ("report folder.csv", "The folder folder.csv holds no table."),
        ("config /dev/zero", "/dev/zero is a device, not a file."),
        ("report orders.csv --config pipe.toml", "pipe.toml is a pipe, not a file."),
        ("config orders.csv --write --config pipe.toml", "pipe.toml is a pipe, not a file."),
        ("report orders.csv --rfm-names pipe.toml", "pipe.toml is a pipe, not a file."),
        ("budget orders.csv --spend pipe.csv", "pipe.csv is a pipe, not a file."),
        ("budget orders.csv --spend ./folder.csv", "folder.csv is a folder, not a file."),
        ("budget orders.csv --spend zero.csv", "zero.csv is a device, not a file."),
        ("import pipe.xlsx --into new.sqlite", "pipe.xlsx is a pipe, not a file."),
        ("import orders.csv --into pipe.sqlite", "pipe.sqlite is not a file."),
        ("export orders.csv --to pipe.csv --force", "pipe.csv is not a file."),
        ("feed pipe.sqlite", "pipe.sqlite is not a regular file."),
    ],
)
def test_it_is_told_at_once(folder: Path, words: str, what: str) -> None:
    assert f"ltvtui: {what}" in told(folder, words)


@pytest.mark.parametrize("name", ["pipe.csv", "pipe.jsonl", "socket.csv", "zero.csv", "folder.csv", "loop.csv"])
def test_nothing_is_opened(folder: Path, name: str) -> None:
    with pytest.raises(LtvError) as caught:
        refuse_irregular(folder / name)
    assert caught.value.exit_code == 2
    with pytest.raises(LtvError):
        read_text(folder / name)


def test_what_is_not_there_is_left_to_others(folder: Path) -> None:
    refuse_irregular(folder / "nowhere")
    refuse_irregular(folder / "orders.csv")
    refuse_irregular(Path("a\0b"))
    with pytest.raises(FileNotFoundError):
        read_text(folder / "nowhere")


def test_a_small_file_is_read_in_one_state(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "names.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert read_text(path) == "a = 1\nb = 2\n"
    stat, calls = os.fstat, [0]

    def written_to(descriptor: int) -> os.stat_result:
        calls[0] += 1
        if calls[0] == 2:  # after it was read, before it is looked at again
            path.write_text("a = 3\n")
        return stat(descriptor)

    monkeypatch.setattr(os, "fstat", written_to)
    with pytest.raises(LtvError, match=r"names\.toml was changed while it was being read"):
        read_text(path)
