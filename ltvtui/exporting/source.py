"""The rows that are to leave, which tell how far they are and hear when they are not wanted any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ltvtui.exporting.values import chunks, schema_of
from ltvtui.present.tables import Table

Progress = Callable[[int, int], None]
"""Called with rows written and rows in all."""
Stop = Callable[[], bool]
"""Whether to leave everything as it was."""


class Stopped(Exception):
    """The caller asked to write no further."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a table on their way."""

    table: Table
    progress: Progress
    stop: Stop

    @cached_property
    def schema(self) -> dict[str, pl.DataType]:
        """Types by heading."""
        return schema_of(self.table)

    def chunks(self) -> Iterator[pl.DataFrame]:
        """All rows, some at a time; at least one frame. Raises Stopped."""
        done = 0
        for chunk in chunks(self.table):
            self.check()
            yield chunk
            done += chunk.height
            self.progress(done, self.table.height)
        self.check()

    def check(self) -> None:
        """Raises Stopped where nothing is wanted any more."""
        if self.stop():
            raise Stopped
