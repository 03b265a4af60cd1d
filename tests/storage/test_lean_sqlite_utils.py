"""Opening a shop imports no pandas, where there is one."""

from __future__ import annotations

import subprocess
import sys

from shops import ROOT

SAYS = """
import sys
from ltvtui.storage.lean_sqlite_utils import load_database, load_migrations
print(load_database().__name__, load_migrations().__name__, "pandas" in sys.modules)
import pandas
print(pandas.__name__)
"""


def test_sqlite_utils_come_without_pandas_which_can_be_imported_afterwards() -> None:
    done = subprocess.run([sys.executable, "-c", SAYS], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["Database", "Migrations", "False", "pandas"]
