"""Rows to clean orders, with an account of everything that was left out or changed (metrics.md §1)."""
