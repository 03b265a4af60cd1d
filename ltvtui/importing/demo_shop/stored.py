"""The demo shop of the installed command, where the user's data are."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.importing.demo_shop.plan import plan_shop
from ltvtui.importing.demo_shop.write import check_may_write, write_shop

CUSTOMERS: Final = 20_000
SEED: Final = 7
LAST_DAY: Final = date(2026, 6, 30)
"""As `make demo` has them: everybody sees the same shop."""


def make(path: Path) -> None:
    """Write the demo shop, in place of an earlier one.

    LtvError: exit code 2 where something else is there, 1 where it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_may_write(path)
        write_shop(path, plan_shop(CUSTOMERS, SEED, LAST_DAY))
    except (OSError, sqlite3.OperationalError) as error:
        why = getattr(error, "strerror", None) or error
        mend = "Check free space and permissions, or set LTVTUI_DATA_DIR to another folder."
        raise LtvError(f"The demo shop {path} cannot be written ({why}).", mend) from error
