"""Other processes that write to a shop while it is read: locks of one's own process would not hold them up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BEGIN = """
import os, shutil, signal, sqlite3, sys, time
from itertools import cycle
path = sys.argv[1]
"""
READY = "print('ready', flush=True)\n"

STATES = (
    BEGIN
    + """
shop = sqlite3.connect(path, timeout=60, isolation_level=None)
"""
    + READY
    + """
for state in cycle(map(int, sys.argv[3:])):
    shop.execute("BEGIN IMMEDIATE")
    shop.execute("UPDATE orders SET amount = order_id * ? % 97", (state,))
    shop.execute("UPDATE customers SET country = ?", (f"c{state}",))
    shop.execute("UPDATE spend SET amount = ?", (state,))
    shop.execute("COMMIT")
    time.sleep(float(sys.argv[2]))
"""
)
"""Brings the shop from one state to the next, round and round; each is one commit."""

MOVES = (
    BEGIN
    + """
import random
shop = sqlite3.connect(path, timeout=60, isolation_level=None)
last = shop.execute("SELECT max(order_id) FROM orders").fetchone()[0]
"""
    + READY
    + """
while True:
    shop.execute("BEGIN IMMEDIATE")
    for _ in range(10):
        one, other, amount = random.randint(1, last), random.randint(1, last), random.randint(1, 50)
        shop.execute("UPDATE orders SET amount = amount - ? WHERE order_id = ?", (amount, one))
        shop.execute("UPDATE orders SET amount = amount + ? WHERE order_id = ?", (amount, other))
    if len(sys.argv) > 2:  # and an order that changes no sum
        shop.execute("INSERT INTO orders SELECT max(order_id) + 1, 'new', '2024-03-01', 0 FROM orders")
    shop.execute("COMMIT")
    time.sleep(0.003)
"""
)
"""Moves amounts from order to order, so that their sum stays."""

OVERWRITES = (
    BEGIN
    + READY
    + """
for version in cycle(sys.argv[3:]):
    with open(path, "r+b") as file:
        file.write(open(version, "rb").read())
    time.sleep(float(sys.argv[2]))
"""
)
"""Writes one file after the other over the shop, without asking SQLite."""

HALF = (
    BEGIN
    + """
shop = sqlite3.connect(path, isolation_level=None)
shop.execute("PRAGMA cache_size = 5")
shop.execute("BEGIN IMMEDIATE")
shop.execute("UPDATE orders SET amount = amount + 1000")
"""
    + READY
    + """
time.sleep(600)
"""
)
"""Has written half of a transaction to the file when it is killed."""


@contextmanager
def writing(script: str, path: Path, *told: object) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs `script` beside the body."""
    command = [sys.executable, "-c", script, str(path), *map(str, told)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def run(script: str, path: Path) -> None:
    """Another process that runs `script` to its end."""
    subprocess.run([sys.executable, "-c", BEGIN + script, str(path)], check=True)
