"""Real shops that lie beside the project: read into datasets, for tests that hold figures against published ones."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.session.dataset import Dataset, build_dataset
from ltvtui.sources.detection.detect import propose
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.read import read
from ltvtui.sources.sqlite.database import SqliteDatabase

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FAR_FUTURE = 47_482
"""2100-01-01."""

SHOPS = {
    "cdnow_sample": ("cdnow", "CDNOW_sample"),
    "cdnow_master": ("cdnow", "CDNOW_master"),
    "rfm_orders": ("rfm_orders", None),
    "uci": ("uci_online_retail", None),
    "yandex_afisha": ("yandex_afisha", None),
    "chinook": ("chinook", None),
    "northwind": ("northwind", None),
}
"""File and table of each."""


def unpacked(name: str, folder: Path) -> Path:
    """The database of a shop; one that is packed is unpacked into `folder`, once."""
    file, _ = SHOPS[name]
    plain = DATA / f"{file}.sqlite"
    if plain.exists():
        return plain
    target = folder / plain.name
    if not target.exists():
        with gzip.open(DATA / f"{file}.sqlite.gz") as packed, target.open("wb") as out:
            shutil.copyfileobj(packed, out)
    return target


def read_dataset(path: Path, name: str, policy: CleaningPolicy) -> Dataset:
    """The dataset of a shop in the database `path`."""
    with SqliteDatabase.open(path) as database:
        shop = read(database, propose(database, Overrides(orders=SHOPS[name][1])).demand())
    return build_dataset(shop.rows, shop.people, shop.spend, policy, FAR_FUTURE)
