"""ltvtui: customer lifetime value, value tiers and the people behind them, in a terminal."""

import os

__version__ = "0.1.0"

# Small matrices gain nothing from threads of numpy's own, which wait for each other while Polars computes: on a busy
# machine a forecast took ten times as long. It has to be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Polars takes memory from four arenas a core, each with room of its own that is empty for the moment: half an arena a
# core needs a tenth less, and a third less of the time in which the system finds it. Said before Polars is loaded.
os.environ.setdefault("_RJEM_MALLOC_CONF", f"narenas:{max((os.cpu_count() or 2) // 2, 1)}")
