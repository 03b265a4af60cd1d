"""Real shops, and sides of customers by what their ids begin with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from real_shops import DATA, read_dataset, unpacked

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.comparison.sides import Sides, sides_of
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.session.dataset import Dataset


@pytest.fixture(scope="session")
def real_dataset(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Dataset]:
    """The dataset of a real shop, read once."""
    if not DATA.is_dir():
        pytest.skip(f"the real shops are not at hand: {DATA}")
    folder = tmp_path_factory.mktemp("comparison")
    datasets: dict[str, Dataset] = {}

    def dataset(name: str) -> Dataset:
        if name not in datasets:
            datasets[name] = read_dataset(unpacked(name, folder), name, CleaningPolicy())
        return datasets[name]

    return dataset


@pytest.fixture(scope="session")
def sides_by_id() -> Callable[[Snapshot, str, str], Sides]:
    """The sides of customers whose id begins with one of the letters of `a`, and of `b`."""

    def sides(snapshot: Snapshot, a: str, b: str) -> Sides:
        begins = snapshot.described["id"].str.slice(0, 1)
        return sides_of(begins.is_in(list(a)), begins.is_in(list(b)))

    return sides
