"""ltvtui: customer lifetime value, value tiers and the people behind them, in a terminal."""

__version__ = "0.1.0"
