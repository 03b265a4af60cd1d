"""Small shops, written down row by row."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import pytest

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # small frames: more would only wait for each other (test_threads)

import polars as pl
from effort import EFFORT, examples
from hypothesis import settings

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.schema import MONEY_SCALE, PEOPLE_OPTIONAL, ROW_OPTIONAL, ROW_REQUIRED
from ltvtui.session.dataset import Dataset, build_dataset

# A slow machine is no failure, and a failure is the same everywhere; who looks for more looks elsewhere each time.
settings.register_profile("steady", deadline=None, derandomize=EFFORT <= 1, max_examples=examples(100))
settings.load_profile("steady")

SLOW = frozenset(
    {
        *("test_bench", "test_streams", "test_killed", "test_full_disk", "test_irregular_files", "test_quitting"),
        *("test_no_place_to_keep", "test_file_as_shop", "test_one_state", "test_live", "test_early_figures"),
        *("test_dataset_cache", "test_whole_or_not_at_all", "test_cache", "test_pages", "test_typed_reading"),
        *(
            "test_laws",
            "test_slow_path",
            "test_growth",
            "test_periods",
            "test_survival",
            "test_shops",
            "test_cohorts",
            "test_forecast_figures",
            "test_comparison_figures",
            "test_comparison_laws",
        ),
        *(
            "test_value_cases",
            "test_postgres_contract",
            "test_postgres_reports",
            "test_postgres_access",
            "test_postgres_kept",
            "test_postgres_types",
            "test_export_cases",
            "test_date_spellings",
            "test_by_content",
            "test_shapes_of_exports",
        ),
        *("test_cli", "test_cli_budget", "test_cli_import", "test_cli_doubts", "test_budget", "test_docs"),
        *("test_cli_forecast", "test_terms_and_memory", "test_forecast_of_people", "test_repeat_model"),
        *("test_structure_cases", "test_forecast_trials", "test_windows", "test_locks", "test_stored_values"),
        *(
            "test_headline_truth",
            "test_endless",
            "test_threads",
            "test_live_mishaps",
            "test_generate",
            "test_reading",
        ),
    }
)
"""Modules that start processes, hold long laws or read real shops; all that drive the screen are slow too."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make quick` leaves out."""
    for item in items:
        if item.path.stem in SLOW or item.path.parent.name == "tui":
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """What is alive now stays so: looking for garbage in it, again and again, took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Garbage is looked for once: pytest does so five times more, which finds little in what all tests left."""
    gc.collect()
    gc.freeze()


LATE = 100_000
"""A day later than any in the tests."""


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that a test opens is kept among the user's own shops."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LTVTUI_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("LTVTUI_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


Sale = tuple[Any, ...]
"""(customer, day as a number or an ISO date, amount in currency units), and a dict of what else the row says."""


def day_number(day: int | str | None) -> int | None:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days if isinstance(day, str) else day


def _money(amount: float | None) -> int | None:
    return None if amount is None else round(amount * MONEY_SCALE)


def _rows(sales: Iterable[Sale]) -> pl.DataFrame:
    known = {**ROW_REQUIRED, **ROW_OPTIONAL}
    records: list[dict[str, Any]] = []
    for customer, day, amount, *more in sales:
        said = dict(more[0]) if more else {}
        if "margin" in said:
            said["margin"] = _money(said["margin"])
        records.append(
            {"customer_id": customer, "day": day_number(day), "second": 0, "amount": _money(amount), **said}
        )
    columns = {name for record in records for name in record} | set(ROW_REQUIRED)
    schema = {name: dtype for name, dtype in known.items() if name in columns}
    schema |= {name: pl.String() for name in sorted(columns - set(schema))}
    return pl.DataFrame(records, schema=schema)


def _people(records: Iterable[dict[str, Any]]) -> pl.DataFrame:
    listed = [{**r, **({"birth_day": day_number(r["birth_day"])} if "birth_day" in r else {})} for r in records]
    columns = {name: None for record in listed for name in record}
    types = {"customer_id": pl.String(), **PEOPLE_OPTIONAL}
    return pl.DataFrame(listed, schema={name: types.get(name, pl.String()) for name in columns})


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Iterable[Sale]], pl.DataFrame]:
    """Rows as a source gives them."""
    return _rows


@pytest.fixture(scope="session")
def dataset_of() -> Callable[..., Dataset]:
    """The dataset of a shop that sold this; `people` as dicts with customer_id."""

    def make(
        sales: Iterable[Sale],
        people: Iterable[dict[str, Any]] | None = None,
        policy: CleaningPolicy | None = None,
        today: int = LATE,
    ) -> Dataset:
        known = None if people is None else _people(people)
        return build_dataset(_rows(sales), known, None, policy or CleaningPolicy(), today)

    return make
