"""Reduces a shop by SQL where it lies: activity, people and the account of cleaning come back (metrics.md §1)."""
