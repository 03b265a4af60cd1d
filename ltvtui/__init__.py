"""ltvtui: customer lifetime value, value tiers and the people behind them, in a terminal."""

import os

__version__ = "0.1.0"

# Small matrices gain nothing from threads of numpy's own, which wait for each other while Polars computes: on a busy
# machine a forecast took ten times as long. It has to be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
