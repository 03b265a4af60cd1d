"""One file with tables, of which a private database is made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ltvtui.errors import LtvError
from ltvtui.sources.base import Progress, Stop
from ltvtui.sources.files.bulk_load import fill_fresh
from ltvtui.sources.files.loads import APPEND, plan_loads
from ltvtui.sources.files.tables import HEADED, sheets_of
from ltvtui.sources.layout import AS_FOUND, Layout
from ltvtui.sources.sqlite.file_version import version_of


@dataclass(frozen=True)
class TableFile:
    """A file of rows, or a workbook with several tables."""

    path: Path
    layout: Layout = AS_FOUND

    @property
    def key(self) -> tuple[str, ...]:
        """The layout: under another one it holds other tables."""
        return (repr(self.layout),)

    @property
    def is_headed(self) -> bool:
        """As its ending says."""
        return self.path.suffix.lower() in HEADED

    @property
    def size(self) -> int:
        """Of the file."""
        return self.path.stat().st_size

    def version(self) -> str:
        """The state of the file."""
        return state_of(self.path)

    def fill(self, database: Path, progress: Progress, stopped: Stop) -> list[str]:
        """All its tables. A sheet that cannot be read is left out where another one can."""
        how = self.layout
        sheets = sheets_of(self.path, how.encoding, stopped, skip=how.skip_rows, strict=False, header=how.header)
        if not sheets:
            raise LtvError(f"{self.path.name} is empty.", "Name the file that holds the orders.")
        loads = plan_loads(sheets, None, APPEND, stopped)
        fill_fresh(database, loads, progress, stopped)
        return [notice for load in loads for notice in load.notices]


def state_of(path: Path) -> str:
    """The state of one file, as text. LtvError (exit code 1) where it cannot be read."""
    try:
        return json.dumps(version_of(path).as_json())
    except OSError as error:
        raise LtvError(f"{path.name} cannot be read: {error.strerror or error}.", "Check its permissions.") from error
