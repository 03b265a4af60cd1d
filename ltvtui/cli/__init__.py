"""The command line, one file a command.

Heavy imports stand inside command bodies, so that --help answers at once.
"""

from ltvtui.cli import (
    budget,
    cache,
    check,
    cohorts,
    compare,
    completion,
    config,
    demo,
    drivers,
    export,
    feed,
    forecast,
    import_files,
    leads,
    migration,
    names,
    notes,
    open_shop,
    plan,
    portrait,
    report,
    retention,
    views,
)
from ltvtui.cli.group import main

__all__ = [
    "budget",
    "cache",
    "check",
    "cohorts",
    "compare",
    "completion",
    "config",
    "demo",
    "drivers",
    "export",
    "feed",
    "forecast",
    "import_files",
    "leads",
    "main",
    "migration",
    "names",
    "notes",
    "open_shop",
    "plan",
    "portrait",
    "report",
    "retention",
    "views",
]
